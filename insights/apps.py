"""What can be learnt from orders and their cancellations."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InsightsConfig(AppConfig):
    """The buyer's and the seller's insight, and the summary they read."""

    name = "insights"
    verbose_name = _("Insights")

    def ready(self) -> None:
        """Listen for people who sign in."""
        from insights import receivers  # noqa: F401, PLC0415  (connects itself; the models must be there)
