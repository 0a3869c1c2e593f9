"""
The surfaces as one, and the functions of the table that runs through them.
"""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from asgiref.sync import async_to_sync, sync_to_async
from django.contrib.auth.models import AnonymousUser, Permission, User
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.template import Context, Template
from django.test import AsyncClient, Client, RequestFactory
from pydantic import BaseModel, Field
from rest_framework import exceptions

from mizan.cache.current import current_cache
from mizan.client import MizanError, client
from mizan.setup import register
from mizan.testing import Caller
from tests.things.models import Thing

PREFIX = "/api/mizan/"
SECRET = "tests-only-0123456789abcdefghijklmnop"


class OutOfStock(MizanError):
    status = 409
    message = "There are not enough."

    class Details(BaseModel):
        left: int


class Order(BaseModel):
    sku: Annotated[str, Field(min_length=1)]
    amount: Annotated[int, Field(ge=1)] = 1


def may_order(request: Any) -> bool:
    return bool(request.user.get_username() == "ann")


def breaks(request: Any) -> bool:
    raise RuntimeError("secret")


def says_maybe(request: Any) -> Any:
    return "maybe"


async def knows_later(request: Any) -> bool:
    return bool(request.user.is_authenticated)


# Who may call, by a name for the row.
GATES: dict[str, Any] = {
    "open": False,
    "default": None,
    "members": True,
    "staff": "staff",
    "superusers": "superuser",
    "codename": "things.change_thing",
    "predicate": may_order,
    "broken_predicate": breaks,
    "vague_predicate": says_maybe,
    "async_predicate": knows_later,
}

# What a function does beside answering.
ENDS: dict[str, Callable[[], Any]] = {
    "declared": lambda: _raise(OutOfStock(left=1)),
    "missing_row": lambda: Thing.objects.get(pk=0),
    "missing_page": lambda: _raise(Http404("secret")),
    "forbidden": lambda: _raise(PermissionDenied("not here")),
    "bug": lambda: _raise(RuntimeError("secret")),
    "wrong_result": lambda: "no number",
    "too_large": lambda: 2**60,
    "unauthenticated": lambda: _raise(exceptions.AuthenticationFailed("not you")),
    "throttled_elsewhere": lambda: _raise(exceptions.Throttled(wait=5)),
    "refused_by_a_serializer": lambda: _raise(exceptions.ValidationError({"sku": ["gone"]})),
}

ARGUMENTS: dict[str, dict[str, Any]] = {
    "as they should be": {"order": {"sku": "a", "amount": 2}},
    "left to their default": {"order": {"sku": "a"}},
    "as text": {"order": {"sku": "a", "amount": "2"}},
    "none": {},
    "of another type": {"order": {"sku": 1, "amount": "x"}},
    "out of bounds": {"order": {"sku": "", "amount": 0}},
    "unknown": {"order": {"sku": "a"}, "color": "red"},
    "that nothing can keep": {"order": {"sku": "a\x00"}},
    "null": {"order": None},
    "a list": {"order": []},
}


def _raise(error: Exception) -> Any:
    raise error


def declare(is_async: bool) -> None:
    """Every function of the table, as ``def`` or as ``async def``."""

    def add(name: str, body: Callable[..., Any], **options: Any) -> None:
        function = _awaited(body) if is_async else body
        function.__name__ = function.__qualname__ = name
        register(client(**options)(function))

    for name, auth in GATES.items():
        add(f"call_{name}", _answer(), auth=auth)
        add(f"read_{name}", _answer(), auth=auth, context=name)
        add(f"mixed_{name}", _answer(), auth=auth, context="mixed")
    for name, end in ENDS.items():
        add(f"call_{name}", _ending(end), auth=False, raises=OutOfStock)
        add(f"read_{name}", _ending(end), auth=False, context=name)
        add(f"beside_{name}", _ending(end), auth=False, context="failing")
    add("beside_all", _answer(), auth=False, context="failing")
    add("call_throttled", _answer(), auth=False, throttle="2/min")
    add("read_throttled", _answer(), auth=False, throttle="2/min", context="throttled")
    add("order", _order(), auth=False)
    add("row", _row(), auth=False, context="row")
    add("row_of_members", _row(), auth=True, context="row")
    add("change_row", _row(), auth=True, affects="row")
    add("change_row_and_value", _row(), auth=True, affects="row", merge="row_value")
    add("value", _row(), auth=False, context="row_value")
    add("blob", _blob(), auth=False, context="blob")
    add("write_and_fail", _writing(), auth=False)


def _awaited(body: Callable[..., Any]) -> Callable[..., Any]:
    async def function(request: Any, **arguments: Any) -> Any:
        return await sync_to_async(body)(request, **arguments)

    function.__signature__ = inspect.signature(body)  # type: ignore[attr-defined]  # what `client` reads
    function.__annotations__ = dict(body.__annotations__)
    return function


def _answer() -> Callable[..., Any]:
    def function(request: Any) -> str:
        return str(request.user.get_username()) or "nobody"

    return function


def _ending(end: Callable[[], Any]) -> Callable[..., Any]:
    def function(request: Any) -> int:
        result: int = end()
        return result

    return function


def _order() -> Callable[..., Any]:
    def function(request: Any, order: Order) -> Order:
        return order

    return function


def _blob() -> Callable[..., Any]:
    def function(request: Any, data: bytes, label: str | None) -> str:
        return f"{data.hex()} {label}"

    return function


