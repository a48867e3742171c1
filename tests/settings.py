"""The settings, once it is said that this is a test run; mypy reads them from here too."""

import os

os.environ["CANDOR_ENV"] = "test"
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # the browser tests drive an event loop

from config.settings import *  # noqa: F403
