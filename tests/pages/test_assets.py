"""
The packaged files that pages need.
"""

from __future__ import annotations

import pytest
from django.test import Client

from mizan.pages.assets import ASSETS
from tests.api import PREFIX, Api, code_of


@pytest.mark.parametrize("name", sorted(ASSETS))
def test_assets_come_out_of_the_package(api: Api, name: str) -> None:
    """With their type, nosniff and a version; the version's address may be kept for ever."""
    response = api.get(f"assets/{name}")
    version = response.headers["ETag"].strip('"')
    kept = api.get(f"assets/{name}?v={version}")
    unchanged = api.get(f"assets/{name}", HTTP_IF_NONE_MATCH=response.headers["ETag"])

    assert response.status_code == 200
    assert response.headers["Content-Type"] == ASSETS[name].content_type
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "public, no-cache"
    assert kept.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert unchanged.status_code == 304


@pytest.mark.parametrize(
    "name", ["nothing.js", "../conf.py", "..%2fconf.py", "%2e%2e/conf.py", "mizan.css/", "..\\conf.py"]
)
def test_no_address_becomes_a_path(api: Api, name: str) -> None:
    """Only the listed names are served."""
    response = api.get(f"assets/{name}")

    assert response.status_code == 404
    assert response.json()["code"] == "NOT_FOUND"


def test_assets_are_only_read(api: Api) -> None:
    """By GET and HEAD; all else is refused in the one shape, with no word of CSRF."""
    http = Client(enforce_csrf_checks=True)
    for method in ("post", "put", "options", "delete"):
        response = getattr(http, method)(f"{PREFIX}assets/mizan.css")
        assert (response.status_code, code_of(response)) == (405, "METHOD_NOT_ALLOWED")
        assert response.headers["Allow"] == "GET, HEAD"
    assert code_of(api.get("assets/other.css")) == "NOT_FOUND"
