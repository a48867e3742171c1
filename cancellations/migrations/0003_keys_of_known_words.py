"""Write the keys of the words that are recorded, and say of the catalogue's own reasons which presume nobody."""

import unicodedata

from django.db import migrations, models

PRESUME_NOBODY = [
    "out_of_stock",
    "cannot_ship_there",
    "payment_not_received",
    "payment_failed",
    "pickup_failed",
    "delivery_failed",
    "delivery_refused",
    "lost_in_transit",
    "damaged_in_transit",
    "customs_stopped",
    "order_replaced",
    "not_stated",
]


def write_keys(apps, schema_editor):
    """Fill the key where the words decided: where they were not understood, or as an alias says."""
    cancellations = apps.get_model("cancellations", "Cancellation").objects
    not_stated = apps.get_model("cancellations", "Reason").objects.filter(code="not_stated").values_list("pk", flat=True)
    aliases = apps.get_model("cancellations", "Alias").objects
    named = {(origin, source, text): pk for origin, source, text, pk in aliases.values_list("origin", "source", "text", "reason")}
    words = cancellations.exclude(raw_reason="").order_by().values_list("origin", "source", "raw_reason").distinct()
    for origin, source, raw in list(words):
        key = key_of(raw)
        meant = {*not_stated, named.get((origin, source, key))} - {None}
        said = cancellations.filter(origin=origin, source=source, raw_reason=raw, reason__in=meant)
        said.update(raw_key=key)


def key_of(text):
    """Do what cancellations/aliases.py does, as it was when this was written."""
    folded = " ".join(unicodedata.normalize("NFC", text).casefold().split())
    return unicodedata.normalize("NFC", folded).rstrip(". ")[:500]


def let_stand(apps, schema_editor):
    """Let these stand where nobody said who cancelled, unless somebody has written other words for them."""
    reasons = apps.get_model("cancellations", "Reason").objects.filter(code__in=PRESUME_NOBODY)
    wordings = apps.get_model("cancellations", "Wording").objects.filter(created_by__isnull=False)
    reasons.exclude(pk__in=wordings.values("reason")).update(by_unknown=True)
    reasons.filter(code="not_stated").update(by_unknown=True)


class Migration(migrations.Migration):
    dependencies = [("cancellations", "0002_words_as_keys")]

    operations = [
        migrations.RunPython(write_keys, migrations.RunPython.noop, elidable=True),
        migrations.RunPython(let_stand, migrations.RunPython.noop, elidable=True),
        migrations.RemoveIndex(model_name="cancellation", name="cancellations_raw_reason"),
        migrations.AddIndex(
            model_name="cancellation",
            index=models.Index(
                models.F("origin"),
                models.F("source"),
                models.F("raw_key"),
                models.F("reason"),
                models.F("id"),
                condition=models.Q(("raw_key", ""), _negated=True),
                name="cancellations_raw_key",
            ),
        ),
        migrations.AddIndex(
            model_name="cancellation",
            index=models.Index(
                models.F("reason"),
                models.F("id"),
                condition=models.Q(("raw_key", ""), _negated=True),
                name="cancellations_newest_words",
            ),
        ),
    ]
