"""What the pages of sign-in need."""

import json
from typing import Any

from django import template
from django.core.serializers.json import DjangoJSONEncoder

from accounts.browsers import browser_name

register = template.Library()
register.filter("browser_name", browser_name)


@register.filter
def as_json(value: Any) -> str:
    """Write a value as JSON, for a data attribute: our pages hold no inline script, not even one of data."""
    return json.dumps(value, cls=DjangoJSONEncoder)
