"""The addresses of insights: the buyer's and the seller's."""

from django.urls import path

from insights import views

buying = (
    [
        path("", views.buying, name="home"),
        path("<slug:key>.csv", views.buying_csv, name="csv"),
    ],
    "insights",
)
selling = (
    [
        path("", views.selling, name="home"),
        path("orders/", views.selling_orders, name="orders"),
        path("<slug:key>.csv", views.selling_csv, name="csv"),
    ],
    "selling",
)
