"""Which orders, as words that chain."""

from datetime import date, datetime, time, timedelta
from typing import Any, Self

from django.apps import apps
from django.db.models import (
    FETCH_RAISE,
    Count,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.utils import timezone

from cancellations.models import Cancellation, Contest, Feedback, Refund
from foundation.counting import CountOf
from foundation.rows import RowsOf
from orders.searching import matching

MOST_COUNTED = 100
MOST_FACETED = 1_000
CANCELLATION_COLUMNS = (
    "id",
    "source",
    "requested_by",
    "reason_id",
    "wording_version",
    "note",
    "note_by",
    "raw_reason",
    "origin",
    "cancelled_at",
    "was_charged",
)
REFUND_COLUMNS = (
    "id",
    "cancellation_id",
    "amount",
    "currency",
    "method",
    "state",
    "due_at",
    "expected_by",
    "sent_at",
    "completed_at",
    "failure",
)
LINE_COLUMNS = (
    "id",
    "position",
    "title",
    "variant",
    "quantity",
    "unit_price",
    "cancelled_quantity",
    "cancellation_id",
)
REQUEST_COLUMNS = (
    "id",
    "reason_id",
    "raw_reason",
    "note",
    "origin",
    "requested_at",
    "answer_by",
    "state",
    "decided_at",
    "decided_by_id",
    "decline_reason",
)
REQUESTED_COLUMNS = ("id", "request_id", "line_id", "quantity")
CONTEST_COLUMNS = ("id", "cancellation_id", "statement", "state", "answer", "raised_at", "decided_at")
EARLIER_COLUMNS = ("id", "line_id", "cancellation_id", "quantity")
VOTE_COLUMNS = ("id", "cancellation_id", "is_helpful")
CONFLICT_COLUMNS = ("id", "cancellation_id", "said", "said_at", "answer", "settled_at")
EVENT_COLUMNS = ("id", "kind", "occurred_at", "recorded_at", "actor", "facts")


class OrderQuerySet(QuerySet[Any]):
    """Orders."""

    def cancelled(self) -> Self:
        """Keep the orders that were cancelled as a whole."""
        return self.filter(status="cancelled")

    def with_status(self, status: str) -> Self:
        """Keep the orders in this state; the empty text keeps all."""
        return self.filter(status=status) if status else self

    def cancelled_by(self, source: str) -> Self:
        """Keep the orders that this source ended; the empty text keeps all."""
        return self.filter(status="cancelled", cancellation__source=source) if source else self

    def cancelled_for(self, reason_code: str) -> Self:
        """Keep the orders that were cancelled for this reason; the empty text keeps all."""
        return self.filter(status="cancelled", cancellation__reason__code=reason_code) if reason_code else self

    def between(self, since: date | None, until: date | None) -> Self:
        """Keep the orders placed on these days, both included, in the marketplace's zone."""
        found = self
        if since:
            found = found.filter(listed_at__gte=_midnight(since))
        if until:
            found = found.filter(listed_at__lt=_midnight(until + timedelta(days=1)))
        return found

    def searched(self, words: str) -> Self:
        """Keep the orders in whose number, items or seller every word occurs (orders/searching.py says how far)."""
        return matching(self, words) if words else self

    def newest_first(self) -> Self:
        """Sort by the date of the order, newest first."""
        return self.order_by("-listed_at", "-id")

    def oldest_first(self) -> Self:
        """Sort by the date of the order, oldest first."""
        return self.order_by("listed_at", "id")

    def older_than(self, at: datetime, pk: int) -> Self:
        """Keep what comes after this order, newest first; an index finds the place."""
        return self.filter(Q(listed_at__lte=at), Q(listed_at__lt=at) | Q(pk__lt=pk))

    def newer_than(self, at: datetime, pk: int) -> Self:
        """Keep what comes before this order, newest first; an index finds the place."""
        return self.filter(Q(listed_at__gte=at), Q(listed_at__gt=at) | Q(pk__gt=pk))

    def with_capped_counts(self) -> dict[str, CountOf]:
        """Count these orders, all and by status, each up to a hundred, as columns of another statement."""
        statuses = ["", *self.model.Status.values]
        return {f"count_{status or 'all'}": self.with_status(status)._capped() for status in statuses}

    def facets(self) -> QuerySet[Cancellation, Any]:
        """Count the newest thousand cancelled orders by who ended them and why."""
        newest = self.cancelled().newest_first().values("cancellation_id")[:MOST_FACETED]
        counted = Cancellation.objects.filter(pk__in=newest).order_by("source", "reason_id")
        facets: QuerySet[Cancellation, Any] = counted.values("source", "reason_id").annotate(orders=Count("pk"))
        return facets

    def for_cards(self) -> Self:
        """Read what the cards of a list show, and nothing else."""
        lines, requests = _rows_of_order("OrderLine"), _rows_of_order("CancellationRequest")
        return (
            self.select_related("seller", "cancellation")
            .fetch_mode(FETCH_RAISE)
            .annotate(
                title=Subquery(lines.order_by("position").values("title")[:1]),
                title_quantity=Subquery(lines.order_by("position").values("quantity")[:1]),
                quantity=_sum_of(lines, "quantity"),
                cancelled_quantity=_sum_of(lines, "cancelled_quantity"),
                part_rows=RowsOf(_part_cancellations().values(*CANCELLATION_COLUMNS)[:1]),
                refund_rows=RowsOf(_refunds_of_whole().values(*REFUND_COLUMNS)),
                part_refund_rows=RowsOf(_refunds_of_parts().values(*REFUND_COLUMNS)),
                request_rows=RowsOf(requests.order_by("-id").values(*REQUEST_COLUMNS)[:1]),
            )
        )

    def for_display(self) -> Self:
        """Read everything that the page of one order shows, in one statement."""
        lines, events = _rows_of_order("OrderLine"), _rows_of_order("Event")
        requests, conflicts = _rows_of_order("CancellationRequest"), _rows_of_order("Conflict")
        return (
            self.select_related("seller", "cancellation")
            .fetch_mode(FETCH_RAISE)
            .annotate(
                line_rows=RowsOf(lines.order_by("position").values(*LINE_COLUMNS)),
                part_rows=RowsOf(_part_cancellations().values(*CANCELLATION_COLUMNS)),
                refund_rows=RowsOf(_refunds_of_whole().values(*REFUND_COLUMNS)),
                part_refund_rows=RowsOf(_refunds_of_parts().values(*REFUND_COLUMNS)),
                request_rows=RowsOf(requests.order_by("-id").values(*REQUEST_COLUMNS)),
                requested_rows=RowsOf(_requested_lines().values(*REQUESTED_COLUMNS)),
                contest_rows=RowsOf(_about_cancellations(Contest).order_by("id").values(*CONTEST_COLUMNS)),
                vote_rows=RowsOf(_about_cancellations(Feedback, given_by=OuterRef("buyer")).values(*VOTE_COLUMNS)),
                earlier_rows=RowsOf(_earlier_parts(OuterRef("pk")).values(*EARLIER_COLUMNS)),
                conflict_rows=RowsOf(conflicts.order_by("id").values(*CONFLICT_COLUMNS)),
                event_rows=RowsOf(events.order_by("id").values(*EVENT_COLUMNS)),
            )
        )

    def _capped(self) -> CountOf:
        return CountOf(self.order_by().values(one=Value(1))[:MOST_COUNTED])


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _rows_of_order(model: str) -> Any:
    return apps.get_model("orders", model)._default_manager.filter(order=OuterRef("pk"))


def _requested_lines() -> Any:
    asked = apps.get_model("orders", "RequestedLine")._default_manager
    return asked.filter(request__order=OuterRef("pk")).order_by("line__position")


def _sum_of(lines: Any, field: str) -> Subquery:
    total = lines.order_by().values("order").annotate(total=Sum(field)).values("total")
    return Subquery(total, output_field=IntegerField())


def _earlier_parts(order: OuterRef) -> Any:
    return apps.get_model("orders", "EarlierPart")._default_manager.filter(line__order=order)


def _cancellations_of_parts(order: OuterRef) -> Any:
    """Select the ids of what took some lines of an order, earlier takings from the same line included."""
    latest = apps.get_model("orders", "OrderLine")._default_manager.filter(order=order).values("cancellation_id")
    return latest.union(_earlier_parts(order).values("cancellation_id"))


def _part_cancellations() -> QuerySet[Cancellation]:
    """Select the cancellations of some lines, other than the one that ended the whole order."""
    of_parts = Cancellation.objects.filter(pk__in=_cancellations_of_parts(OuterRef(OuterRef("pk"))))
    return of_parts.filter(order__isnull=True).order_by("-id")


def _about_cancellations(model: type[Contest | Feedback], **more: Any) -> Any:
    """Select what was said about the cancellation of an order, and about those of its parts."""
    order = OuterRef(OuterRef("pk"))
    whole = apps.get_model("orders", "Order")._default_manager.filter(pk=order).values("cancellation_id")
    return model._default_manager.filter(cancellation__in=_cancellations_of_parts(order).union(whole), **more)


def _refunds_of_whole() -> QuerySet[Refund]:
    return Refund.objects.filter(cancellation=OuterRef("cancellation_id")).order_by("id")


def _refunds_of_parts() -> QuerySet[Refund]:
    parts = Refund.objects.filter(cancellation__in=_cancellations_of_parts(OuterRef(OuterRef("pk"))))
    return parts.filter(cancellation__order__isnull=True).order_by("id")
