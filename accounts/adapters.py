"""How signing in meets buyers who already have orders: an unclaimed account is claimed, not made a second time."""

from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import default_token_generator
from allauth.account.internal.flows.password_reset import request_password_reset
from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.account.utils import filter_users_by_email
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.claiming import claim_account, owner_of
from accounts.models import User
from accounts.second_factor import KINDS
from foundation.tasks import send_message


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up with the address of an unclaimed account mails the way to claim it."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("This account is closed."),
        "duplicate_email": _("This is your address already."),
        "email_password_mismatch": _("The e-mail address or the password is not right."),
        "enter_current_password": _("This is not your current password."),
        "incorrect_code": _("This code is not right, or it has expired."),
        "incorrect_password": _("This password is not right."),
        "too_many_login_attempts": _("Too many wrong passwords. Try again in five minutes, or reset your password."),
        "rate_limited": _("Too many tries. Wait a minute and try again."),
    }

    def send_mail(self, template_prefix: str, email: str, said: dict[str, Any]) -> None:
        """Write the mail now, and leave it to a task: the answer must not tell whether, or how fast, it was sent."""
        known = {"request": self.request, "email": email, "site_url": settings.SITE_URL}
        message = self.render_mail(template_prefix, email, {**known, **said})
        send_message.enqueue(message.subject, message.body, email)

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Lead to our own site."""
        return _on_our_site(super().get_reset_password_from_key_url(key))

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: EmailConfirmation) -> str:
        """Lead to our own site."""
        return _on_our_site(super().get_email_confirmation_url(request, emailconfirmation))

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Count wrong passwords by address alone, not by the name and port that were asked for as well."""
        return str(credentials.get("email", "")).lower()

    def send_account_already_exists_mail(self, email: str) -> None:
        """Mail the claim link to an unclaimed account; remind everybody else that they have one."""
        unclaimed = [user for user in filter_users_by_email(email, is_active=True) if not user.has_usable_password()]
        if not unclaimed:
            reset = {"password_reset_url": _on_our_site(reverse("account_reset_password"))}
            self.send_mail("account/email/account_already_exists", email, reset)
            return
        request_password_reset(context.request, email, unclaimed, default_token_generator)

    def send_password_reset_mail(self, user: User, email: str, ctx: dict[str, Any]) -> None:
        """Choose the words: somebody who never had a password claims the account, the others reset theirs."""
        template = "password_reset_key" if user.has_usable_password() else "claim"
        self.send_mail(f"account/email/{template}", email, ctx)

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """Refuse an address that somebody else's account has, an unclaimed one too: the database would."""
        if not User.objects.filter(email=email_address.email).exclude(pk=email_address.user_id).exists():
            return bool(super().confirm_email(request, email_address))
        words = "account/messages/email_confirmation_failed.txt"
        self.add_message(request, messages.ERROR, words, {"email": email_address.email})
        return False

    def get_reauthentication_methods(self, user: User | AnonymousUser) -> list[dict[str, Any]]:
        """Of staff with a second factor the password is not enough: it would lead on to setting up another factor.

        Recovery codes alone are none: whoever has lost both device and codes sets a new one up by the password.
        """
        ways: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        if not (user.is_staff and is_mfa_enabled(user, KINDS)):
            return ways
        by_factor = [way for way in ways if way["id"] != "reauthenticate"]
        has_app = is_mfa_enabled(user, [Authenticator.Type.TOTP])
        return by_factor if has_app else by_factor[::-1]  # the key before the recovery codes that come with it

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Go back to the account page."""
        return reverse("account")


class SecondFactorAdapter(DefaultMFAAdapter):
    """The second factor in our words."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "add_email_blocked": _("Turn off your second factor first. Set it up again with the new address."),
        "incorrect_code": _("This code is not right, or it has expired."),
        "unverified_email": _("Confirm your e-mail address first."),
    }

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:  # noqa: A002
        """Propose a name for a new key."""
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return gettext("My passkey") if not count else gettext("Passkey %(number)s") % {"number": count + 1}

    def _get_site_name(self) -> str:
        return "Candor"


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """Single sign-on with the marketplace: the subject it vouches for is the buyer's external_id."""

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Open the account of the subject; an address that the issuer has not verified counts for nothing."""
        if sociallogin.state.get("process") == "connect":
            messages.info(request, _("Sign out, then sign in with your marketplace account: that connects it."))
            raise ImmediateHttpResponse(redirect("account"))
        if sociallogin.is_existing:
            return
        sociallogin.email_addresses = [address for address in sociallogin.email_addresses if address.verified]
        proved = [address.email.lower() for address in sociallogin.email_addresses]
        user = owner_of(sociallogin.account.uid, proved)
        if user is None:
            sociallogin.user.email = next(iter(proved), None)
            return
        if not user.is_active:
            raise ImmediateHttpResponse(redirect("account_inactive"))
        claim_account(user, subject=sociallogin.account.uid, proved=proved)
        sociallogin.connect(request, user)

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> User:
        """Fill a new user from what the issuer says, and keep nothing else of it."""
        sociallogin.account.extra_data = {}
        user: User = super().populate_user(request, sociallogin, data)
        user.external_id = sociallogin.account.uid
        user.email = (user.email or "").lower() or None
        user.name = data.get("name") or ""
        return user


def _on_our_site(url: str) -> str:
    return f"{settings.SITE_URL}{urlsplit(url).path}"
