"""Retire reasons, and take them back into use: actions of the list, each asked about once more."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cancellations.curating import CannotRetire, retire, unretire
from cancellations.models import Reason


@admin.action(permissions=["change"], description=gettext_lazy("Retire selected reasons"))
def retire_selected(model_admin: Any, request: HttpRequest, reasons: QuerySet[Reason]) -> HttpResponse | None:
    """Let nobody give the reasons any more, once that is confirmed."""
    if "post" not in request.POST:
        return _ask(model_admin, request, reasons, action="retire_selected", title=_("Retire reasons?"))
    count = _do(retire, model_admin, request, reasons, note="Retired.")
    said = ngettext("%(count)d reason has been retired.", "%(count)d reasons have been retired.", count)
    model_admin.message_user(request, said % {"count": count}, messages.SUCCESS if count else messages.INFO)
    return None


@admin.action(permissions=["change"], description=gettext_lazy("Take selected reasons back into use"))
def unretire_selected(model_admin: Any, request: HttpRequest, reasons: QuerySet[Reason]) -> HttpResponse | None:
    """Let the reasons be given again, once that is confirmed."""
    if "post" not in request.POST:
        return _ask(model_admin, request, reasons, action="unretire_selected", title=_("Take reasons back into use?"))
    count = _do(unretire, model_admin, request, reasons, note="Taken back into use.")
    said = ngettext("%(count)d reason is in use again.", "%(count)d reasons are in use again.", count)
    model_admin.message_user(request, said % {"count": count}, messages.SUCCESS if count else messages.INFO)
    return None


def _ask(model_admin: Any, request: HttpRequest, reasons: QuerySet[Reason], *, action: str, title: str) -> HttpResponse:
    context = {
        **model_admin.admin_site.each_context(request),
        "title": title,
        "opts": model_admin.opts,
        "reasons": reasons,
        "action": action,
        "action_checkbox_name": helpers.ACTION_CHECKBOX_NAME,
    }
    return TemplateResponse(request, "admin/cancellations/reason/confirm.html", context)


def _do(
    change: Callable[[Reason], bool],
    model_admin: Any,
    request: HttpRequest,
    reasons: QuerySet[Reason],
    *,
    note: str,
) -> int:
    """Change each reason and count those for which that was news; the admin's log keeps who it was."""
    count = 0
    for reason in reasons:
        try:
            if change(reason):
                model_admin.log_change(request, reason, note)
                count += 1
        except CannotRetire as error:
            model_admin.message_user(request, str(error), messages.WARNING)
    return count
