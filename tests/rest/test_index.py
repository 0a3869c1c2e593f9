"""
The index: what is served, and the invalidation graph.
"""

from __future__ import annotations

import re
from html import unescape
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.contrib.auth.models import User
from django.http import HttpResponse

from mizan.client import GlobalContext, MizanError, client
from mizan.pages.graph_drawing import Drawing, Mutation
from mizan.pages.index import draw_graph
from mizan.protocol.graph import ContextGroup, ContextReader, Target
from mizan.protocol.specs import FunctionSpec
from mizan.service.current import current_service
from tests.rest.conftest import PREFIX, Api, code_of
from tests.rest.test_pages import HTML, tags_of, text_of

SVG = "{http://www.w3.org/2000/svg}"


class SoldOut(MizanError):
    """Nothing is left."""

    status = 409
    message = "Sold out."


def drawn(service_prefix: str = PREFIX) -> ET.Element:
    """The graph of the registered functions as a tree."""
    return ET.fromstring(draw_graph(current_service(), service_prefix))


def serve_shop(api: Api) -> None:
    """Two contexts and three mutations."""

    @client(auth=False, context=GlobalContext)
    def current_user(request: Any) -> str:
        """Who is logged in."""
        return ""

    @client(auth=False, context="order")
    def order(request: Any, id: int) -> int:
        return id

    @client(auth=False, context="order")
    def order_lines(request: Any, id: int, page: int = 1) -> list[int]:
        return []

    @client(auth=True, affects=GlobalContext)
    def logout(request: Any) -> None: ...

    @client(auth="staff", affects=["order", "global"])
    def restock(request: Any, sku: str) -> None:
        """Fills the shelf."""

    @client(auth=False, affects=order_lines, merge=order, raises=SoldOut)
    def place_order(request: Any, id: int) -> int:
        return id

    @client(auth=True, route="/orders/<int:id>/print/")
    def print_order(request: Any, id: int) -> HttpResponse:
        return HttpResponse()

    @client(auth=False, private=True)
    def hidden(request: Any) -> None: ...

    api.serve(current_user, order, order_lines, logout, restock, place_order, print_order, hidden)


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
    """Small, and without private functions and pages."""
    settings.MIZAN_SHOW_DOCS = True
    serve_shop(api)

    listing = api.get("").json()

    assert sorted(listing) == ["contexts", "docs", "functions", "schema"]
    assert listing["contexts"] == {"global": f"{PREFIX}ctx/global/", "order": f"{PREFIX}ctx/order/"}
    assert sorted(listing["functions"]) == ["current_user", "logout", "order", "order_lines", "place_order", "restock"]


def test_the_index_links_to_everything(api: Api, settings: Any) -> None:
    """Functions by app, contexts with parameters and readers, pages with routes, declared errors, schema and docs."""
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


def test_the_index_says_what_the_checks_say(api: Api, settings: Any) -> None:
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


def test_the_graph_has_a_line_for_every_target(api: Api) -> None:
    """Labelled with what narrows it, dashed where the result is merged, once more for pointing at the context."""
    serve_shop(api)

    svg = drawn()
    mutations = [group for group in svg.iter(f"{SVG}g") if group.get("class") == "mutation"]
    by_name = {group.findtext(f"{SVG}a/{SVG}title"): group for group in mutations}
    order = by_name["place_order"]

    assert sorted(map(str, by_name)) == ["logout", "place_order", "restock"]
    assert [line.get("class") for line in order.findall(f"{SVG}g")] == ["merging", "staling"]
    assert [label.text for label in order.iter(f"{SVG}text") if label.get("class") == "label"] == ["id", "id"]
    assert len(by_name["restock"].findall(f"{SVG}g")) == 2
    assert sum(path.get("class") == "edge" for path in svg.iter(f"{SVG}path")) == 2 * 5
    assert {link.get("href") for link in svg.iter(f"{SVG}a")} >= {f"{PREFIX}call/order_lines/", f"{PREFIX}ctx/order/"}


def test_the_graph_can_be_heard(api: Api) -> None:
    """Its title and description say in sentences what the lines show."""
    serve_shop(api)

    svg = drawn()

    assert svg.findtext(f"{SVG}title") == "Invalidation graph"
    assert svg.get("aria-labelledby") == "graph-title graph-description"
    assert str(svg.findtext(f"{SVG}desc")).split(". ") == [
        "logout affects global",
        "restock affects order",
        "restock affects global",
        "place_order affects order_lines of order by id",
        "place_order merges into order of order by id.",
    ]


def test_contexts_alone_are_drawn_too(api: Api) -> None:
    """Nothing changes them."""

    @client(auth=False, context="user")
    def profile(request: Any) -> str:
        return ""

    api.serve(profile)

    assert drawn().findtext(f"{SVG}desc") == "No function affects a context."


def test_text_in_the_graph_is_text() -> None:
    """A name that is refused by a check is drawn all the same, and inert."""
    hostile = '"></a><script>alert(1)</script>&'
    spec = FunctionSpec(function=lambda request: None, name=hostile, context=hostile)
    group = ContextGroup(hostile, (ContextReader(spec, ()),), ())
    mutation = Mutation(hostile, (Target(hostile, None, (hostile,)),), ())

    svg = ET.fromstring(Drawing([mutation], {hostile: group}, "/").svg())

    assert not list(svg.iter(f"{SVG}script"))
    assert svg.findtext(f"{SVG}g/{SVG}a/{SVG}title") == hostile


@pytest.mark.parametrize("count", [1, 5, 60])
def test_nothing_in_the_graph_overlaps(count: int) -> None:
    """However many there are: boxes stand apart, inside the picture, and every label has a height of its own."""
    spec = FunctionSpec(
        function=lambda request: None, name="a_reader_with_quite_a_long_name_for_a_function", context="c"
    )
    groups = {f"c{n}": ContextGroup(f"c{n}", (ContextReader(spec, ()),) * (n % 4 + 1), ()) for n in range(count)}
    mutations = [
        Mutation(f"mutation_{n}", tuple(Target(f"c{(n * 7 + k) % count}", None, ("id",)) for k in range(n % 3 + 1)), ())
        for n in range(count)
    ]

    drawing = Drawing(mutations, groups, "/")
    lines = [line for one in mutations for _, line in drawing.lines(one)]

    for boxes in (drawing.mutation_boxes, drawing.context_boxes):
        placed = sorted(boxes.values(), key=lambda box: box.y)
        assert all(one.y + one.height < other.y for one, other in zip(placed, placed[1:]))
        assert all(
            box.x >= 0 and box.x + box.width <= drawing.width and box.y + box.height <= drawing.height for box in placed
        )
    starts = sorted(line.start[1] for line in lines)
    assert all(other - one > 12 for one, other in zip(starts, starts[1:]))
    assert all(line.start[0] + line.label_width < line.end[0] for line in lines)
