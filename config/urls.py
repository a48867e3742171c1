"""Addresses."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

import feeds.urls
import insights.urls
from foundation.health import healthz, readyz
from insights.views import reason_quality
from orders.admin.previewing import new_wording_preview, wording_preview
from orders.views import home, notifications

urlpatterns = [
    path("", home, name="home"),
    path("orders/", include("orders.urls")),
    path("selling/orders/", include("orders.urls_selling")),
    path("selling/", include(insights.urls.selling)),
    path("insights/", include(insights.urls.buying)),
    path("accounts/notifications/", notifications, name="notifications"),
    path("accounts/", include("accounts.urls")),
    path(
        "admin/cancellations/reason/<int:reason_id>/preview/",
        admin.site.admin_view(wording_preview),
        name="wording-preview",
    ),
    path("admin/cancellations/reason/preview/", admin.site.admin_view(new_wording_preview), name="new-wording-preview"),
    path("admin/insights/reason-quality/", admin.site.admin_view(reason_quality), name="reason-quality"),
    path("admin/", admin.site.urls),
    path("api/v1/", feeds.urls.signed),
    path("healthz", healthz),
    path("readyz", readyz),
]

if settings.IS_DEMO:
    from feeds.demo.shop import shop

    urlpatterns.append(path("demo/shop/", shop))

handler500 = "foundation.errors.server_error"
