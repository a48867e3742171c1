"""How orders arrive: feeds and what they delivered, imports and what those refused."""

from feeds.models.feed import Delivery, Feed
from feeds.models.run import Problem, Run

__all__ = ["Delivery", "Feed", "Problem", "Run"]
