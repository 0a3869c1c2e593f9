"""
What an API page says to a developer: who they are, why they were refused, what the call cost; and to nobody else.
"""

from __future__ import annotations

from typing import Annotated, Any

import pytest
from django.contrib.auth.models import User
from pydantic import BaseModel, Field

from mizan.client import client
from tests.api import Api
from tests.pages.markup import HTML, shown, text_of


class Item(BaseModel):
    id: int
    name: str


def is_author(request: Any) -> bool:
    return False


@client(auth=is_author)
def publish(request: Any) -> None: ...


@client(auth=False, context="items")
def items(request: Any, page: Annotated[int, Field(ge=1)] = 1) -> list[Item]:
    return []


@client(auth=False, affects="items")
def fail(request: Any, secret: str) -> int:
    raise RuntimeError("<b>because</b>")


@client(auth=False, affects="items")
def count_users(request: Any, page: Annotated[int, Field(ge=1)] = 1) -> int:
    return User.objects.count()


@pytest.fixture
def developed(api: Api, settings: Any) -> Api:
    """The functions above, as a developer sees them."""
    settings.DEBUG = True
    api.serve(publish, items, fail, count_users)
    return api


@pytest.mark.django_db
def test_a_refused_caller_reads_why(developed: Api) -> None:
    """The predicate by its name, and who the caller is."""
    text = shown(developed.post("call/publish/", {}, **HTML))

    assert "You are not logged in" in text
    assert "Who may call is decided by the predicate is_author." in text


@pytest.mark.django_db
def test_a_login_link_is_there_where_the_project_has_one(developed: Api, settings: Any) -> None:
    """It leads back to the page; an address that nobody serves is not linked."""
    without = text_of(developed.get("call/publish/", **HTML))
    settings.LOGIN_URL = "/api/mizan/docs/"

    assert "Log in" not in without
    assert 'href="/api/mizan/docs/?next=%2Fapi%2Fmizan%2Fcall%2Fpublish%2F"' in text_of(
        developed.get("call/publish/", **HTML)
    )


@pytest.mark.django_db
def test_whoever_may_not_see_the_docs_learns_nothing_of_it(developed: Api, settings: Any) -> None:
    """Neither names nor numbers nor source."""
    settings.MIZAN_SHOW_DOCS = False

    pages = [
        text_of(developed.post(f"call/{name}/", sent, **HTML))
        for name, sent in (("publish", {}), ("fail", {"secret": "x"}), ("count_users", {}))
    ]

    for word in ("is_author", "Traceback", "RuntimeError", "SQL", "Made stale", "You are", "curl"):
        assert not any(word in page for page in pages)


@pytest.mark.django_db
def test_the_shape_of_the_result_is_shown(developed: Api) -> None:
    """With its fields, which the signature does not say."""
    assert "list of {\n  id: integer\n  name: string\n}" in shown(developed.get("call/items/", **HTML))
