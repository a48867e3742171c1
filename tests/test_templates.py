"""What no template may hold: the policy of the pages would stop it, or should; or it is drawn in one place."""

import re
from pathlib import Path

import pytest
from django.conf import settings

TEMPLATES = sorted((settings.BASE_DIR / "templates").rglob("*.html"))
FORBIDDEN = {
    "an inline style": re.compile(r"<style\b|\sstyle\s*=", re.IGNORECASE),
    "an inline script": re.compile(r"<script\b(?![^>]*\bsrc=)[^>]*>", re.IGNORECASE),
    "a handler in the markup": re.compile(r"<[^>]*\son[a-z]+\s*=(?!=)", re.IGNORECASE),
    "an address that is a script": re.compile(r"javascript:", re.IGNORECASE),
    "something from elsewhere": re.compile(
        r"""<(?:script|link|img|iframe|use)\b[^>]*(?:src|href)=["']?(?:https?:)?//"""
    ),
    "an icon without its tag": re.compile(r"icons\.svg"),
    "text that is not escaped": re.compile(r"\|\s*safe\b(?!seq)|{%\s*autoescape\s+off"),
}
TRUSTED = {
    ("django/forms/field.html", "text that is not escaped"),  # Django's own help texts, which are markup
    ("mail/letter.html", "an inline style"),  # no policy of ours is sent with a mail, and no stylesheet
}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(settings.BASE_DIR / "templates")))
def test_a_template_holds_nothing_that_the_policy_stops(path: Path) -> None:
    name, text = str(path.relative_to(settings.BASE_DIR / "templates")), path.read_text()
    found = [what for what, pattern in FORBIDDEN.items() if pattern.search(text) and (name, what) not in TRUSTED]
    assert found == []


@pytest.mark.parametrize(
    ("markup", "what"),
    [
        ('<p style="color: red">', "an inline style"),
        ("<STYLE>", "an inline style"),
        ("<script>go()</script>", "an inline script"),
        ('<script type="module">go()</script>', "an inline script"),
        ('<a href="#" onclick="go()">', "a handler in the markup"),
        ('<a href="javascript:go()">', "an address that is a script"),
        ('<link rel="stylesheet" href="https://cdn.example/x.css">', "something from elsewhere"),
        ('<svg class="icon"><use href="{% static \'icons.svg\' %}#back"/></svg>', "an icon without its tag"),
        ("{{ order.note|safe }}", "text that is not escaped"),
    ],
)
def test_it_would_be_noticed(markup: str, what: str) -> None:
    assert FORBIDDEN[what].search(markup)


def test_a_script_of_our_own_is_no_inline_script() -> None:
    assert not FORBIDDEN["an inline script"].search("<script src=\"{% static 'js/passkeys.js' %}\" defer></script>")
