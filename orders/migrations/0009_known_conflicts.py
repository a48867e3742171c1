"""Open a conflict for each that the events tell of."""

from django.db import migrations


def open_conflicts(apps, schema_editor):
    """Read the events, oldest first: the first statement of a kind opens the conflict."""
    Conflict = apps.get_model("orders", "Conflict")
    for event in apps.get_model("orders", "Event").objects.filter(kind="conflict").order_by("pk").iterator():
        Conflict.objects.get_or_create(
            cancellation_id=event.facts["cancellation"],
            said=event.facts["status"],
            defaults={"order_id": event.order_id, "said_at": event.occurred_at, "recorded_at": event.recorded_at},
        )


class Migration(migrations.Migration):
    dependencies = [("orders", "0008_conflicts")]

    operations = [migrations.RunPython(open_conflicts, migrations.RunPython.noop, elidable=True)]
