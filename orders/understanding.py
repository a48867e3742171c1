"""An administrator says which reason an origin's words mean, and whatever they ended is corrected."""

from dataclasses import asdict
from functools import partial

from django.db import transaction

from accounts.models import User
from cancellations.curating import add_wording
from cancellations.mapping import ForeignWords, find_alias, hold_recording
from cancellations.models import Alias, Reason
from cancellations.wordings import SOURCE_LANGUAGE
from orders.tasks import correct_reasons


@transaction.atomic
def map_words(words: ForeignWords, *, reason: Reason, by: User) -> Alias:
    """Let an origin's words mean a reason, from the next document on and for what is recorded.

    Raise ValidationError where that source may not give it.
    """
    hold_recording()
    alias = find_alias(words) or Alias(origin=words.origin, source=words.source, text=words.key)
    alias.reason = reason
    return keep_alias(alias, by=by)


@transaction.atomic
def map_to_new_reason(words: ForeignWords, *, reason: Reason, texts: dict[str, str], by: User) -> Alias:
    """Make a reason, with its words in English, and let an origin's words mean it: all of it, or nothing.

    Raise ValidationError where a text cannot be shown, or that source may not give the reason.
    """
    hold_recording()
    reason.full_clean()
    reason.save(force_insert=True)
    add_wording(reason, language=SOURCE_LANGUAGE, by=by, **texts)
    return map_words(words, reason=reason, by=by)


@transaction.atomic
def keep_alias(alias: Alias, *, by: User) -> Alias:
    """Save an alias, new or changed; what it was about before is corrected too. Raise ValidationError."""
    hold_recording()
    before = Alias.objects.filter(pk=alias.pk).first()
    alias.full_clean()
    alias.save(force_update=not alias._state.adding)  # one that was deleted meanwhile does not come back
    for words in {words_of(one) for one in (before, alias) if one}:
        _correct_later(words, by)
    return alias


@transaction.atomic
def forget_alias(alias: Alias, *, by: User) -> None:
    """Delete an alias: what its words ended has no stated reason again, and shows the words."""
    hold_recording()
    words = words_of(alias)
    alias.delete()
    _correct_later(words, by)


def words_of(alias: Alias) -> ForeignWords:
    """Return what an alias is about."""
    return ForeignWords(alias.origin, alias.source, alias.text)


def _correct_later(words: ForeignWords, by: User) -> None:
    """Correct once the new meaning is committed, and recorded by; what fails is left to apply_aliases."""
    transaction.on_commit(partial(correct_reasons.enqueue, **asdict(words), by=by.pk), robust=True)
