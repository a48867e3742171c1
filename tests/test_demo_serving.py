"""The demo, left open for days: silence approves there too."""

from pathlib import Path
from threading import Event as Signal

import pytest

from feeds.demo import serving
from tests.factories import CancellationRequestFactory
from tests.outages import database_fails


class Closed(Exception):
    """The demo is closed."""


@pytest.mark.django_db
def test_it_goes_on_letting_silence_approve_whatever_a_minute_brings(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = CancellationRequestFactory.create_batch(2, lapsed=True)
    slept: list[int] = []
    outage = database_fails()

    def sleep(seconds: int) -> None:
        slept.append(seconds)
        if len(slept) == 4:
            raise Closed
        if len(slept) == 2:
            outage.__enter__()
        if len(slept) == 3:
            outage.__exit__(None, None, None)
            asked.append(CancellationRequestFactory.create(lapsed=True))

    monkeypatch.setattr(serving, "sleep", sleep)
    with pytest.raises(Closed):
        serving.keep_sweeping()
    for request in asked:
        request.refresh_from_db()
    assert [request.state for request in asked] == ["approved_by_silence"] * 3
    assert slept == [60] * 4


def test_it_does_so_beside_the_worker_and_ends_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    swept = Signal()
    monkeypatch.setattr(serving, "keep_sweeping", swept.set)
    serving.post_worker_init(object())
    assert swept.wait(timeout=10)


def test_its_mails_lead_to_the_port_that_it_is_served_on() -> None:
    script = (Path(__file__).resolve().parents[1] / "bin/demo").read_text()
    assert script.index('export SITE_URL="http://127.0.0.1:$port"') < script.index("manage.py")
