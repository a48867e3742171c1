"""The settings, once it is said that this is a test run; mypy reads them from here too."""

import os

os.environ["CANDOR_ENV"] = "test"
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # the browser tests drive an event loop

# Workers that share a server hold back each other's log: it is read up to the server's oldest open transaction.
if servers := os.environ.get("DATABASE_URLS", "").split():
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    os.environ["DATABASE_URL"] = servers[worker % len(servers)]

from config.settings import *  # noqa: F403
