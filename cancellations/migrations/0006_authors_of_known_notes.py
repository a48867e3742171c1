"""Say whose words the notes are that were recorded before: the source's, where nobody has corrected that."""

from django.db import migrations
from django.db.models import Case, Exists, F, OuterRef, Value, When


def write_authors(apps, schema_editor):
    """Fill the author in one statement. Where a contest was upheld, the source may be another's now: it is not known."""
    contests = apps.get_model("cancellations", "Contest").objects
    upheld = Exists(contests.filter(cancellation=OuterRef("pk"), state="upheld"))
    notes = apps.get_model("cancellations", "Cancellation").objects.filter(note_by="").exclude(note="")
    notes.update(note_by=Case(When(upheld, then=Value("unknown")), default=F("source")))


class Migration(migrations.Migration):
    dependencies = [("cancellations", "0005_authors_of_notes")]

    operations = [migrations.RunPython(write_authors, migrations.RunPython.noop, elidable=True)]
