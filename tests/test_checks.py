"""What keeps Candor from being put up."""

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings


@pytest.mark.parametrize("name", ["*", ".candor.example"])
def test_production_refuses_names_that_anybody_may_add_to(settings: Settings, name: str) -> None:
    settings.ALLOWED_HOSTS = ["candor.example", name]
    call_command("check", tags=["security"])
    settings.IS_PRODUCTION = True
    with pytest.raises(CommandError, match=r"accounts\.E001\) ALLOWED_HOSTS contains "):
        call_command("check", tags=["security"])


def test_production_takes_names_in_full(settings: Settings) -> None:
    settings.ALLOWED_HOSTS, settings.IS_PRODUCTION = ["candor.example", "www.candor.example"], True
    call_command("check", tags=["security"])
