"""Write down what an order document is."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from orders.documents import OrderDocument

PLACE = Path(settings.BASE_DIR) / "docs" / "order.schema.json"


def schema() -> str:
    """Return the JSON Schema of the canonical document, as the file holds it."""
    return json.dumps(OrderDocument.model_json_schema(), indent=2, ensure_ascii=False, sort_keys=True) + "\n"


class Command(BaseCommand):
    """Write the JSON Schema of the canonical document to docs/order.schema.json."""

    help = "Write the JSON Schema of the canonical document to docs/order.schema.json."

    def handle(self, **options: Any) -> None:
        """Write it."""
        PLACE.write_text(schema())
        self.stdout.write("Wrote docs/order.schema.json.")
