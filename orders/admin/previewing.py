"""A wording as its buyer will read it, on the real why card of an order that does not exist."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import cached_property

from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import override

from cancellations import wordings
from cancellations.admin.reasons import ReasonForm
from cancellations.admin.wordings import PREFIX, WordingForm
from cancellations.codes import UNPAID
from cancellations.models import Cancellation, Reason, Refund, Wording
from cancellations.terms import PaymentMethod, Source
from orders.models import Order, Seller
from orders.pages.why import WhyCard, facts_of


@dataclass(frozen=True, kw_only=True)
class PreviewCard(WhyCard):
    """The card with a wording that need not be saved."""

    wording: Wording

    @cached_property
    def words(self) -> wordings.Texts:
        """The wording with the facts of the example put in."""
        return wordings.filled(self.wording, facts_of(self.order))

    @property
    def reason(self) -> Reason:
        """The reason that is being written about."""
        return self.ended.reason


NEW_REASON = "reason"


def new_wording_preview(request: HttpRequest) -> HttpResponse:
    """Show the words of a reason that is not made yet, from the form that was sent here."""
    if not request.user.has_perm("cancellations.add_reason"):
        raise PermissionDenied
    reason_form = ReasonForm(request.POST, prefix=NEW_REASON)
    errors = _errors(reason_form)
    form = WordingForm(request.POST, prefix=PREFIX, instance=Wording(reason=reason_form.instance))
    errors += _errors(form)
    return _shown(request, reason_form.instance, form.instance, errors)


def wording_preview(request: HttpRequest, reason_id: int) -> HttpResponse:
    """Show the words of the form that was sent here, or a version that is saved."""
    if not request.user.has_perm("cancellations.view_reason"):
        raise PermissionDenied
    reason = get_object_or_404(Reason, pk=reason_id)
    errors: list[tuple[str, str]] = []
    if request.method == "POST":
        form = WordingForm(request.POST, prefix=PREFIX, instance=Wording(reason=reason))
        errors = _errors(form)
        wording = form.instance
    else:
        wording = get_object_or_404(reason.wordings, version=_version(request))
    return _shown(request, reason, wording, errors)


def _shown(request: HttpRequest, reason: Reason, wording: Wording, errors: list[tuple[str, str]]) -> HttpResponse:
    context = {"reason": reason, "wording": wording, "errors": errors, "cards": [] if errors else _cards(wording)}
    with override(wording.language):
        return render(request, "admin/cancellations/reason/preview.html", context)


def _version(request: HttpRequest) -> int:
    asked = request.GET.get("version", "")
    return int(asked) if asked.isdecimal() and len(asked) < 8 else 0


def _errors(form: BaseForm) -> list[tuple[str, str]]:
    """Name each field that is wrong, with what is wrong about it."""
    labels = {field: str(form[field].label) for field in form.fields}
    return [(labels.get(field, ""), " ".join(map(str, said))) for field, said in form.errors.items()]


def _cards(wording: Wording) -> list[PreviewCard]:
    """Make one card, or two where the words name facts: with them and without."""
    cards = [_card(wording, facts_known=True), _card(wording, facts_known=False)]
    return cards if cards[0].words != cards[1].words else cards[:1]


def _card(wording: Wording, *, facts_known: bool) -> PreviewCard:
    now = timezone.now()
    seller = Seller(name="Minh Long Ceramics" if facts_known else "")
    order = Order(seller=seller, payment_method=PaymentMethod.CARD, payment_label="Visa ending 4242")
    if facts_known:
        order.carrier, order.ship_by = "J&T Express", now - timedelta(days=1)
    source = next(source for source in Source if wording.reason.may_be_given_by(source))
    ended = Cancellation(
        pk=int(facts_known), reason=wording.reason, source=source, requested_by=source, cancelled_at=now
    )
    return PreviewCard(order, ended, _refunds(ended), is_whole=True, wording=wording)


def _refunds(ended: Cancellation) -> tuple[Refund, ...]:
    """Promise money back, except where the reason says that none came in."""
    if ended.reason.code in UNPAID:
        return ()
    expected = timezone.localdate() + timedelta(days=7)
    return (Refund(cancellation=ended, amount=Decimal("120.00"), currency="EUR", expected_by=expected),)
