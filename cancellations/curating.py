"""What administrators do to the catalogue: add a wording, retire a reason, take it back into use."""

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from cancellations.codes import UNSTATED
from cancellations.models import Reason, Wording
from cancellations.wordings import forget


class CannotRetire(Exception):
    """The reason has to stay in use; the message says why."""


@transaction.atomic
def add_wording(reason: Reason, *, language: str, by: User | None, **texts: str) -> Wording:
    """Add the reason's next version, in one language. Raise ValidationError where a text cannot be shown."""
    Reason.objects.select_for_update().get(pk=reason.pk)  # two editors at once must not take the same number
    newest = reason.wordings.aggregate(newest=Max("version"))["newest"] or 0
    wording = Wording(reason=reason, version=newest + 1, language=language, created_by=by, **texts)
    wording.full_clean()
    wording.save(force_insert=True)
    transaction.on_commit(forget)
    return wording


def retire(reason: Reason) -> bool:
    """Let nobody give the reason any more; tell whether that is news. Raise CannotRetire for those that must stay."""
    if reason.code in UNSTATED:
        sentence = _(
            "The reason “{code}” stays in use: it is what is recorded where no reason is known, or none given."
        )
        raise CannotRetire(sentence.format(code=reason.code))
    return _set_retired_at(reason, retired=True)


def unretire(reason: Reason) -> bool:
    """Let the reason be given again; tell whether that is news."""
    return _set_retired_at(reason, retired=False)


def _set_retired_at(reason: Reason, *, retired: bool) -> bool:
    changing = Reason.objects.filter(pk=reason.pk, retired_at__isnull=retired)
    is_news = bool(changing.update(retired_at=timezone.now() if retired else None))
    transaction.on_commit(forget)
    return is_news
