"""How Candor's pages in Django's admin behave: records that are only read, and things that are kept while in use."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.contrib.auth import get_permission_codename
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import PROTECT, Model, ProtectedError, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django_tasks_db.admin import DBTaskResultAdmin
from django_tasks_db.models import DBTaskResult

from foundation.text import Words

MOST_COUNTED = 1_000


class NeverEdited:
    """Nobody adds, changes or deletes these rows in the admin: other code writes them, by its own rules."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse."""
        return False


class ReadOnlyAdmin(NeverEdited, admin.ModelAdmin):
    """Records to be looked up and read, however many there are."""

    ordering = ["-pk"]
    sortable_by = ()  # by any other column, the database would have to sort the whole table
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    view_on_site = False


class ActedOnAdmin(ReadOnlyAdmin):
    """Records that no form changes, but that whoever may change them acts on: from the list and from each page."""

    change_form_template = "admin/acted_on.html"
    act_address: str  # the name of the address, which takes the row's key
    act_label: Words

    def is_open(self, obj: Any) -> bool:
        """Tell whether anything is to be done about one."""
        return True

    def act(self, obj: Any) -> str:
        """Return the link to what may be done about one, or "" where nothing is to be done any more."""
        if not self.is_open(obj):
            return ""
        return format_html('<a href="{}">{}</a>', reverse(self.act_address, args=[obj.pk]), self.act_label)

    def has_act_permission(self, request: HttpRequest) -> bool:
        """Tell whether the administrator may; actions ask for it by the name "act"."""
        return request.user.has_perm(f"{self.opts.app_label}.{get_permission_codename('change', self.opts)}")

    def may_act(self, request: HttpRequest) -> None:
        """Raise PermissionDenied unless the administrator may."""
        if not self.has_act_permission(request):
            raise PermissionDenied

    def get_list_display(self, request: HttpRequest) -> Any:
        """Offer the next step only to whoever may take it."""
        columns = super().get_list_display(request)
        return columns if self.has_act_permission(request) else [name for name in columns if name != "next_step"]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Offer it on the page of one, too."""
        act = self.act(context["original"]) if self.has_act_permission(request) else ""
        return super().render_change_form(request, {**context, "act": act}, *args, **kwargs)


class HidesColumns(admin.ModelAdmin):
    """Columns that are on no page: their list must not be asked, letter by letter, what they begin with."""

    hidden: frozenset[str] = frozenset()

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        """Refuse to filter by them."""
        return lookup.partition("__")[0] not in self.hidden and super().lookup_allowed(lookup, value, request)


admin.site.unregister(DBTaskResult)


@admin.register(DBTaskResult)
class TaskAdmin(HidesColumns, DBTaskResultAdmin):
    """Tasks, without what they were given: in a mail of sign-in is the link that opens the account."""

    hidden = frozenset({"args_kwargs"})

    def get_readonly_fields(self, request: HttpRequest, obj: DBTaskResult | None = None) -> list[str]:
        """Show the rest."""
        return [name for name in super().get_readonly_fields(request, obj) if name not in self.hidden]


class ReadOnlyInline(NeverEdited, admin.StackedInline):
    """Rows that belong to a record, below it."""

    extra = 0
    can_delete = False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Show columns that no form could hold, too."""
        return flatten_fieldsets(self.get_fieldsets(request, obj))


def save_changes(obj: Model, form: ModelForm) -> None:
    """Write the columns that the form changed: the others may hold what somebody else has written meanwhile."""
    changed = {field.name for field in obj._meta.concrete_fields} & set(form.changed_data)
    obj.save(update_fields=changed)


class KeepsWhatIsUsed(admin.ModelAdmin):
    """Things that may be deleted while nothing refers to them; else the admin says so, instead of listing what does.

    While one is changed or deleted it is locked, before the form looks at it; only what was changed is written.
    """

    delete_confirmation_template = "admin/kept/delete_confirmation.html"
    delete_selected_confirmation_template = "admin/kept/delete_selected_confirmation.html"

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Model | None:
        """Find it; if it is to be changed, lock first and look second. What refers to it is not kept waiting."""
        obj: Model | None = super().get_object(request, object_id, from_field)
        if obj is None or request.method != "POST" or not transaction.get_connection().in_atomic_block:
            return obj
        self.model._base_manager.select_for_update(no_key=True).filter(pk=obj.pk).first()
        locked: Model | None = super().get_object(request, object_id, from_field)
        return locked

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: bool) -> None:
        """Write what was changed."""
        if change:
            save_changes(obj, form)
        else:
            super().save_model(request, obj, form, change)

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        """Delete it, and find out what refers to it by now before anybody is told that it is gone."""
        super().delete_model(request, obj)
        transaction.get_connection().check_constraints([obj._meta.db_table])

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None) -> Any:
        """Delete it; or say what has come to use it in between."""
        try:
            return super().delete_view(request, object_id, extra_context)
        except (ProtectedError, IntegrityError):
            return super().delete_view(request, object_id, extra_context)  # which finds it in use now

    def get_deleted_objects(
        self, objs: Sequence[Any] | QuerySet[Any], request: HttpRequest
    ) -> tuple[list[Any], Any, set[str], list[Any]]:
        """Put a sentence for everything in use where Django puts the rows that use it."""
        refusals = [self.refusal(obj, uses) for obj in objs if (uses := self.what_uses(obj))]
        return ([], {}, set(), refusals) if refusals else super().get_deleted_objects(objs, request)

    def what_uses(self, obj: Model) -> dict[str, int]:
        """Count what uses the thing, by name."""
        return uses_of(obj)

    def refusal(self, obj: Model, uses: dict[str, int]) -> str:
        """Say what uses the thing, and that it stays."""
        listed = ", ".join(f"{name}: {capped(count)}" for name, count in uses.items())
        return _("“%(name)s” is in use (%(uses)s) and cannot be deleted.") % {"name": obj, "uses": listed}


def uses_of(obj: Model) -> dict[str, int]:
    """Count what refers to a row and protects it, by name, each up to a thousand and one."""
    uses = {}
    for relation in obj._meta.related_objects:
        if relation.on_delete is PROTECT:
            users = relation.related_model._base_manager.filter(**{relation.field.name: obj})
            if count := users[: MOST_COUNTED + 1].count():
                uses[str(relation.related_model._meta.verbose_name_plural)] = count
    return uses


def capped(count: int) -> str:
    """Write a count that stopped at its limit as what it is: more than the limit."""
    shown = number_format(min(count, MOST_COUNTED), force_grouping=True)
    return f"{shown}+" if count > MOST_COUNTED else shown
