"""An administrator has looked into a conflict with the origin, and says how it ended."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cancellations.terms import Source
from orders.happenings import record_event
from orders.models import Conflict, Event, Order
from orders.notes import needed_note
from orders.refusals import AlreadyDecided


@transaction.atomic
def settle_conflict(conflict: Conflict, *, by: User, answer: str) -> Conflict:
    """Settle what the origin has said against a cancellation, with a sentence that the buyer and the seller read.

    The cancellation stays. Raise AlreadyDecided if somebody was quicker, UnfitNote.
    """
    order = Order.objects.select_for_update().get(pk=conflict.order_id)  # lock first, look second
    open_ones = Conflict.objects.filter(cancellation=conflict.cancellation_id, settled_at=None)
    answer, now = needed_note(answer), timezone.now()
    if not open_ones.filter(pk=conflict.pk).exists():
        raise AlreadyDecided(_("This conflict was settled already."))
    open_ones.update(answer=answer, settled_at=now, settled_by=by)  # sent and delivered are one matter
    facts = {"conflict": conflict.pk, "cancellation": conflict.cancellation_id}
    record_event(order, Event.Kind.CONFLICT_SETTLED, actor=Source.SYSTEM, by=by, at=now, facts=facts)
    return Conflict.objects.get(pk=conflict.pk)
