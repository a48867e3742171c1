"""How orders arrive: feeds and what they delivered, imports and what those refused."""

from feeds.models.feed import SLUG_FORM, Delivery, Feed
from feeds.models.run import Problem, Refused, Run

__all__ = ["SLUG_FORM", "Delivery", "Feed", "Problem", "Refused", "Run"]
