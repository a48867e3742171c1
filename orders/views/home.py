"""The front door."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render


@login_not_required
def home(request: HttpRequest) -> HttpResponse:
    """Lead signed-in people to My Orders; tell everybody else what this is."""
    if request.user.is_authenticated:
        return redirect("orders:list")
    return render(request, "home.html")
