"""The buyer's addresses."""

from django.urls import path

from orders import views

app_name = "orders"
urlpatterns = [
    path("", views.order_list, name="list"),
    path("<number:number>/", views.order_detail, name="detail"),
    path("<number:number>/cancel/", views.order_cancel, name="cancel"),
    path("<number:number>/withdraw/<int:asked>/", views.request_withdraw, name="withdraw"),
    path("<number:number>/contest/<int:cancellation>/", views.reason_contest, name="contest"),
    path("<number:number>/feedback/<int:cancellation>/", views.explanation_vote, name="feedback"),
    path("<number:number>/receipt/", views.receipt, name="receipt"),
]
