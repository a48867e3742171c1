"""Problems that are over: the same sender's order was taken since, or the same file was refused alike again."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Least

from feeds.formats import Format, formats
from feeds.models import Feed, Problem, Refused, Run
from feeds.refusing import Refusal
from orders.recording import Outcome, What


def close_earlier(
    form: Format, answers: Sequence[Outcome | Refusal], *, feed: Feed | None, before: datetime, file_name: str = ""
) -> None:
    """Close what the same sender had refused, before then, of orders that have been taken now.

    So is what is refused alike again of a file of that name. An order that is stale, or was known like that, closes
    nothing: what was refused may be newer; but what a file of that name had wrong is over once the file says what is
    known. Whoever calls it has locked the orders; it waits for nobody: what is being tried again, or forgotten,
    stays.
    """
    taken, known = _numbers(answers, What.NEW, What.CHANGED), _numbers(answers, What.UNCHANGED) if file_name else set()
    again = {_told(refusal.number, *fault) for one in answers if (refusal := _refusal(one)) for fault in refusal.faults}
    is_taken = Q(number__in=_as_told(taken))
    of_file = Q(number__in={number for number, *_ in again} | _as_told(known), run__file_name=file_name)
    wanted = is_taken | of_file if file_name else is_taken
    earlier = Problem.objects.filter(_of_sender(form, feed), wanted, run__started_at__lt=before).select_related("run")
    over = []
    for one in earlier:
        is_of_file = one.run.file_name == file_name
        is_told_again = _told(one.number, one.row, one.field, one.sentence) in again
        if _is_of(taken, one) or (is_of_file and (is_told_again or _is_of(known, one))):
            over.append(one)
    if over:
        _close(over, taken | known)


def _numbers(answers: Sequence[Outcome | Refusal], *whats: What) -> set[str]:
    return {one.number for one in answers if isinstance(one, Outcome) and one.what in whats}


def _as_told(numbers: set[str]) -> set[str]:
    """Return the numbers as problems may name them."""
    return numbers | {f"#{number}" for number in numbers}


def _refusal(answer: Outcome | Refusal) -> Refusal | None:
    return answer if isinstance(answer, Refusal) else None


def _told(number: str, row: int, field: str, sentence: str) -> tuple[str, int, str, str]:
    return number, row, field[:100], sentence[:500]


def _is_of(taken: set[str], problem: Problem) -> bool:
    return problem.number.lstrip("#") in taken


def _of_sender(form: Format, feed: Feed | None) -> Q:
    alike = [name for name, other in formats().items() if other.origin == form.origin]
    return Q(run__feed=feed) if feed else Q(run__feed=None, run__format__in=alike)


def _close(over: Sequence[Problem], taken: set[str]) -> None:
    # Trying again locks the run first, and its orders then; here the orders are locked, so nothing may be waited for.
    runs = Run.objects.select_for_update(skip_locked=True).filter(pk__in={one.run_id for one in over}).order_by("pk")
    held = set(runs.values_list("pk", flat=True))
    over = [one for one in over if one.run_id in held]
    # Forgetting locks what is kept first, and lets go of its problems then.
    kept = {one.refused_id for one in over if one.refused_id}
    rows = Refused.objects.select_for_update(skip_locked=True).filter(pk__in=kept).order_by("pk")
    free = {None, *rows.values_list("pk", flat=True)}
    over = [one for one in over if one.refused_id in free]
    Problem.objects.filter(pk__in=[one.pk for one in over]).delete()
    Refused.objects.filter(pk__in={one.refused_id for one in over if one.refused_id}, problems=None).delete()
    orders = {(one.run_id, one.refused_id or one.number) for one in over if _is_of(taken, one)}
    if counts := Counter(run for run, _order in orders):
        more = Case(*(When(pk=run, then=Value(count)) for run, count in counts.items()))
        count = Least(F("taken_later_count") + more, F("refused_count"))
        Run.objects.filter(pk__in=counts).update(taken_later_count=count)
