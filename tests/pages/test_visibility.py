"""
Who sees how the server is made, and where it is mounted.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.test import RequestFactory

from mizan.pages.visibility import may_see_docs, prefix_of
from tests.api import PREFIX


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("shows", "debug", "who", "expected"),
    [
        (None, False, "anonymous", False),
        (None, False, "staff", True),
        (None, False, "inactive", False),
        (None, True, "anonymous", True),
        (True, False, "anonymous", True),
        (False, True, "staff", False),
    ],
)
def test_who_sees_the_docs(settings: Any, shows: Any, debug: bool, who: str, expected: bool) -> None:
    """MIZAN_SHOW_DOCS: True everybody, False nobody, None while DEBUG is on or staff."""
    settings.MIZAN_SHOW_DOCS, settings.DEBUG = shows, debug
    request = RequestFactory().get("/")
    request.user = AnonymousUser() if who == "anonymous" else User(is_staff=True, is_active=who != "inactive")

    assert may_see_docs(request) is expected


def test_an_index_that_is_mounted_nowhere_links_to_the_root(settings: Any) -> None:
    """There is nothing better to link to."""
    settings.ROOT_URLCONF = "tests.things.no_urls"

    assert prefix_of(RequestFactory().get("/")) == "/"


def test_a_request_that_no_address_resolved_has_a_prefix_too() -> None:
    """Views may be called directly, as tests do."""
    assert prefix_of(RequestFactory().get("/")) == PREFIX
