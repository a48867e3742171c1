"""Whether a card explained what happened."""

from django.utils import timezone

from accounts.models import User
from cancellations.models import Cancellation, Feedback


def give_feedback(cancellation: Cancellation, *, by: User, is_helpful: bool) -> Feedback:
    """Record a buyer's one vote on a cancellation; a later vote takes the place of the earlier one."""
    vote, _created = Feedback.objects.update_or_create(
        cancellation=cancellation, given_by=by, defaults={"is_helpful": is_helpful, "given_at": timezone.now()}
    )
    return vote
