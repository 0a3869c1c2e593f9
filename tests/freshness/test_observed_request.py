"""
What a function looks at of its request.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import LazySettings
from django.http import HttpRequest

from mizan.client import client
from tests.api import CachedApi
from tests.freshness.reading import counter

LOOKS = {
    "session": lambda request: request.session.get("cart"),
    "cookie": lambda request: request.COOKIES.get("theme"),
    "header": lambda request: request.headers.get("X-Tenant"),
    "meta": lambda request: request.META.get("REMOTE_ADDR"),
    "query": lambda request: request.GET.get("id"),
    "all": lambda request: dict(request.headers),
}


SAYS = {
    "session": "the session",
    "cookie": "the cookie 'theme'",
    "header": "the header 'X-Tenant'",
    "meta": "the header 'REMOTE_ADDR'",
    "query": "the query parameter 'id'",
    "all": "every header",
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("look", LOOKS)
def test_what_is_not_in_the_key_is_not_kept(cached: CachedApi, look: str, caplog: pytest.LogCaptureFixture) -> None:
    """An answer that hangs on the session, a cookie or a header is its asker's own. A line in the log says so."""

    @client(auth=False, context="own")
    def own(request: Any) -> str:
        return repr(LOOKS[look](request))

    cached.serve(own)

    assert cached.read("own/")[0] != "HIT"
    assert cached.read("own/")[0] == "BYPASS"
    assert f"looks at {SAYS[look]}" in caplog.text
    assert "which is not part of its cache key" in caplog.text


def test_vary_adds_to_the_key(cached: CachedApi, settings: LazySettings) -> None:
    """Then a function may look at it, having declared what it looks at; at other things it may not."""
    settings.MIZAN_CACHE_VARY = tenant_of

    @client(auth=False, context="shop")
    def name(request: Any) -> str:
        return f"{request.headers['X-Tenant']}'s"

    @client(auth=False, context="theme")
    def theme(request: Any) -> str:
        return f"{request.headers['x-tenant']} {request.headers['X-Theme']}"

    cached.serve(counter(), name, theme)

    for context in ("count", "shop"):
        first = cached.read(f"{context}/", HTTP_X_TENANT="a")
        other = cached.read(f"{context}/", HTTP_X_TENANT="b")
        assert (first[0], other[0]) == ("MISS", "MISS")
        assert first[1] != other[1]
        assert cached.read(f"{context}/", HTTP_X_TENANT="a") == ("HIT", first[1])
    for status in ("MISS", "BYPASS"):
        assert cached.read("theme/", HTTP_X_TENANT="a", HTTP_X_THEME="b") == (status, {"theme": "a b"})


def tenant_of(request: HttpRequest) -> str | None:
    """What a project would write."""
    return request.headers.get("X-Tenant")
