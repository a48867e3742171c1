"""The seller's addresses of an order."""

from django.urls import path

from orders.views import selling

app_name = "selling_orders"
urlpatterns = [
    path("<number:number>/", selling.selling_order, name="detail"),
    path("<number:number>/cancel/", selling.selling_cancel, name="cancel"),
    path("<number:number>/approve/<int:asked>/", selling.request_approve, name="approve"),
    path("<number:number>/decline/<int:asked>/", selling.request_decline, name="decline"),
]
