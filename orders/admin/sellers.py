"""Sellers, and who acts for them."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from foundation.admin import KeepsWhatIsUsed
from orders.models import Seller


class MembersField(forms.CharField):
    """Users, by address or by the marketplace's id; a list of every user to choose from would be too long."""

    widget = forms.Textarea(attrs={"rows": 4, "cols": 50, "spellcheck": "false"})
    default_error_messages = {"unknown": _("Nobody is known by this: %(handles)s.")}

    def prepare_value(self, value: Any) -> Any:
        """Write users as what they are known by, one in a line."""
        return "\n".join(user.email or user.external_id for user in value) if isinstance(value, list) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare what is written with what is written."""
        return super().has_changed(self.prepare_value(initial or []), data)

    def clean(self, value: Any) -> list[User]:
        """Find the users, or say what nobody is known by."""
        handles = {line.strip() for line in super().clean(value).splitlines() if line.strip()}
        users = list(User.objects.filter(Q(email__in=map(str.lower, handles)) | Q(external_id__in=handles)))
        known = {user.email for user in users} | {user.external_id for user in users}
        if unknown := sorted(handle for handle in handles if not known & {handle, handle.lower()}):
            params = {"handles": ", ".join(unknown)}
            raise ValidationError(self.error_messages["unknown"], code="unknown", params=params)
        return users


class SellerForm(forms.ModelForm):
    """A seller."""

    members = MembersField(
        label=_("Members"),
        required=False,
        help_text=_("Who may act for the seller: one e-mail address, or the marketplace's id, in a line."),
    )

    class Meta:
        model = Seller
        fields = ["name", "slug", "members", "rating", "rating_count"]


@admin.register(Seller)
class SellerAdmin(KeepsWhatIsUsed):
    """Sellers. One with orders stays."""

    form = SellerForm
    list_display = ["name", "slug", "rating", "rating_count"]
    search_fields = ["name", "slug"]
    prepopulated_fields = {"slug": ["name"]}
    show_full_result_count = False

    def get_readonly_fields(self, request: HttpRequest, obj: Seller | None = None) -> list[str]:
        """Leave the rating of a seller there is to the feeds: this page may be older than what they said last."""
        return ["rating", "rating_count"] if obj else []