def _writing() -> Callable[..., Any]:
    def function(request: Any) -> None:
        Thing.objects.create(name="written")
        raise RuntimeError

    return function


def _row() -> Callable[..., Any]:
    def function(request: Any, id: int, color: str | None = None) -> str:
        return f"{id} {color}"

    return function


USERS: dict[str, dict[str, Any] | None] = {
    "visitor": None,
    "ann": {"username": "ann"},
    "bob": {"username": "bob"},
    "inactive": {"username": "ann", "is_active": False},
    "staff": {"username": "sue", "is_staff": True},
    "superuser": {"username": "root", "is_superuser": True},
    "permitted": {"username": "pat"},
}


def make_user(name: str) -> User | None:
    fields = USERS[name]
    if fields is None:
        return None
    user = User.objects.create(**fields)
    if name == "permitted":
        user.user_permissions.add(Permission.objects.get(codename="change_thing"))
    return user


@dataclass(frozen=True)
class Envelope:
    """What a surface answered: its status, and its body without what is new each time."""

    status: int
    body: Any
    cache_status: str = ""


def envelope(status: int, body: Any, cache_status: str = "") -> Envelope:
    text = re.sub(r'"(error_id|event)": "[0-9a-f]+"', r'"\1": "…"', json.dumps(body))
    return Envelope(status, json.loads(text), cache_status)


class Surface:
    """A way to call functions and read contexts as *user*."""

    def __init__(self, user: User | None) -> None:
        self.user = user

    def call(self, function: str, arguments: dict[str, Any]) -> Envelope:
        raise NotImplementedError

    def read(self, context: str, params: dict[str, Any], only: list[str] | None = None) -> Envelope:
        raise NotImplementedError


class Wsgi(Surface):
    def _client(self) -> Any:
        browser = Client(raise_request_exception=False)
        if self.user is not None:
            browser.force_login(self.user)
        return browser

    def call(self, function: str, arguments: dict[str, Any]) -> Envelope:
        response = self._client().post(f"{PREFIX}call/{function}/", arguments, content_type="application/json")
        return envelope(response.status_code, response.json())

    def read(self, context: str, params: dict[str, Any], only: list[str] | None = None) -> Envelope:
        query = {**params, **({} if only is None else {"~only": ",".join(only)})}
        response = self._client().get(f"{PREFIX}ctx/{context}/", query)
        return envelope(response.status_code, response.json(), response.headers.get("X-Mizan-Cache", ""))


class Asgi(Surface):
    async def _client(self) -> AsyncClient:
        browser = AsyncClient(raise_request_exception=False)
        if self.user is not None:
            await browser.aforce_login(self.user)
        return browser

    def call(self, function: str, arguments: dict[str, Any]) -> Envelope:
        async def send() -> Any:
            browser = await self._client()
            return await browser.post(f"{PREFIX}call/{function}/", arguments, content_type="application/json")

        response = async_to_sync(send)()
        return envelope(response.status_code, response.json())

    def read(self, context: str, params: dict[str, Any], only: list[str] | None = None) -> Envelope:
        query = {**params, **({} if only is None else {"~only": ",".join(only)})}

        async def send() -> Any:
            browser = await self._client()
            return await browser.get(f"{PREFIX}ctx/{context}/", query)

        response = async_to_sync(send)()
        return envelope(response.status_code, response.json(), response.headers.get("X-Mizan-Cache", ""))


class InProcess(Surface):
    def call(self, function: str, arguments: dict[str, Any]) -> Envelope:
        answer = Caller(self.user).call(function, **arguments)
        return envelope(answer.status, answer)

    def read(self, context: str, params: dict[str, Any], only: list[str] | None = None) -> Envelope:
        answer = Caller(self.user).read(context, only, **params)
        return envelope(answer.status, answer, answer.cache_status)


class InProcessOnLoop(Surface):
    def call(self, function: str, arguments: dict[str, Any]) -> Envelope:
        answer = async_to_sync(Caller(self.user).acall)(function, **arguments)
        return envelope(answer.status, answer)

    def read(self, context: str, params: dict[str, Any], only: list[str] | None = None) -> Envelope:
        answer = async_to_sync(Caller(self.user).aread)(context, only, **params)
        return envelope(answer.status, answer, answer.cache_status)


SURFACES: tuple[type[Surface], ...] = (Wsgi, Asgi, InProcess, InProcessOnLoop)


def hydrated(user: User | None, context: str, params: dict[str, Any]) -> Any:
    """The data of *context* in a page, or None where the page does without."""
    request = RequestFactory().get("/")
    request.user = user or AnonymousUser()
    html = Template("{% load mizan %}{% mizan_hydration " + f"{context}=params" + " %}").render(
        Context({"request": request, "params": params})
    )
    payload = json.loads(html.partition(">")[2].removesuffix("</script>"))
    [data] = [one["data"] for one in payload["contexts"] if one["name"] == context] or [None]
    return None if data is None else envelope(200, data).body


def forget_everything() -> None:
    """What one surface has left behind is nothing to the next: throttled callers, cached answers."""
    cache.clear()
    own = current_cache()
    if own is not None:
        own.entries.breaker.invalidate({own.keys.tag(name): own.keys.tag(name) for name in (*GATES, *ENDS, *OTHERS)})


OTHERS = ("mixed", "failing", "throttled", "row", "row_value", "blob")
