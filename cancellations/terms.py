"""The words that both orders and cancellations are described with."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Source(models.TextChoices):
    """Who ended an order. Unknown where the origin does not say: never guessed."""

    BUYER = "buyer", _("buyer")
    SELLER = "seller", _("seller")
    SYSTEM = "system", _("system")
    UNKNOWN = "unknown", _("not known")


class Responsible(models.TextChoices):
    """Whose doing the reason is; another question than who ended the order."""

    BUYER = "buyer", _("buyer")
    SELLER = "seller", _("seller")
    CARRIER = "carrier", _("carrier")
    PAYMENT_PROVIDER = "payment_provider", _("payment provider")
    MARKETPLACE = "marketplace", _("marketplace")
    NOBODY = "nobody", _("nobody")
    UNKNOWN = "unknown", _("not known")


class Instead(models.TextChoices):
    """What would solve the buyer's problem without cancelling."""

    CHANGE_ADDRESS = "change_address", _("change the address")
    CHANGE_ITEMS = "change_items", _("change the items")
    CHANGE_PAYMENT = "change_payment", _("change the payment")
    CONTACT_SELLER = "contact_seller", _("ask the seller")
    NONE = "none", _("nothing")


class PaymentMethod(models.TextChoices):
    """How an order is paid."""

    CARD = "card", _("card")
    WALLET = "wallet", _("wallet")
    BANK_TRANSFER = "bank_transfer", _("bank transfer")
    PAY_LATER = "pay_later", _("pay later")
    CASH_ON_DELIVERY = "cash_on_delivery", _("cash on delivery")
    OTHER = "other", _("another way")
    UNKNOWN = "unknown", _("not stated")
