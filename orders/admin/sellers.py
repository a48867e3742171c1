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
from foundation.forms import FitNumbers, FitTexts
from foundation.text import one_line
from orders.models import Seller
from orders.recording.sellers import new_seller


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


class SellerForm(FitTexts, FitNumbers, forms.ModelForm):
    """A seller."""

    members = MembersField(
        label=_("Members"),
        required=False,
        help_text=_("Who may act for the seller: one e-mail address, or the marketplace's id, in a line."),
    )

    class Meta:
        model = Seller
        fields = ["name", "slug", "members", "rating", "rating_count"]
        help_texts = {"name": _("Feeds know the seller by this name: once saved, it stays as it is.")}

    def clean_name(self) -> str:
        """Bring it into the form in which documents name sellers, and refuse one that is there."""
        name = one_line(self.cleaned_data["name"])
        if Seller.objects.filter(name=name).exists():
            raise ValidationError(_("There is a seller of this name already."))
        return name


@admin.register(Seller)
class SellerAdmin(KeepsWhatIsUsed):
    """Sellers. One with orders stays, and every one keeps the name and the slug by which feeds know it."""

    form = SellerForm
    list_display = ["name", "slug", "rating", "rating_count"]
    search_fields = ["name", "slug"]
    show_full_result_count = False

    def get_fields(self, request: HttpRequest, obj: Seller | None = None) -> Any:
        """Show the slug once there is one."""
        return [name for name in SellerForm.Meta.fields if obj or name != "slug"]

    def get_readonly_fields(self, request: HttpRequest, obj: Seller | None = None) -> list[str]:
        """Keep the names: under others, the next message would make a second seller. Leave the rating to the feeds.

        The page may be older than what they said last.
        """
        return ["name", "slug", "rating", "rating_count"] if obj else []

    def save_model(self, request: HttpRequest, obj: Seller, form: forms.ModelForm, change: bool) -> None:
        """Give a new seller the slug that a document would have given it."""
        if not change:
            obj.slug = new_seller(obj.name).slug
        super().save_model(request, obj, form, change)
