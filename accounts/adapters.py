"""How signing in meets buyers who already have orders: an unclaimed account is claimed, not made a second time."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import default_token_generator
from allauth.account.internal.flows.password_reset import request_password_reset
from allauth.account.models import EmailAddress
from allauth.account.utils import filter_users_by_email
from allauth.core import context
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.http import HttpRequest

from accounts.models import User


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up with the address of an unclaimed account mails the way to claim it."""

    def send_account_already_exists_mail(self, email: str) -> None:
        """Mail the claim link to an unclaimed account; remind everybody else that they have one."""
        unclaimed = [user for user in filter_users_by_email(email, is_active=True) if not user.has_usable_password()]
        if not unclaimed:
            super().send_account_already_exists_mail(email)
            return
        request_password_reset(context.request, email, unclaimed, default_token_generator)

    def send_password_reset_mail(self, user: User, email: str, ctx: dict[str, Any]) -> None:
        """Choose the words: somebody who never had a password claims the account, the others reset theirs."""
        template = "password_reset_key" if user.has_usable_password() else "claim"
        self.send_mail(f"account/email/{template}", email, ctx)


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """Single sign-on with the marketplace: the subject it vouches for is the buyer's external_id."""

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Claim the account that carries the subject, or an unclaimed one whose address the issuer has verified."""
        account = sociallogin.account
        if sociallogin.is_existing or request.user.is_authenticated or account.provider != "marketplace":
            return
        proved = [address.email.lower() for address in sociallogin.email_addresses if address.verified]
        user = (
            User.objects.filter(external_id=account.uid, is_active=True).first()
            or User.objects.filter(email__in=proved, external_id=None, is_active=True).first()
        )
        if user is None:
            return
        user.external_id = account.uid
        if user.email is None and proved and not User.objects.filter(email=proved[0]).exists():
            user.email = proved[0]
        user.save(update_fields=["external_id", "email"])
        if user.email in proved:
            EmailAddress.objects.update_or_create(
                user=user, email=user.email, defaults={"verified": True, "primary": True}
            )
        sociallogin.connect(request, user)

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> User:
        """Fill a new user from what the issuer says."""
        user: User = super().populate_user(request, sociallogin, data)
        user.external_id = sociallogin.account.uid
        user.email = (user.email or "").lower() or None
        user.name = data.get("name") or ""
        return user
