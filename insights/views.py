"""The pages of insights."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.requests import SignedInRequest
from cancellations.models import Reason
from insights.freshness import fresh_figures
from insights.pages.buying import PERIODS, BuyerInsight
from insights.pages.listing import SellerListing
from insights.pages.quality import QualityReport
from insights.pages.selling import DAYS, SellerInsight
from insights.tables import Table, as_csv
from orders.admin.unmapped import can_map
from orders.models import Seller


def buying(request: SignedInRequest) -> HttpResponse:
    """Show what the reader's own cancellations tell."""
    insight = _buyer_insight(request)
    return render(request, "insights/buying.html", {"insight": insight, "periods": PERIODS, "section": "insights"})


def buying_csv(request: SignedInRequest, key: str) -> HttpResponse:
    """Download one of the reader's tables."""
    return as_csv(_table(_buyer_insight(request).tables, key), name="insights")


def selling(request: SignedInRequest) -> HttpResponse:
    """Show what the orders of one of the reader's sellers tell."""
    sellers, seller = _chosen(request)
    freshness = fresh_figures()
    context = {
        "insight": SellerInsight(seller, days=_days(request)),
        "freshness": freshness,
        "seller": seller,
        "sellers": sellers,
        "windows": DAYS,
        "section": "selling",
    }
    return render(request, "insights/selling.html", context)


def selling_csv(request: SignedInRequest, key: str) -> HttpResponse:
    """Download one of the seller's tables."""
    _sellers, seller = _chosen(request)
    fresh_figures()
    insight = SellerInsight(seller, days=_days(request))
    return as_csv(_table(insight.tables, key), name=f"selling-{insight.days}-days")


def selling_orders(request: SignedInRequest) -> HttpResponse:
    """List a seller's orders, with the filters of My Orders."""
    sellers, seller = _chosen(request)
    listing = SellerListing(seller.orders.all(), request.GET, reader=request.user.pk)
    context = {"listing": listing, "seller": seller, "sellers": sellers, "section": "selling"}
    return render(request, "insights/selling_orders.html", context)


def reason_quality(request: HttpRequest) -> HttpResponse:
    """Show whoever may view reasons how well they are given, understood and received."""
    if not admin.site.get_model_admin(Reason).has_view_permission(request):
        raise PermissionDenied
    report = QualityReport(can_map=can_map(request.user))
    return render(request, "admin/insights/reason_quality.html", {"report": report})


def _buyer_insight(request: SignedInRequest) -> BuyerInsight:
    asked = request.GET.get("period", "")
    return BuyerInsight(request.user, period=asked if asked in PERIODS else "12m")


def _chosen(request: SignedInRequest) -> tuple[list[Seller], Seller]:
    """Return the reader's sellers and the one that is asked for, else the first. Raise Http404 for any other's."""
    mine: QuerySet[Seller] = request.user.sellers.all()
    asked = request.GET.get("seller", "")
    sellers = list(mine)
    chosen = [seller for seller in sellers if asked in {seller.slug, ""}]
    if not chosen:
        raise Http404
    request.session.setdefault("sells", True)
    return sellers, chosen[0]


def _days(request: HttpRequest) -> int:
    asked = request.GET.get("days", "")
    return int(asked) if asked in {str(days) for days in DAYS} else DAYS[-1]


def _table(tables: dict[str, Table], key: str) -> Table:
    if key not in tables:
        raise Http404
    return tables[key]
