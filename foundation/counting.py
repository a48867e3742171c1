"""Counts that cost the same for everybody."""

from django.db.models import IntegerField, Subquery


class CountOf(Subquery):
    """Count the rows of a queryset that has a limit, so that the work has one too."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) _capped)"  # the outer brackets are stripped: keep these
    output_field = IntegerField()
