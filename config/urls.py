"""Addresses."""

from django.contrib import admin
from django.urls import include, path

from foundation.health import healthz, readyz
from orders.views import home

urlpatterns = [
    path("", home, name="home"),
    path("orders/", include("orders.urls")),
    path("accounts/", include("accounts.urls")),
    path("admin/", admin.site.urls),
    path("healthz", healthz),
    path("readyz", readyz),
]

handler500 = "foundation.errors.server_error"
