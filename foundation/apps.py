"""The foundation app."""

from django.apps import AppConfig


class FoundationConfig(AppConfig):
    """The foundation app."""

    name = "foundation"
