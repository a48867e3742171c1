"""The accounts app, and the admin with a site of our own."""

from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """The accounts app."""

    name = "accounts"
    verbose_name = _("Accounts")
    default = True

    def ready(self) -> None:
        """Listen to what allauth says, and look at the settings."""
        from accounts import checks, receivers  # noqa: F401, PLC0415  (registers them)


class CandorAdminConfig(admin_apps.AdminConfig):
    """Django's admin, behind a second factor."""

    default_site = "accounts.admin_site.CandorAdminSite"
    default = False
