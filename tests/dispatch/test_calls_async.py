"""
Functions that are `async def`, and results that ask the database when they are written.
"""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.test import AsyncClient, Client
from pydantic import BaseModel

from mizan.client import MizanError, client
from tests.api import Api, code_of
from tests.things.models import Shelf, Thing


class ThingOut(BaseModel):
    name: str
    price: Decimal


class OutOfStock(MizanError):
    """Nothing left."""

    status = 409
    message = "Sold out."

    class Details(BaseModel):
        remaining: Decimal


async def test_an_async_function_runs_on_the_event_loop(api: Api) -> None:
    """Natively under ASGI, with the user, the ORM's own async methods, errors and both addresses."""
    loop = asyncio.get_running_loop()

    @client(auth=False)
    async def where(request: Any) -> bool:
        user = await request.auser()
        return asyncio.get_running_loop() is loop and user.is_anonymous

    @client(auth=False)
    async def fail(request: Any) -> None:
        raise OutOfStock(remaining=1)

    @client(auth=True)
    async def secret(request: Any) -> None: ...

    api.serve(where, fail, secret)
    http = AsyncClient(raise_request_exception=False)

    async def post(path: str, body: Any) -> Any:
        return await http.post(f"/api/mizan/{path}", json.dumps(body), content_type="application/json")

    assert (await post("call/where/", {})).json() == {"result": True}
    assert (await post("call/", {"fn": "where"})).json() == {"result": True}
    assert code_of(await post("call/fail/", {})) == "OUT_OF_STOCK"
    assert code_of(await post("call/secret/", {})) == "UNAUTHORIZED"
    assert code_of(await post("call/where/", [])) == "BAD_REQUEST"
    assert (await http.get("/api/mizan/call/where/")).status_code == 405


@pytest.mark.django_db(transaction=True)
async def test_a_queryset_of_an_async_function_is_read_in_a_thread(api: Api) -> None:
    """It asks the database only when it is written, on the event loop if nobody minds it."""

    @client(auth=False)
    async def things(request: Any) -> list[ThingOut]:
        return Thing.objects.order_by("name")  # type: ignore[return-value]  # a queryset is a list on the wire

    api.serve(things)
    await Thing.objects.acreate(name="chair", price=Decimal(1))

    response = await AsyncClient().post("/api/mizan/call/things/", {}, content_type="application/json")

    assert response.json() == {"result": [{"name": "chair", "price": "1.00"}]}


@pytest.mark.django_db(transaction=True)
def test_an_async_function_uses_the_orm_under_wsgi_too(api: Api) -> None:
    """Its async methods work whatever server runs it."""

    @client(auth=False)
    async def count(request: Any) -> int:
        await Thing.objects.acreate(name="one")
        return await Thing.objects.acount()

    api.serve(count)

    assert Client().post("/api/mizan/call/count/", "{}", content_type="application/json").json() == {"result": 1}
    assert datetime.now(UTC) > datetime(2026, 1, 1, tzinfo=UTC)


class ShelfOut(BaseModel):
    name: str


class Shelved(BaseModel):
    name: str
    shelf: ShelfOut | None


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("how", ["get", "only", "list", "generator", "property", "dict"])
def test_a_row_may_ask_the_database_when_it_is_written(api: Api, how: str) -> None:
    """A relation that was not loaded, a deferred column, a property: all of them at the end of an ``async def``."""
    shelf = Shelf.objects.create(name="A")
    Thing.objects.create(name="a", shelf=shelf)

    class Counting:
        name = "a"

        @property
        def shelf(self) -> Shelf:
            return Shelf.objects.get()

    async def rows() -> list[Thing]:
        return [thing async for thing in Thing.objects.all()]

    async def value() -> Any:
        match how:
            case "get":
                return [await Thing.objects.aget()]
            case "only":
                return [await Thing.objects.only("price").aget()]
            case "list":
                return await rows()
            case "generator":
                return iter(await rows())
            case "property":
                return [Counting()]
        return [{"name": "a", "shelf": (await rows())[0].shelf_id and LazyShelf()}]

    class LazyShelf:
        @property
        def name(self) -> str:
            return Shelf.objects.get().name

    @client(auth=False)
    async def things(request: Any) -> list[Shelved]:
        result: list[Shelved] = await value()
        return result

    @client(auth=False, context="shelved")
    async def shelved(request: Any) -> list[Shelved]:
        result: list[Shelved] = await value()
        return result

    api.serve(things, shelved)
    expected = [{"name": "a", "shelf": {"name": "A"}}]

    assert api.call("things").json() == {"result": expected}
    assert api.get("ctx/shelved/").json() == {"shelved": expected}
