"""
The view of the index.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.api import Api, code_of


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_the_index_is_only_read(api: Api, settings: Any, method: str) -> None:
    """By GET and HEAD."""
    settings.MIZAN_SHOW_DOCS = True

    response = getattr(api.http, method)("/api/mizan/")

    assert (response.status_code, code_of(response)) == (405, "METHOD_NOT_ALLOWED")
    assert api.http.head("/api/mizan/").status_code == 200


def test_an_empty_server_lists_nothing(api: Api, settings: Any) -> None:
    """In the shape that a full one has."""
    settings.MIZAN_SHOW_DOCS = True

    assert api.get("").json() == {
        "functions": {},
        "contexts": {},
        "schema": "/api/mizan/schema/",
        "docs": "/api/mizan/docs/",
    }
