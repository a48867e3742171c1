"""Who is mailed about which events, and what of it a person may do without."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from cancellations.terms import Source
from orders.models import Event

Kind = Event.Kind


class MailChoice(TextChoices):
    """What people may do without. Every other mail is sent: its reader has to know, or to act."""

    REFUND_SENT = "refund_sent", _("A refund is on its way to you")
    REFUND_COMPLETED = "refund_completed", _("A refund is complete")
    ORDER_ENDED = "order_ended", _("A buyer or the system cancelled an order, or part of one")


# With the choice that mutes the mail, where there is one.
TO_BUYER: dict[str, MailChoice | None] = {
    Kind.CANCELLED: None,
    Kind.PART_CANCELLED: None,
    Kind.REQUEST_OPENED: None,
    Kind.REQUEST_APPROVED: None,
    Kind.REQUEST_DECLINED: None,
    Kind.REQUEST_LAPSED: None,
    Kind.REFUND_SENT: MailChoice.REFUND_SENT,
    Kind.REFUND_COMPLETED: MailChoice.REFUND_COMPLETED,
    Kind.REFUND_FAILED: None,
    Kind.CONTEST_UPHELD: None,
    Kind.CONTEST_REJECTED: None,
}
TO_SELLER: dict[str, MailChoice | None] = {
    Kind.REQUEST_OPENED: None,
    Kind.CANCELLED: MailChoice.ORDER_ENDED,
    Kind.PART_CANCELLED: MailChoice.ORDER_ENDED,
}
BUYERS_CHOICES = [choice for choice in TO_BUYER.values() if choice]
SELLERS_CHOICES = sorted({choice for choice in TO_SELLER.values() if choice})
ENDINGS = {Kind.CANCELLED, Kind.PART_CANCELLED}
REFUND_NEWS = {Kind.REFUND_SENT, Kind.REFUND_COMPLETED, Kind.REFUND_FAILED}
# Sellers know what they did themselves; where the origin does not say who it was, it may have been they.
NOT_THE_SELLER = {Source.BUYER, Source.SYSTEM}
