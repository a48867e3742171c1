"""How long refunds take."""

from django.contrib import admin

from cancellations.models import RefundTime


@admin.register(RefundTime)
class RefundTimeAdmin(admin.ModelAdmin):
    """Working days by payment method; what was promised before a change stays promised."""

    list_display = ["method", "working_days"]
