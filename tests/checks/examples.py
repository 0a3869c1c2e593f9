"""
For every error a declaration that is wrong, and the same declaration mended.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from types import ModuleType
from typing import Any

from django.http import HttpResponse
from pydantic import BaseModel
from rest_framework.permissions import IsAuthenticated
from rest_framework.throttling import UserRateThrottle

from mizan.client import MizanError, client
from mizan.protocol import errors
from mizan.setup import serve_module
from tests.checks.messages import serve


class Unservable:
    """Pydantic has no schema for it."""


def no_return_type() -> None:
    @client(auth=False)
    def wrong(request: Any, text: str): ...

    serve(wrong)


def no_return_type_mended() -> None:
    @client(auth=False)
    def right(request: Any, text: str) -> None: ...

    serve(right)


def unservable_type() -> None:
    @client(auth=False)
    def wrong(request: Any, thing: Unservable) -> None: ...

    serve(wrong)


def unservable_type_mended() -> None:
    class Thing(BaseModel):
        name: str

    @client(auth=False)
    def right(request: Any, thing: Thing) -> None: ...

    serve(right)


def duplicate_function() -> None:
    def one() -> Callable[..., Any]:
        @client(auth=False)
        def echo(request: Any) -> None: ...

        return echo

    def other() -> Callable[..., Any]:
        @client(auth=False)
        def echo(request: Any) -> None:
            """Another one."""

        return echo

    serve(one(), other())


def duplicate_function_mended() -> None:
    @client(auth=False)
    def echo(request: Any) -> None: ...

    serve(echo, echo)


def unknown_affects() -> None:
    @client(auth=False, affects="usr")
    def wrong(request: Any) -> None: ...

    serve(wrong)


def unknown_affects_mended() -> None:
    @client(auth=False, context="user")
    def reader(request: Any) -> None: ...

    @client(auth=False, affects="user")
    def right(request: Any) -> None: ...

    serve(reader, right)


def model(name: str, /, **fields: type) -> type[BaseModel]:
    return type(name, (BaseModel,), {"__annotations__": fields, "__module__": f"{name}_{min(fields)}"})


def duplicate_model() -> None:
    one, other = model("Item", name=str), model("Item", price=int)

    @client(auth=False)
    def one_item(request: Any, item: one) -> None: ...  # type: ignore[valid-type]

    @client(auth=False)
    def other_item(request: Any, item: other) -> None: ...  # type: ignore[valid-type]

    serve(one_item, other_item)


def duplicate_model_mended() -> None:
    one, other = model("Item", name=str), model("Price", price=int)

    @client(auth=False)
    def one_item(request: Any, item: one) -> None: ...  # type: ignore[valid-type]

    @client(auth=False)
    def other_item(request: Any, item: other) -> None: ...  # type: ignore[valid-type]

    serve(one_item, other_item)


def context_parameter() -> None:
    @client(auth=False, context="user")
    def one(request: Any, id: int) -> None: ...

    @client(auth=False, context="user")
    def other(request: Any, id: str) -> None: ...

    serve(one, other)


def context_parameter_mended() -> None:
    @client(auth=False, context="user")
    def one(request: Any, id: int) -> None: ...

    @client(auth=False, context="user")
    def other(request: Any, id: int = 1) -> None: ...

    serve(one, other)


def bad_name() -> None:
    @client(auth=False, name="say it")
    def wrong(request: Any) -> None: ...

    serve(wrong)


def bad_name_mended() -> None:
    @client(auth=False, name="say.it")
    def right(request: Any) -> None: ...

    serve(right)


def bad_auth() -> None:
    @client(auth=42)
    def wrong(request: Any) -> None: ...

    serve(wrong)


def bad_auth_mended() -> None:
    @client(auth=[IsAuthenticated])
    def right(request: Any) -> None: ...

    serve(right)


def bad_signature() -> None:
    @client(auth=False)
    def wrong(request: Any, *texts: str) -> None: ...

    serve(wrong)


def bad_signature_mended() -> None:
    @client(auth=False)
    def right(request: Any, *, text: str) -> None: ...

    serve(right)


def bad_route() -> None:
    @client(auth=False, route="/orders/<int:id>/")
    def wrong(request: Any) -> HttpResponse:
        return HttpResponse()

    serve(wrong)


def bad_route_mended() -> None:
    @client(auth=False, route="/orders/<int:id>/")
    def right(request: Any, id: int) -> HttpResponse:
        return HttpResponse()

    serve(right)


def clashing_options() -> None:
    @client(auth=False, methods=["GET"])
    def wrong(request: Any) -> None: ...

    serve(wrong)


def clashing_options_mended() -> None:
    @client(auth=False, methods=["GET", "POST"], route="/x/")
    def right(request: Any) -> HttpResponse:
        return HttpResponse()

    serve(right)


def bad_merge() -> None:
    @client(auth=False, context="user")
    def reader(request: Any) -> str:
        return ""

    @client(auth=False, merge=reader)
    def wrong(request: Any) -> int:
        return 1

    serve(reader, wrong)


def bad_merge_mended() -> None:
    @client(auth=False, context="user")
    def reader(request: Any) -> str:
        return ""

    @client(auth=False, merge=reader)
    def right(request: Any) -> str:
        return ""

    serve(reader, right)


def bad_raises() -> None:
    @client(auth=False, raises=ValueError)
    def wrong(request: Any) -> None: ...

    serve(wrong)


def bad_raises_mended() -> None:
    class OutOfStock(MizanError):
        status = 409

    @client(auth=False, raises=OutOfStock)
    def right(request: Any) -> None: ...

    serve(right)


class TenAMinute(UserRateThrottle):
    rate = "10/min"


def bad_throttle() -> None:
    @client(auth=False, throttle="often")
    def wrong(request: Any) -> None: ...

    serve(wrong)


def bad_throttle_mended() -> None:
    @client(auth=False, throttle=["10/min", TenAMinute])
    def right(request: Any) -> None: ...

    serve(right)


def bad_watch() -> None:
    @client(auth=False, context="shelf", watch={"things.Thing": "owner_id"})
    def wrong(request: Any, id: int) -> int: ...

    serve(wrong)


def bad_watch_mended() -> None:
    @client(auth=False, context="shelf", watch={"things.Thing": "shelf_id"})
    def right(request: Any, id: int) -> int: ...

    serve(right)


def passed_by(function: Callable[..., Any]) -> Callable[..., Any]:
    """A decorator as most are written."""

    @functools.wraps(function)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        return function(*args, **kwargs)

    return wrapper


def decorated() -> None:
    @passed_by
    @client(auth=False)
    def wrong(request: Any) -> None: ...

    serve(wrong)


def decorated_mended() -> None:
    @client(auth=False)
    @passed_by
    def right(request: Any) -> None: ...

    serve(right)


def method() -> None:
    module = ModuleType("tests.checks.shop")

    class Shop:
        @client(auth=False)
        def wrong(self, request: Any) -> None: ...

    Shop.__module__ = Shop.wrong.__module__ = module.__name__
    module.Shop = Shop  # type: ignore[attr-defined]  # what the module defines
    serve_module(module)


def method_mended() -> None:
    @client(auth=False)
    def right(request: Any) -> None: ...

    serve(right)


def client_name() -> None:
    @client(auth=False)
    def add_item(request: Any) -> None: ...

    @client(auth=False)
    def addItem(request: Any) -> None: ...  # noqa: N802 - the example

    serve(add_item, addItem)


def client_name_mended() -> None:
    @client(auth=False)
    def add_item(request: Any) -> None: ...

    @client(auth=False, name="add_items")
    def addItem(request: Any) -> None: ...  # noqa: N802 - the example

    serve(add_item, addItem)


def global_parameter() -> None:
    @client(auth=False, context="global")
    def wrong(request: Any, id: int) -> None: ...

    serve(wrong)


def global_parameter_mended() -> None:
    @client(auth=False, context="global")
    def right(request: Any, id: int = 1) -> None: ...

    serve(right)


ERRORS = {
    errors.E_NO_RETURN_TYPE: (no_return_type, no_return_type_mended),
    errors.E_UNSERVABLE_TYPE: (unservable_type, unservable_type_mended),
    errors.E_DUPLICATE_FUNCTION: (duplicate_function, duplicate_function_mended),
    errors.E_UNKNOWN_AFFECTS: (unknown_affects, unknown_affects_mended),
    errors.E_DUPLICATE_MODEL: (duplicate_model, duplicate_model_mended),
    errors.E_CONTEXT_PARAMETER: (context_parameter, context_parameter_mended),
    errors.E_NAME: (bad_name, bad_name_mended),
    errors.E_AUTH: (bad_auth, bad_auth_mended),
    errors.E_SIGNATURE: (bad_signature, bad_signature_mended),
    errors.E_ROUTE: (bad_route, bad_route_mended),
    errors.E_OPTIONS: (clashing_options, clashing_options_mended),
    errors.E_MERGE: (bad_merge, bad_merge_mended),
    errors.E_RAISES: (bad_raises, bad_raises_mended),
    errors.E_THROTTLE: (bad_throttle, bad_throttle_mended),
    errors.E_WATCH: (bad_watch, bad_watch_mended),
    errors.E_DECORATED: (decorated, decorated_mended),
    errors.E_METHOD: (method, method_mended),
    errors.E_CLIENT_NAME: (client_name, client_name_mended),
    errors.E_GLOBAL_PARAMETER: (global_parameter, global_parameter_mended),
}
