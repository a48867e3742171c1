"""The client in the documentation: the very lines that are printed there, run against a server with the demo's feed."""

import runpy
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from pytest_django.live_server_helper import LiveServer

from cancellations.models import Reason
from cancellations.terms import Source
from feeds.demo import crowd
from feeds.demo.people import BUYER
from orders.cancelling import cancel_order
from orders.models import Order
from tests.settling import wait_until_settled

pytestmark = pytest.mark.django_db(transaction=True)


def client_in_the_documentation() -> str:
    text = (settings.BASE_DIR / "docs" / "feeds.md").read_text()
    return text.partition("## The API")[2].partition("```python\n")[2].partition("```")[0]


@pytest.fixture
def script(tmp_path: Path, live_server: LiveServer, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(crowd, "CROWD_ORDERS", 0)
    monkeypatch.setattr(crowd, "OFFICE_ORDERS", 0)
    call_command("load_demo")
    file = tmp_path / "client.py"
    file.write_text(client_in_the_documentation())
    monkeypatch.setattr(sys, "argv", [str(file), live_server.url])
    return file


def test_it_sends_an_order_and_reads_what_was_decided(script: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wait_until_settled()
    runpy.run_path(str(script), run_name="__main__")
    said = capsys.readouterr().out
    sent = Order.objects.get(number__startswith="API-")
    assert sent.buyer
    assert sent.buyer.external_id == BUYER.external_id
    assert f"'{sent.number}', 'outcome': 'applied'" in said
    assert "5999-1975 request_opened by buyer" in said
    assert "5981-1573 contest_upheld by system" in said

    cancel_order(sent, source=Source.BUYER, reason=Reason.objects.get(code="changed_mind"))
    wait_until_settled()
    runpy.run_path(str(script), run_name="__main__")
    assert f"{sent.number} cancelled by buyer" in capsys.readouterr().out


def test_it_is_short() -> None:
    assert sum(bool(line.strip()) for line in client_in_the_documentation().splitlines()) <= 30
