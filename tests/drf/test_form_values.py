"""
Forms of the browsable API, sent as a browser sends them: every input, as it was shown or as somebody filled it in.
"""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import pytest
from django.http import HttpResponse
from pydantic import BaseModel
from rest_framework import serializers

from mizan.client import client
from tests.api import PREFIX, Api

HTML = {"HTTP_ACCEPT": "text/html,application/xhtml+xml,*/*;q=0.8"}


class Node(BaseModel):
    value: int
    children: list[Node] = []
    parent: Node | None = None


class Point(BaseModel):
    x: float
    y: float = 0.0


class Everything(BaseModel):
    pair: tuple[int, str] = (1, "x")
    counts: dict[str, int] = {}
    some: int | None = None
    either: int | list[int] = 3
    on: bool
    off: bool = True


class Row(serializers.Serializer[Any]):
    name = serializers.CharField()
    sizes = serializers.ListField(child=serializers.IntegerField(), required=False)
    spare = serializers.DictField(required=False)


class _Form(HTMLParser):
    """What a browser would send for the form of a page that nobody has touched."""

    def __init__(self, page: HttpResponse) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self._textarea: str | None = None
        self._select: str | None = None
        self._is_call = False
        self.feed(page.content.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._is_call = given.get("class") == "call"
        name = given.get("name")
        if not self._is_call:
            return
        if tag == "input" and name:
            if given.get("type") != "checkbox" or "checked" in given:
                self.values[name] = given.get("value", "true" if given.get("type") == "checkbox" else "")
        elif tag == "textarea" and name:
            self._textarea, self.values[name] = name, ""
        elif tag == "select" and name:
            self._select = name
        elif tag == "option" and self._select and ("selected" in given or self._select not in self.values):
            self.values[self._select] = given.get("value", "")

    def handle_data(self, data: str) -> None:
        if self._textarea is not None:
            self.values[self._textarea] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._textarea = None
        elif tag == "select":
            self._select = None


def send(api: Api, name: str, **filled: str) -> Any:
    """Open the page of *name*, fill in its form, send it; the result or the messages."""
    values = _Form(api.get(f"call/{name}/", **HTML)).values
    values.pop("csrfmiddlewaretoken", None)
    values.update({key.replace("__", "."): value for key, value in filled.items()})
    body = api.http.post(f"{PREFIX}call/{name}/", values).json()
    return body["result"] if "result" in body else body["details"]["fields"]


@pytest.fixture
def forms(api: Api, settings: Any) -> Api:
    """Functions that take models."""
    settings.MIZAN_SHOW_DOCS = True

    @client(auth=False)
    def plant(request: Any, node: Node) -> Node:
        return node

    @client(auth=False)
    def keep(request: Any, all: Everything) -> Everything:
        return all

    @client(auth=False)
    def move(request: Any, to: Point = Point(x=1, y=2), past: Point | None = None) -> list[Point | None]:
        return [to, past]

    @client(auth=False)
    def aim(request: Any, at: Point | None) -> Point | None:
        return at

    @client(auth=False)
    def add(request: Any, row: Row) -> dict[str, Any]:
        return dict(row.validated_data)

    api.serve(plant, keep, move, aim, add)
    return api


def test_a_form_is_sent_as_it_was_shown(forms: Api) -> None:
    """With what is required filled in, and nothing else touched."""
    assert send(forms, "plant", node__value="1") == {"value": 1, "children": [], "parent": None}
    assert send(forms, "keep") == {
        "pair": [1, "x"],
        "counts": {},
        "some": None,
        "either": 3,
        "on": False,
        "off": True,
    }
    assert send(forms, "move") == [{"x": 1.0, "y": 2.0}, None]
    assert send(forms, "aim") is None
    assert send(forms, "add", row__name="a") == {"name": "a", "sizes": [], "spare": {}}


def test_what_a_browser_has_no_input_for_is_json_at_any_depth(forms: Api) -> None:
    """Lists, maps, tuples and unions inside of models, and of DRF's serializers."""
    children = '[{"value": 2}]'
    assert send(forms, "plant", node__value="1", node__children=children)["children"] == [
        {"value": 2, "children": [], "parent": None}
    ]
    kept = send(forms, "keep", all__pair='[2, "y"]', all__counts='{"a": 1}', all__either="[4]", all__on="on")
    assert (kept["pair"], kept["counts"], kept["either"], kept["on"]) == ([2, "y"], {"a": 1}, [4], True)
    assert send(forms, "add", row__name="a", row__sizes="[1, 2]", row__spare='{"b": 3}') == {
        "name": "a",
        "sizes": [1, 2],
        "spare": {"b": 3},
    }


def test_a_model_that_somebody_touched_is_sent(forms: Api) -> None:
    """With what it lacks named at its field."""
    assert send(forms, "move", to__x="5", past__x="7") == [{"x": 5.0, "y": 2.0}, {"x": 7.0, "y": 0.0}]
    assert send(forms, "aim", at__x="5") == {"x": 5.0, "y": 0.0}
    assert list(send(forms, "aim", at__y="5")) == ["at.x"]
    assert list(send(forms, "plant", node__children="[")) == ["node.value", "node.children"]
    assert list(send(forms, "add", row__name="a", row__sizes='["b"]')) == ["row.sizes.0"]
