"""Feeds in the admin: who sends, what came, what was refused."""

from feeds.admin.deliveries import DeliveryAdmin
from feeds.admin.feeds import FeedAdmin
from feeds.admin.runs import ProblemAdmin, RunAdmin

__all__ = ["DeliveryAdmin", "FeedAdmin", "ProblemAdmin", "RunAdmin"]
