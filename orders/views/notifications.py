"""Which mails a person gets."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.requests import SignedInRequest
from orders.audiences import MailChoice
from orders.choosing import choose_mails, mail_choices, wanted_mails
from orders.forms import MailsForm
from orders.words import mail as words


@require_http_methods(["GET", "POST"])
def notifications(request: SignedInRequest) -> HttpResponse:
    """Let people choose the mails that they may do without, and say which are always sent."""
    choices = mail_choices(request.user)
    wanted = wanted_mails(request.user)
    form = MailsForm(request.POST if request.method == "POST" else None, choices=choices, initial={"wanted": wanted})
    if form.is_bound and form.is_valid():
        choose_mails(request.user, wanted=form.cleaned_data["wanted"])
        messages.success(request, words.CHOSEN)
        return redirect("notifications")
    shown = {"form": form, "is_for_seller": MailChoice.ORDER_ENDED in choices, "section": "account"}
    return render(request, "accounts/notifications.html", shown)
