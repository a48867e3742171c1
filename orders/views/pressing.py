"""Addresses that a button posts to, and nobody reads."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from accounts.requests import SignedInRequest
from orders.words import cancelling as words

type View[**P] = Callable[Concatenate[SignedInRequest, P], HttpResponse]


def pressed[**P](page: Callable[Concatenate[SignedInRequest, P], str]) -> Callable[[View[P]], View[P]]:
    """Let a view act on a POST alone, and lead a GET to the page that has the button, saying that nothing was done.

    Whoever signs in again after pressing it comes by GET. `page` finds where to, and raises Http404 as the view does.
    """

    def decorate(view: View[P]) -> View[P]:
        @require_http_methods(["GET", "POST"])
        @wraps(view)
        def act(request: SignedInRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if request.method == "POST":
                return view(request, *args, **kwargs)
            address = page(request, *args, **kwargs)
            messages.warning(request, words.NOT_PRESSED)
            return redirect(address)

        return act

    return decorate
