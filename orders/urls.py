"""The buyer's addresses."""

from django.urls import path, register_converter

from orders import views


class OrderNumberConverter:
    """The number of an order."""

    regex = r"[A-Za-z0-9._-]{1,64}"

    def to_python(self, value: str) -> str:
        """Take the number as it stands."""
        return value

    def to_url(self, value: str) -> str:
        """Write the number as it stands."""
        return value


register_converter(OrderNumberConverter, "number")

app_name = "orders"
urlpatterns = [
    path("", views.order_list, name="list"),
    path("<number:number>/", views.order_detail, name="detail"),
]
