"""Which reasons."""

from typing import Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Subquery, Value

from cancellations.codes import NOT_STATED
from foundation.counting import CountOf


class CancellationQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Records of who ended an order, why and when."""

    def left_to_words(self) -> Self:
        """Keep those whose reason is what the origin's words mean: no contest has corrected it since."""
        contests = apps.get_model("cancellations", "Contest")._default_manager
        upheld = contests.filter(cancellation=OuterRef("pk"), state="upheld")
        return self.exclude(raw_key="").filter(~Exists(upheld))

    def waiting_for_words(self) -> Self:
        """Keep what is not stated though words were given, where no alias says that these words state nothing.

        Asks for the reason's key first, so that the index of such words is used.
        """
        reasons = apps.get_model("cancellations", "Reason")._default_manager
        not_stated = reasons.filter(code=NOT_STATED).values_list("pk", flat=True).first()
        if not_stated is None:
            return self.none()  # the catalogue is not loaded yet
        of_words = {"origin": OuterRef("origin"), "source": OuterRef("source"), "text": OuterRef("raw_key")}
        aliases = apps.get_model("cancellations", "Alias")._default_manager
        said = aliases.filter(**of_words, reason=not_stated)
        return self.filter(reason=not_stated).left_to_words().filter(~Exists(said))

    def worded(self, *, origin: str, source: str, key: str) -> Self:
        """Keep those that this origin gave, said of this source, in these words (cancellations/aliases.py)."""
        return self.filter(origin=origin, source=source, raw_key=key)


class ReasonQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Reasons, in the catalogue's order."""

    def current(self) -> Self:
        """Keep those that may still be given."""
        return self.filter(retired_at=None)

    def retired(self) -> Self:
        """Keep those that nobody may give any more."""
        return self.filter(retired_at__isnull=False)

    def given_by(self, source: str) -> Self:
        """Keep those that this source may give."""
        return self.filter(**{f"by_{source}": True})

    def with_headline(self, language: str) -> Self:
        """Add the newest headline in a language, as a column."""
        wordings = apps.get_model("cancellations", "Wording")._default_manager
        newest = wordings.filter(reason=OuterRef("pk"), language=language).order_by("-version")
        return self.annotate(headline=Subquery(newest.values("headline")[:1]))

    def with_uses(self, most: int) -> Self:
        """Add the number of cancellations, counted no further than `most`, as a column."""
        cancellations = apps.get_model("cancellations", "Cancellation")._default_manager
        used = cancellations.filter(reason=OuterRef("pk")).order_by().values(one=Value(1))
        return self.annotate(uses=CountOf(used[:most]))
