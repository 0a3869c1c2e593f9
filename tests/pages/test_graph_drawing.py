"""
The drawing of the invalidation graph.
"""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree as ET

import pytest

from mizan.client import client
from mizan.pages.graph_drawing import Drawing, Mutation
from mizan.pages.index import draw_graph
from mizan.protocol.graph import ContextGroup, ContextReader, Target
from mizan.protocol.specs import FunctionSpec
from mizan.service.current import current_service
from tests.api import PREFIX, Api
from tests.pages.shop import serve_shop

SVG = "{http://www.w3.org/2000/svg}"


def drawn(service_prefix: str = PREFIX) -> ET.Element:
    """The graph of the registered functions as a tree."""
    return ET.fromstring(draw_graph(current_service(), service_prefix))


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
