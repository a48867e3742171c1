"""Which second factors an account has, and whether this session has shown one of them."""

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.mfa.models import Authenticator
from allauth.usersessions.internal.flows.sessions import end_other_sessions
from django.http import HttpRequest

from accounts.models import User

KINDS = {Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN}  # recovery codes alone are none


def has_second_factor(request: HttpRequest) -> bool:
    """Tell whether whoever is signed in has one."""
    return not KINDS.isdisjoint(_factors(request).values())


def has_shown_second_factor(request: HttpRequest) -> bool:
    """Tell whether this session has shown one that the account still has, by a recovery code too."""
    records = get_authentication_records(request, request.user)
    shown = {record.get("id") for record in records if record["method"] == "mfa"}
    return has_second_factor(request) and not shown.isdisjoint(_factors(request))


def begin_with(request: HttpRequest, user: User, factor: Authenticator) -> None:
    """Count a factor that was just set up as shown here, and end the sessions that have not shown it."""
    record_authentication(request, user, "mfa", id=factor.pk, type=factor.type)
    end_other_sessions(request, user)


def _factors(request: HttpRequest) -> dict[int, str]:
    """Return the kinds of what the account has, by key; asked many times a request, read once."""
    if not hasattr(request, "_factors"):
        rows = Authenticator.objects.filter(user_id=request.user.pk).values_list("pk", "type")
        request._factors = dict(rows)  # type: ignore[attr-defined]
    return request._factors  # type: ignore[attr-defined, no-any-return]
