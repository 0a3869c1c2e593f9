"""
The addresses of contexts.
"""

from __future__ import annotations

from typing import Any

import pytest

from mizan.client import client
from tests.api import Api, CachedApi
from tests.freshness.reading import counter


def test_an_unchanged_answer_is_not_sent_again(api: Api) -> None:
    """304 for the ETag the client has; a changed one is sent."""
    state = {"value": 1}

    @client(auth=False, context="thing")
    def thing(request: Any) -> int:
        return state["value"]

    api.serve(thing)
    etag = api.get("ctx/thing/").headers["ETag"]

    same = api.get("ctx/thing/", HTTP_IF_NONE_MATCH=f'"other", W/{etag}')
    state["value"] = 2
    changed = api.get("ctx/thing/", HTTP_IF_NONE_MATCH=etag)

    assert (same.status_code, same.content, same.headers["ETag"]) == (304, b"", etag)
    assert changed.json() == {"thing": 2}


def test_a_context_only_reads(api: Api) -> None:
    """Case 17: no method but GET, HEAD and OPTIONS; an unknown or private one is not found."""

    @client(auth=False, context="thing")
    def thing(request: Any) -> int:
        return 1

    @client(auth=False, context="hidden", private=True)
    def hidden(request: Any) -> int:
        return 1

    api.serve(thing, hidden)

    assert api.post("ctx/thing/").status_code == 405
    assert api.http.head("/api/mizan/ctx/thing/").status_code == 200
    assert api.get("ctx/hidden/").content == api.get("ctx/nothing/").content
    assert api.get("ctx/hidden/").status_code == 404


def test_a_hit_has_the_etag_of_the_miss(cached: CachedApi) -> None:
    """Whoever has the body already gets a 304."""
    cached.serve(counter())
    first = cached.get("ctx/count/")

    again = cached.get("ctx/count/", headers={"If-None-Match": first.headers["ETag"]})

    assert again.status_code == 304
    assert again.headers["X-Mizan-Cache"] == "HIT"
    assert again.content == b""


@pytest.mark.parametrize("path", ["count.css", "count/x.js", "count/;x.js", "count%2fx.css"])
def test_no_address_looks_like_a_file(cached: CachedApi, path: str) -> None:
    """A proxy that keeps files by their ending is given nothing to keep."""
    cached.serve(counter())

    response = cached.get(f"ctx/{path}")

    assert response.status_code in (404, 422)
    assert response.headers["Cache-Control"] == "no-store"
