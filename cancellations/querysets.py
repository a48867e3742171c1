"""Which reasons."""

from typing import Self

from django.db import models


class ReasonQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Reasons, in the catalogue's order."""

    def current(self) -> Self:
        """Keep those that may still be given."""
        return self.filter(retired_at=None)

    def given_by(self, source: str) -> Self:
        """Keep those that this source may give."""
        return self.filter(**{f"by_{source}": True})
