"""What tests of sign-in do again and again: read a mail's link, show a code, prove once more who asks."""

import re
import time
from typing import Any

from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from cryptography.hazmat.primitives.asymmetric import ec
from django.core.mail import EmailMessage
from django.test import Client
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

from tests.factories import PASSWORD

FLAGS = AuthenticatorData.FLAG.USER_PRESENT | AuthenticatorData.FLAG.USER_VERIFIED | AuthenticatorData.FLAG.ATTESTED
NEW_PASSWORD = "seven quiet blue herons"
SECRET = "JBSWY3DPEHPK3PXP"  # of the administrator in the cast, too
LONG_ENOUGH_TO_TYPE = 5  # seconds: a code is taken as long as the app shows it, and no longer


def link_in(mail: EmailMessage) -> str:
    """Return the path of the first link in the mail; the last one, below the line, is Candor's own address."""
    found = re.search(r"https?://[^/\s]+(/\S+)", str(mail.body))
    assert found, mail.body
    return found[1]


def code_of(secret: str) -> str:
    """Return the code that an authenticator app shows now; one that is about to change is waited out."""
    left = app_settings.TOTP_PERIOD - time.time() % app_settings.TOTP_PERIOD
    if left < LONG_ENOUGH_TO_TYPE:
        time.sleep(left + 0.1)
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def reset_password(client: Client, link: str) -> Any:
    """Open a mailed link and choose the new password."""
    form = client.get(link, follow=True)
    return client.post(form.request["PATH_INFO"], {"password1": NEW_PASSWORD}, follow=True)


def open_again(client: Client, address: str) -> Any:
    """Open a page that first asks whether it is still you."""
    asked = client.get(address, follow=True).redirect_chain[-1][0]
    return client.post(asked, {"password": PASSWORD}, follow=True)


def show_factor(client: Client, factor: Authenticator) -> None:
    """Note in the session what allauth notes when somebody shows their second factor."""
    session = client.session
    shown = {"method": "mfa", "at": time.time(), "id": factor.pk, "type": factor.type}
    session["account_authentication_methods"] = [*session.get("account_authentication_methods", []), shown]
    session["account_authentication_methods_user"] = str(factor.user_id)
    session.save()


def passkey() -> dict[str, Any]:
    """Return what a browser sends when it registers a passkey."""
    key = ES256.from_cryptography_key(ec.derive_private_key(1, ec.SECP256R1()).public_key())
    data = AttestedCredentialData.create(Aaguid.NONE, b"phone", key)
    attestation = AttestationObject.create("none", AuthenticatorData.create(bytes(32), FLAGS, 0, data), {})
    client_data = CollectedClientData.create("webauthn.create", b"challenge", "http://testserver")
    response = {"clientDataJSON": websafe_encode(client_data), "attestationObject": websafe_encode(attestation)}
    proved = {"credProps": {"rk": True}}
    name = websafe_encode(b"phone")
    return {"id": name, "rawId": name, "type": "public-key", "response": response, "clientExtensionResults": proved}
