"""Say that this is a test run before the settings are read."""

import os

os.environ["CANDOR_ENV"] = "test"
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # the browser tests drive an event loop
