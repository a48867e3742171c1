"""Which orders, as words that chain."""

from django.db import models


class OrderQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Orders."""
