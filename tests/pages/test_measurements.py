"""
What a page says to a developer of a call's cost and failure.
"""

from __future__ import annotations

from typing import Annotated, Any

import pytest
from django.contrib.auth.models import User
from pydantic import Field

from mizan.client import client
from tests.api import Api
from tests.pages.markup import HTML, shown, text_of

FORM = "application/x-www-form-urlencoded"


@client(auth=False, context="items")
def items(request: Any) -> list[int]: ...  # type: ignore[empty-body]


@client(auth=False)
def fail(request: Any, secret: str) -> int:
    raise RuntimeError("<b>because</b>")


@client(auth=False, affects="items")
def count_users(request: Any, page: Annotated[int, Field(ge=1)] = 1) -> int:
    return User.objects.count()


@pytest.fixture
def developed(api: Api, settings: Any) -> Api:
    """The functions above, as a developer sees them."""
    settings.DEBUG = True
    api.serve(items, fail, count_users)
    return api


@pytest.mark.django_db
def test_an_internal_error_comes_with_its_traceback(developed: Api, settings: Any) -> None:
    """Escaped, without values, and only under DEBUG."""
    page = text_of(developed.post("call/fail/", {"secret": "x"}, **HTML))
    settings.DEBUG = False
    settings.MIZAN_SHOW_DOCS = True

    assert "RuntimeError: &lt;b&gt;because&lt;/b&gt;" in page
    assert "RuntimeError" not in text_of(developed.post("call/fail/", {"secret": "x"}, **HTML))


@pytest.mark.django_db
def test_a_call_says_what_it_cost_and_made_stale(developed: Api) -> None:
    """Milliseconds, SQL queries and contexts; the shell line sends what was sent."""
    page = shown(developed.post("call/count_users/", "page=2", content_type=FORM, **HTML))

    assert "1 SQL query" in page
    assert "Made stale: items" in page
    assert "--data-urlencode 'page=2'" in page
    assert "≥ 1" in page
