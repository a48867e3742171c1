"""The cancellations app."""

from django.apps import AppConfig


class CancellationsConfig(AppConfig):
    """The cancellations app."""

    name = "cancellations"
