"""How long refunds take."""

from django import forms
from django.contrib import admin

from cancellations.models import RefundTime
from foundation.forms import FitNumbers


class RefundTimeForm(FitNumbers, forms.ModelForm):
    """A number of days within bounds."""


@admin.register(RefundTime)
class RefundTimeAdmin(admin.ModelAdmin):
    """Working days by payment method; what was promised before a change stays promised."""

    form = RefundTimeForm
    list_display = ["method", "working_days"]
