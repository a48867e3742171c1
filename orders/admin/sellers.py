"""Sellers, and who acts for them."""

from django.contrib import admin

from foundation.admin import KeepsWhatIsUsed
from orders.models import Seller


@admin.register(Seller)
class SellerAdmin(KeepsWhatIsUsed):
    """Sellers. One with orders stays."""

    list_display = ["name", "slug", "rating", "rating_count"]
    search_fields = ["name", "slug"]
    autocomplete_fields = ["members"]
    prepopulated_fields = {"slug": ["name"]}
    show_full_result_count = False
