"""
The index: what is served, for people and for programs.
"""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.contrib.auth.models import User

from mizan.client import client
from mizan.pages.index import draw_graph
from mizan.service.current import current_service
from tests.api import PREFIX, Api, code_of
from tests.pages.markup import HTML, tags_of, text_of
from tests.pages.shop import serve_shop


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("shows", "who", "status"),
    [(None, None, 404), (None, "user", 404), (None, "staff", 200), (True, None, 200), (False, "staff", 404)],
)
def test_the_index_is_there_for_those_who_may_see_it(
    api: Api, settings: Any, shows: Any, who: Any, status: int
) -> None:
    """To everybody else, program or person, it is not there at all."""
    settings.MIZAN_SHOW_DOCS = shows
    if who:
        api.http.force_login(User.objects.create_user("ann", is_staff=who == "staff"))

    page, listing = api.get("", **HTML), api.get("")

    assert (page.status_code, listing.status_code) == (status, status)
    if status == 404:
        assert code_of(listing) == "NOT_FOUND"


def test_a_program_gets_a_list_of_addresses(api: Api, settings: Any) -> None:
    """Small, and without private functions and view functions."""
    settings.MIZAN_SHOW_DOCS = True
    serve_shop(api)

    listing = api.get("").json()

    assert sorted(listing) == ["contexts", "docs", "functions", "schema"]
    assert listing["contexts"] == {"global": f"{PREFIX}ctx/global/", "order": f"{PREFIX}ctx/order/"}
    assert sorted(listing["functions"]) == ["current_user", "logout", "order", "order_lines", "place_order", "restock"]


def test_the_page_links_to_everything(api: Api, settings: Any) -> None:
    """Functions by app, contexts with parameters and readers, view functions with routes, declared errors, schema and docs."""
    settings.MIZAN_SHOW_DOCS = True
    serve_shop(api)

    page = api.get("", **HTML)
    links = {str(attributes["href"]) for tag, attributes in tags_of(page) if tag == "a"}
    text = unescape(text_of(page))

    assert "6 functions, 2 contexts, 1 view function, 1 declared error" in text
    assert {PREFIX + rest for rest in ("", "docs/", "schema/", "ctx/order/", "call/order/", "call/restock/")} <= links
    assert "/orders/<int:id>/print/" in text
    assert "SOLD_OUT" in text
    assert "hidden(" not in text
    assert all(api.get(link.removeprefix(PREFIX), **HTML).status_code == 200 for link in links)


def test_the_search_works_without_a_script(api: Api, settings: Any) -> None:
    """Every word must be found, in names, docstrings or badges."""
    settings.MIZAN_SHOW_DOCS = True
    serve_shop(api)

    def found(query: str) -> list[str]:
        page = api.http.get(PREFIX, {"q": query}, **HTML)
        return re.findall(
            r'<li data-words="[^"]*">\s*<p class="name"><a href="[^"]*"><code>(\w+)</code>', text_of(page)
        )

    assert found("shelf") == ["restock"]
    assert found("ORDER context") == ["order", "order_lines"]
    assert found("nothing like it") == []
    assert len(found("")) == 6


def test_the_page_says_what_the_checks_say(api: Api, settings: Any) -> None:
    """A developer who looks here sees why a function is missing or shut."""
    settings.MIZAN_SHOW_DOCS = True

    @client(auth=42)
    def odd(request: Any) -> None: ...

    api.serve(odd)

    text = text_of(api.get("", **HTML))

    assert "mizan.E008" in text
    assert "nobody: its auth= cannot be used" in text


def test_nothing_yet_is_said_so(api: Api, settings: Any) -> None:
    """An empty server has an index without a picture."""
    settings.MIZAN_SHOW_DOCS = True

    page = text_of(api.get("", **HTML))

    assert "No functions yet" in page
    assert "<svg" not in page
    assert draw_graph(current_service(), PREFIX) == ""
