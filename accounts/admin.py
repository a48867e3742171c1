"""People, as administrators look after them."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from allauth.usersessions.models import UserSession
from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.db.models.fields import BLANK_CHOICE_DASH
from django.forms import ModelForm
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts.claiming import has_proved_address
from accounts.models import User
from foundation.admin import save_changes
from foundation.forms import FitTexts

# allauth's own pages show secrets of second factors and sign-on; the page of the user shows what is needed of them.
for model in (Authenticator, EmailAddress, SocialAccount, SocialApp, SocialToken, UserSession):
    admin.site.unregister(model)
admin.site.unregister(Group)  # registered again below, by stricter rules

POWERS: list[Any] = ["is_staff", "is_superuser", "groups", "user_permissions"]


class AddUserForm(FitTexts, AdminUserCreationForm):
    """A new user, known by an e-mail address."""

    class Meta:
        model = User
        fields = ["email", "name"]


class ChangeUserForm(FitTexts, UserChangeForm):
    """A user, whose language is one that Candor speaks, or not chosen yet."""

    language = forms.ChoiceField(
        label=_("Language"), choices=lambda: [*BLANK_CHOICE_DASH, *settings.LANGUAGES], required=False
    )


class ClaimedFilter(admin.SimpleListFilter):
    """Who can sign in by a password, and who has never claimed the account."""

    title = _("claimed")
    parameter_name = "claimed"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Offer both."""
        return [("yes", _("Yes")), ("no", _("No: made by a feed"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Keep the chosen ones."""
        if self.value() == "yes":
            return queryset.claimed()
        return queryset.unclaimed() if self.value() == "no" else queryset


class SecondFactorInline(admin.StackedInline):
    """The second factors of a user: to be removed when one is lost, never to be read."""

    model = Authenticator
    verbose_name_plural = _("Second factors (remove them when the device is lost)")
    fields = ["type", "created_at", "last_used_at"]
    readonly_fields = ["type", "created_at", "last_used_at"]
    extra = 0

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse: only their owner sets one up."""
        return False


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    """Users: found by name, address or the marketplace's id."""

    list_display = ["__str__", "email", "external_id", "is_claimed", "is_staff", "is_active"]
    list_filter = [ClaimedFilter, "is_staff", "is_active"]
    search_fields = ["name", "email", "external_id"]
    ordering = ["-pk"]
    show_full_result_count = False
    form = ChangeUserForm
    add_form = AddUserForm
    add_fieldsets = [(None, {"fields": ["email", "name", "usable_password", "password1", "password2"]})]
    readonly_fields = ["address_is_proved", "set_password", "last_login", "joined_at"]
    fieldsets = [
        (None, {"fields": ["name", "email", "address_is_proved", "external_id", "language"]}),
        (_("Signing in"), {"fields": ["set_password", "is_active", "last_login", "joined_at"]}),
        (_("Administration"), {"fields": POWERS}),
    ]
    inlines = [SecondFactorInline]

    @admin.display(boolean=True, description=_("claimed"))
    def is_claimed(self, user: User) -> bool:
        """Tell whether the person has signed in, or could."""
        return user.is_claimed

    @admin.display(boolean=True, description=_("address is proved"))
    def address_is_proved(self, user: User) -> bool:
        """Tell whether the person has shown that they read its mail."""
        return has_proved_address(user)

    @admin.display(description=_("password"))
    def set_password(self, user: User) -> str:
        """Lead to the page that sets one; the hash is nobody's business."""
        words = _("Set another password") if user.is_claimed else _("Set a password")
        return format_html('<a href="{}">{}</a>', reverse("admin:auth_user_password_change", args=[user.pk]), words)

    def get_inlines(self, request: HttpRequest, obj: User | None) -> Any:
        """Leave second factors out of the page that adds a user."""
        return self.inlines if obj else []

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        """Let only superusers give powers."""
        return [*self.readonly_fields, *([] if request.user.is_superuser else POWERS)]

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        """Offer to set a password only to whoever may."""
        fieldsets = super().get_fieldsets(request, obj)
        return fieldsets if self.has_change_permission(request, obj) else _without("set_password", fieldsets)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Keep administrators' accounts out of other administrators' hands."""
        return super().has_change_permission(request, obj) and _may_touch(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Keep administrators' accounts out of other administrators' hands."""
        return super().has_delete_permission(request, obj) and _may_touch(request, obj)

    def save_model(self, request: HttpRequest, obj: User, form: ModelForm, change: bool) -> None:
        """Save, and forget the addresses that the person used before: they must not open the account any more."""
        if not change:
            super().save_model(request, obj, form, change)
            return
        save_changes(obj, form)
        if "email" in form.changed_data:
            EmailAddress.objects.filter(user=obj).exclude(email=obj.email or "").delete()


@admin.register(Group)
class GroupAdmin(DjangoGroupAdmin):
    """Groups: they give powers, which only superusers do; others may look them up."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Let superusers alone make one."""
        return bool(request.user.is_superuser)

    def has_change_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        """Let superusers alone say what its members may do."""
        return bool(request.user.is_superuser)

    def has_delete_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        """Let superusers alone take it away."""
        return bool(request.user.is_superuser)


def _may_touch(request: HttpRequest, user: User | None) -> bool:
    """Tell whether somebody may act on an account: an administrator's is a superuser's business, and their own.

    Whoever sets an administrator's password, changes the address or removes the second factor can become them.
    """
    if user is None or request.user.is_superuser or user.pk == request.user.pk:
        return True
    return not (user.is_staff or user.is_superuser)


def _without(field: str, fieldsets: Any) -> list[Any]:
    return [
        (title, {**options, "fields": [name for name in options["fields"] if name != field]})
        for title, options in fieldsets
    ]
