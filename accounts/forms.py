"""The forms of sign-in: allauth's, in our words."""

from typing import Any, ClassVar

from allauth.account import forms as account
from allauth.account.models import EmailAddress
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.core.validators import MaxLengthValidator
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

type ByField = dict[str, Any]  # texts, translated when they are shown

fits_the_column = MaxLengthValidator(254)  # allauth would cut a longer address in two

ADDRESS = _("E-mail address")
NEW_PASSWORD = _("12 characters or more. A few words in a row are easy to keep in mind.")


class InOurWords(forms.Form):
    """Labels and hints of our own, no placeholder (it repeats the label), and a new password typed once."""

    labels: ClassVar[ByField] = {}
    hints: ClassVar[ByField] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.fields.pop("password2", None)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = self.labels.get(name, field.label)
            field.help_text = self.hints.get(name, "")
            if isinstance(field, forms.EmailField):
                field.validators.append(fits_the_column)


class SignInForm(InOurWords, account.LoginForm):
    """Address and password."""

    labels: ClassVar[ByField] = {"login": ADDRESS}


class SignUpForm(InOurWords, account.SignupForm):
    """A new account."""

    labels: ClassVar[ByField] = {"email": ADDRESS}
    hints: ClassVar[ByField] = {
        "email": _("If you have ordered before, the address you ordered with: your orders are waiting there."),
        "password1": NEW_PASSWORD,
    }


class ResetPasswordForm(InOurWords, account.ResetPasswordForm):
    """Where to mail the link."""

    labels: ClassVar[ByField] = {"email": ADDRESS}


class NewPasswordForm(InOurWords, account.ResetPasswordKeyForm):
    """The password that a mailed link lets somebody choose."""

    labels: ClassVar[ByField] = {"password1": _("New password")}
    hints: ClassVar[ByField] = {"password1": NEW_PASSWORD}


class SetPasswordForm(InOurWords, account.SetPasswordForm):
    """The first password of somebody who signs in another way."""

    hints: ClassVar[ByField] = {"password1": NEW_PASSWORD}


class ChangePasswordForm(InOurWords, account.ChangePasswordForm):
    """The old password and the new one."""

    labels: ClassVar[ByField] = {"oldpassword": _("Current password"), "password1": _("New password")}
    hints: ClassVar[ByField] = {"password1": NEW_PASSWORD}


class ChangeAddressForm(InOurWords, account.AddEmailForm):
    """The address to change to."""

    labels: ClassVar[ByField] = {"email": _("New e-mail address")}

    def save(self, request: HttpRequest) -> EmailAddress:
        """Mail a link to the new address; one that was never proved is given up at once.

        allauth would leave the empty text in its place, which is no address, and the database refuses it.
        """
        if self.user.external_id and not EmailAddress.objects.get_verified(self.user):
            self.user.emailaddress_set.all().delete()
            self.user.email = None
            self.user.save(update_fields=["email"])
        address: EmailAddress = super().save(request)
        return address


class PasswordAgainForm(InOurWords, account.ReauthenticateForm):
    """The password, asked again before something important."""


class CodeForm(InOurWords, mfa.AuthenticateForm):
    """A code of the app, or a recovery code."""

    hints: ClassVar[ByField] = {"code": _("Six digits from your app, or one of your recovery codes.")}


class CodeAgainForm(InOurWords, mfa.ReauthenticateForm):
    """A code, asked again before something important."""

    hints = CodeForm.hints


class FirstCodeForm(InOurWords, ActivateTOTPForm):
    """The first code, which shows that the app has taken the key."""

    labels: ClassVar[ByField] = {"code": _("The six digits your app shows now")}


class AddPasskeyForm(InOurWords, AddWebAuthnForm):
    """A new passkey or security key."""

    labels: ClassVar[ByField] = {"name": _("Name"), "passwordless": _("Also sign in with it instead of a password")}
    hints: ClassVar[ByField] = {"name": _("So that you can tell your keys apart.")}


class RenamePasskeyForm(InOurWords, EditWebAuthnForm):
    """Another name for a key."""
