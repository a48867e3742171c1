from django.db import migrations, models


def count_again(apps, schema_editor):
    """Let the next refresh count everything: the new column is filled for old days too."""
    apps.get_model("insights", "Cursor")._default_manager.update(read_at=None)


class Migration(migrations.Migration):

    dependencies = [
        ('insights', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='cursor',
            name='asked_for',
            field=models.DateTimeField(blank=True, help_text='When the task that was asked for last is to begin.', null=True, verbose_name='next refresh'),
        ),
        migrations.AddField(
            model_name='sellerday',
            name='part_orders',
            field=models.PositiveIntegerField(default=0, verbose_name='orders with part-cancelled lines'),
        ),
        migrations.RunPython(count_again, migrations.RunPython.noop),
    ]
