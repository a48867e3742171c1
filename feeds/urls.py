"""The API's addresses. Nobody signs in there: each request is signed."""

from feeds.api import api

_patterns, _app, _namespace = api.urls
for _pattern in _patterns:
    vars(_pattern.callback)["login_required"] = False  # what login_not_required sets

signed = (_patterns, _app, _namespace)
