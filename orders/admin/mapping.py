"""The page on which some words get their meaning: a reason that is there, or a new one, in one step."""

import re
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cancellations.admin.reasons import ReasonForm
from cancellations.admin.wordings import PREFIX, WordingForm
from cancellations.aliases import alias_key
from cancellations.codes import CODE_FORM, NOT_STATED
from cancellations.mapping import ForeignWords, find_alias
from cancellations.models import Alias, Reason
from cancellations.placeholders import fill
from cancellations.terms import Source
from cancellations.unmapped import Group, find_group
from cancellations.wordings import SOURCE_LANGUAGE, newest_wording
from orders.admin.previewing import NEW_REASON
from orders.admin.unmapped import may_map, shown
from orders.understanding import map_to_new_reason, map_words

NEW = "new"
AS_THEY_ARE = gettext_lazy("They state no reason. Leave it at that: buyers go on reading the words themselves.")
MAPPED = gettext_lazy(
    "Mapped. The next import understands these words, and what was recorded with them is corrected, "
    "at once or within minutes."
)
A_NEW_ONE = gettext_lazy("None of these: make a new reason, below.")


class MeaningForm(forms.Form):
    """What the words mean: one of the reasons that their source may give."""

    meaning = forms.ChoiceField(label=gettext_lazy("These words mean"), widget=forms.RadioSelect)

    def __init__(self, source: str, *args: Any, can_add: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        reasons = list(Reason.objects.current().given_by(source))
        named = [(str(one.pk), _named(one)) for one in reasons if one.code != NOT_STATED]
        nothing = [(str(one.pk), AS_THEY_ARE) for one in reasons if one.code == NOT_STATED]
        new = [(NEW, A_NEW_ONE)] if can_add else []
        self.fields["meaning"].choices = [*named, *nothing, *new]  # type: ignore[attr-defined]


class Mapping:
    """The forms of the page, and what they say together."""

    def __init__(self, request: HttpRequest, group: Group) -> None:
        self.words, self.by = group.words, request.user
        sent = request.POST if request.method == "POST" else None
        alias = find_alias(self.words)
        self.can_add = request.user.has_perm("cancellations.add_reason")
        self.meaning = MeaningForm(
            self.words.source, sent, can_add=self.can_add, initial={"meaning": alias.reason_id if alias else None}
        )
        self.is_new = sent is not None and sent.get("meaning") == NEW
        self.reason = _kept(ReasonForm, sent, NEW_REASON, _reason_from(group), is_bound=self.is_new)
        self.wording = _kept(WordingForm, sent, PREFIX, _words_from(group), is_bound=self.is_new)

    def is_valid(self) -> bool:
        """Tell whether everything that is needed was said; each form shows what is wrong with it."""
        needed = [self.meaning, *([self.reason, self.wording] if self.is_new else [])]
        found = [form.is_valid() for form in needed]  # asked of all, so that all show what is wrong
        return all(found)

    def save(self) -> Alias | None:
        """Map the words; None where that was refused, which the form then shows."""
        try:
            return self._save()
        except ValidationError as error:
            self.meaning.add_error(None, ValidationError(error.messages))
            return None

    def _save(self) -> Alias:
        by: Any = self.by
        if not self.is_new:
            reason = Reason.objects.get(pk=self.meaning.cleaned_data["meaning"])
            return map_words(self.words, reason=reason, by=by)
        texts = self.wording.instance.texts
        return map_to_new_reason(self.words, reason=self.reason.instance, texts=texts, by=by)


def map_view(request: HttpRequest, *, log: Callable[..., object]) -> HttpResponse:
    """Show the words with their orders, and take their meaning."""
    may_map(request)
    asked = {name: request.GET.get(name, "") for name in ("origin", "source", "words")}
    group = find_group(ForeignWords(asked["origin"], asked["source"], alias_key(asked["words"])))
    if group is None:
        messages.info(request, _("Nothing waits with these words any more: somebody has mapped them."))
        return redirect("admin:unmapped-words")
    mapping = Mapping(request, group)
    if request.method == "POST" and mapping.is_valid() and (alias := mapping.save()):
        log(request, alias, _("Mapped from the queue."))
        messages.success(
            request,
            MAPPED,
        )
        return redirect("admin:unmapped-words")
    [row] = shown([group])
    context = {
        **admin.site.each_context(request),
        "title": _("Map words to a reason"),
        "opts": Alias._meta,
        "row": row,
        "mapping": mapping,
        "is_source_unknown": group.words.source == Source.UNKNOWN,
    }
    return render(request, "admin/orders/map_words.html", context)


def _named(reason: Reason) -> str:
    wording = newest_wording(reason.pk)
    return f"{fill(wording.headline, {})} ({reason.code})"


def _kept(form: Any, sent: Any, prefix: str, start: dict[str, Any], *, is_bound: bool) -> Any:
    """Make a form; where it is not asked for, it keeps what was written into it and finds no fault."""
    options = {"prefix": prefix, "use_required_attribute": False, "label_suffix": ""}
    if is_bound or sent is None:
        return form(sent, initial=start, **options) if is_bound else form(initial=start, **options)
    return form(initial={name: sent.get(f"{prefix}-{name}", "") for name in form.base_fields}, **options)


def _reason_from(group: Group) -> dict[str, Any]:
    code = slugify(group.raw).replace("-", "_")[:40]
    return {"code": code if re.fullmatch(CODE_FORM, code) else "", f"by_{group.words.source}": True}


def _words_from(group: Group) -> dict[str, Any]:
    return {"language": SOURCE_LANGUAGE, "label": group.raw[:40], "headline": group.raw[:120]}
