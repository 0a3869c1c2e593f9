"""
The description that `@client` hangs on a function.
"""

from __future__ import annotations

from typing import Any

from mizan.client import client
from mizan.protocol.specs import FunctionSpec, ReactContext, spec_of


def test_a_spec_is_found_on_its_function() -> None:
    """And on nothing else that happens to have an attribute of that name."""

    @client(auth=False, websocket=True)
    async def echo(request: Any) -> None: ...

    class Pretender:
        __mizan__ = "something else"

    spec = spec_of(echo)

    assert spec is not None
    assert (spec.name, spec.is_async, spec.is_view, spec.transports) == ("echo", True, False, ("http", "websocket"))
    assert spec.where.endswith(".echo")
    assert [spec_of(other) for other in (Pretender(), len, None, 5)] == [None] * 4


def test_a_renamed_spec_is_of_the_same_function() -> None:
    """Only its name on the wire is another one."""

    def echo(request: Any) -> None: ...

    spec = FunctionSpec(echo, "echo", rev=3)

    assert spec.renamed("say") == FunctionSpec(echo, "say", rev=3)
    assert spec.name == "echo"


def test_the_app_is_the_part_of_the_path_before_clients() -> None:
    """It groups the functions in the document."""

    def function_of(module: str) -> FunctionSpec:
        def function(request: Any) -> None: ...

        function.__module__ = module
        return FunctionSpec(function, "function")

    apps = [function_of(name).app for name in ("shop.clients.orders", "project.shop.clients", "shop", "project.views")]

    assert apps == ["shop", "shop", "shop", "views"]


def test_a_context_is_its_name() -> None:
    """However often it is declared."""
    assert ReactContext("user") == ReactContext("user") != ReactContext("users")
    assert str(ReactContext("user")) == "user"
