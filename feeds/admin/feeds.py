"""Feeds in the admin: made, described, and given another secret, which is shown once."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Model, OuterRef, QuerySet, Subquery, Value
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from feeds.admin.secrets import drop_view, rotate_view, show_secret
from feeds.connecting import connect_feed
from feeds.json_formats import json_formats
from feeds.models import Delivery, Feed
from foundation.admin import MOST_COUNTED, HidesColumns, KeepsWhatIsUsed, capped
from foundation.counting import CountOf
from foundation.forms import FitTexts
from foundation.moments import moment, plain_day
from orders.models import Order


class FeedForm(FitTexts, forms.ModelForm):
    """A feed, without its secrets."""

    class Meta:
        model = Feed
        fields = ["slug", "name", "format", "seller_name", "currency", "time_zone", "is_active"]
        error_messages = {"slug": {"invalid": _("Use 1 to 40 lower-case letters, digits and hyphens.")}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "format" in self.fields:  # somebody who may only read the page gets no fields
            known = [(name, name) for name in json_formats()]
            self.fields["format"].widget = forms.Select(choices=[("", _("any of them")), *known])


@admin.register(Feed)
class FeedAdmin(HidesColumns, KeepsWhatIsUsed):
    """Feeds. One that has sent anything stays; it can be made inactive."""

    form = FeedForm
    hidden = frozenset({"secret", "previous_secret"})
    list_display = ["name", "slug", "sends", "state", "received_last", "received"]
    search_fields = ["name", "slug"]
    show_full_result_count = False
    prepopulated_fields = {"slug": ["name"]}
    fieldsets = [
        (None, {"fields": ["name", "slug", "is_active"]}),
        (
            _("What it sends"),
            {
                "fields": ["format", "seller_name", "currency", "time_zone"],
                "description": _("What its orders do not say themselves is taken from here."),
            },
        ),
    ]
    NOW = (_("As it stands"), {"fields": ["state", "received_last", "received", "created_at"]})

    def get_queryset(self, request: HttpRequest) -> QuerySet[Feed]:
        """Read what the pages show beside the feed itself, in the same statement."""
        its_own = Delivery.objects.filter(feed=OuterRef("pk"))
        newest = its_own.order_by("-received_at").values("received_at")[:1]
        counted = its_own.order_by().values(one=Value(1))[: MOST_COUNTED + 1]
        feeds: QuerySet[Feed] = super().get_queryset(request)
        return feeds.annotate(received_at=Subquery(newest), deliveries_count=CountOf(counted))

    def get_fieldsets(self, request: HttpRequest, obj: Feed | None = None) -> Any:
        """Show how a feed stands once there is one."""
        return [*self.fieldsets, self.NOW] if obj else self.fieldsets

    def get_readonly_fields(self, request: HttpRequest, obj: Feed | None = None) -> list[str]:
        """Keep the name in addresses once it is saved."""
        return ["slug", *self.NOW[1]["fields"]] if obj else []

    def get_prepopulated_fields(self, request: HttpRequest, obj: Feed | None = None) -> Any:
        """Suggest a name in addresses while there is none."""
        return {} if obj else self.prepopulated_fields

    @admin.display(description=_("format"), ordering="format")
    def sends(self, feed: Feed) -> str:
        """Name what it sends."""
        return feed.format or str(_("any"))

    @admin.display(description=_("state"))
    def state(self, feed: Feed) -> str:
        """Say how the feed stands."""
        return state_of(feed)

    @admin.display(description=_("last message"))
    def received_last(self, feed: Feed) -> Any:
        """Say when the last message came, of those that are remembered."""
        at = feed.received_at  # type: ignore[attr-defined]
        return moment(at) if at else _("none in the last thirty days")

    @admin.display(description=_("messages in thirty days"))
    def received(self, feed: Feed) -> str:
        """Count the messages that are remembered, and lead to them."""
        address = reverse("admin:feeds_delivery_changelist", query={"feed__id__exact": feed.pk})
        return format_html('<a href="{}">{}</a>', address, capped(feed.deliveries_count))  # type: ignore[attr-defined]

    def what_uses(self, obj: Model) -> dict[str, int]:
        """Count its orders too, which name it without a key."""
        orders = Order.objects.filter(origin=obj.slug)[: MOST_COUNTED + 1].count()  # type: ignore[attr-defined]
        return super().what_uses(obj) | ({str(Order._meta.verbose_name_plural): orders} if orders else {})

    def refusal(self, obj: Model, uses: dict[str, int]) -> str:
        """Say what to do instead, too."""
        advice = _("Make it inactive instead: what it sends is refused then.")
        return f"{super().refusal(obj, uses)} {advice}"

    def get_urls(self) -> list[URLPattern]:
        """Add the two acts on secrets."""
        own = [
            path("<int:feed_id>/rotate/", self._view(rotate_view), name="feed-rotate"),
            path("<int:feed_id>/end-previous/", self._view(drop_view), name="feed-end-previous"),
        ]
        return [*own, *super().get_urls()]

    def _view(self, view: Any) -> Any:
        return self.admin_site.admin_view(lambda request, feed_id: view(self, request, feed_id))

    def save_model(self, request: HttpRequest, obj: Feed, form: Any, change: bool) -> None:
        """Give a new feed its secret."""
        if change:
            super().save_model(request, obj, form, change)
            return
        made = connect_feed(**form.cleaned_data)
        obj.pk, obj.secret, obj._state.adding = made.pk, made.secret, False

    def response_add(self, request: HttpRequest, obj: Feed, post_url_continue: str | None = None) -> HttpResponse:
        """Show the secret in this answer, and nowhere else: a message or a session would keep it."""
        messages.success(request, _("The feed “%(name)s” is connected.") % {"name": obj})
        return show_secret(self, request, obj)


def state_of(feed: Feed) -> str:
    """Say in words how a feed stands."""
    if not feed.is_active:
        return str(_("Inactive: what it sends is refused."))
    if feed.previous_secret and feed.rotated_at:
        said = _("Active. Two secrets are valid, since the change on %(day)s.")
        return str(said) % {"day": plain_day(feed.rotated_at.date())}
    return str(_("Active."))
