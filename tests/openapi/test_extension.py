"""
What OpenAPI has no words for.
"""

from __future__ import annotations

from typing import Any

from mizan.openapi.extension import context_extension, function_extension, view_extension
from mizan.protocol.graph import Target
from mizan.protocol.specs import FunctionSpec


def function(request: Any) -> None: ...


def test_what_is_as_the_defaults_say_is_left_out() -> None:
    """A reader of the document need not pass over what says nothing."""
    assert function_extension(FunctionSpec(function, "echo"), auth_level="open") == {
        "kind": "function",
        "name": "echo",
        "module": __name__,
        "transports": ["http"],
        "auth": "open",
    }


def test_what_is_declared_is_said() -> None:
    """Each with the words of the protocol."""
    spec = FunctionSpec(function, "echo", auth="shop.buy", websocket=True, rev=2, cache=False, context="user")
    extension = function_extension(
        spec, auth_level="permission", affects=[Target("user", None, ("id",))], merges=[Target("user", "profile")]
    )

    assert (extension["permission"], extension["rev"], extension["cache"], extension["context"]) == (
        "shop.buy",
        2,
        False,
        "user",
    )
    assert extension["transports"] == ["http", "websocket"]
    assert extension["affects"] == [{"context": "user", "params": ["id"]}]
    assert extension["merge"] == [{"context": "user", "function": "profile"}]


def test_a_context_names_its_readers_and_what_they_take() -> None:
    """In their order."""
    assert context_extension("user", {"profile": ("id",), "count": ()})["functions"] == [
        {"name": "profile", "params": ["id"]},
        {"name": "count"},
    ]


def test_a_view_function_says_where_it_is() -> None:
    """GET is its method where it names none."""
    extension = view_extension(FunctionSpec(function, "page", route="/page/"), auth_level="open")

    assert (extension["kind"], extension["route"], extension["methods"]) == ("view", "/page/", ["GET"])
