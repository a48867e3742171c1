"""Find sellers by name."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orders", "0009_known_conflicts")]

    operations = [
        migrations.AddIndex(
            model_name="seller",
            index=models.Index(fields=["name"], name="orders_seller_by_name"),
        ),
    ]
