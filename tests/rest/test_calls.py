"""
Calling functions over HTTP: arguments, results, failures, and what a success makes stale.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Literal
from uuid import UUID

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import Http404
from django.test import AsyncClient, Client
from pydantic import BaseModel, Field
from rest_framework import exceptions, serializers
from typing_extensions import TypedDict

from mizan.client import Conflict, MizanError, NotFound, client
from mizan.types import BigInt, Upload
from tests.rest.conftest import Api, code_of
from tests.things.models import Shelf, Thing


class ThingOut(BaseModel):
    name: str
    price: Decimal


def test_a_function_stays_the_function_it_was() -> None:
    """A unit test calls it with no server."""

    @client
    def echo(request: Any, text: str) -> str:
        return text

    assert echo(None, text="hi") == "hi"
    assert echo.__name__ == "echo"


def test_both_addresses_run_the_same_function(api: Api) -> None:
    """`call/` and `call/<name>/` are one code path."""

    @client(auth=False)
    def echo(request: Any, text: str, times: int = 1) -> dict[str, str]:
        return {"message": text * times}

    api.serve(echo)

    assert api.call("echo", text="hi").json() == {"result": {"message": "hi"}}
    assert api.post("call/", {"fn": "echo", "args": {"text": "hi", "times": 2}}).json() == {
        "result": {"message": "hihi"}
    }


def test_every_scalar_comes_back_as_it_was_sent(api: Api) -> None:
    """Case 7: exact text for what JSON numbers and strings would blur."""

    class Everything(BaseModel):
        decimal: Decimal
        moment: datetime
        day: date
        clock: time
        span: timedelta
        key: UUID
        data: bytes
        big: BigInt

    @client(auth=False)
    def same(request: Any, value: Everything) -> Everything:
        return value

    api.serve(same)
    sent = {
        "decimal": "1.10",
        "moment": "2026-03-29T02:30:00.123456+01:00",
        "day": "2026-02-28",
        "clock": "23:59:59.999999",
        "span": "P1DT2H0M0.5S",
        "key": "a8098c1a-f86e-11da-bd1a-00112444be1e",
        "data": "AP+A/w==",
        "big": "123456789012345678901234567890",
    }

    assert api.call("same", value=sent).json()["result"] == sent


def test_types_of_every_kind_are_served(api: Api) -> None:
    """Dataclasses, TypedDicts, enums, literals, unions, tuples, maps and recursive models, all hinted as text."""

    class Colour(Enum):
        RED = "red"

    @dataclass
    class Point:
        x: int
        y: int = 0

    class Options(TypedDict, total=False):
        deep: bool

    class Cat(BaseModel):
        kind: Literal["cat"]

    class Dog(BaseModel):
        kind: Literal["dog"]

    class Tree(BaseModel):
        children: list[Tree] = []

    @client(auth=False)
    def kinds(
        request: Any,
        colour: Colour,
        point: Point,
        options: Options,
        pet: Annotated[Cat | Dog, Field(discriminator="kind")],
        pair: tuple[int, str],
        counts: dict[str, int],
        tree: Tree,
        size: Annotated[int, Field(ge=1, le=3)],
        maybe: str | None = None,
    ) -> list[str]:
        return [type(value).__name__ for value in (colour, point, options, pet, pair, counts, tree, size, maybe)]

    Tree.model_rebuild()
    api.serve(kinds)
    arguments = {
        "colour": "red",
        "point": {"x": 1},
        "options": {},
        "pet": {"kind": "dog"},
        "pair": [1, "a"],
        "counts": {"a": 1},
        "tree": {"children": [{"children": []}]},
        "size": 3,
    }

    assert api.call("kinds", **arguments).json()["result"] == [
        "Colour", "Point", "dict", "Dog", "tuple", "dict", "Tree", "int", "NoneType",
    ]  # fmt: skip
    assert list(api.call("kinds", **{**arguments, "size": 4, "pair": [1]}).json()["details"]["fields"]) == [
        "pair.1",
        "size",
    ]


def test_arguments_may_be_called_like_attributes_of_models(api: Api) -> None:
    """`schema`, `copy` and `_x` are fine names for arguments."""

    @client(auth=False)
    def odd(request: Any, schema: int, copy: str, model_config: bool = True) -> list[Any]:
        return [schema, copy, model_config]

    api.serve(odd)

    assert api.call("odd", schema=1, copy="c").json() == {"result": [1, "c", True]}
    assert list(api.call("odd", schema="x", copy="c").json()["details"]["fields"]) == ["schema"]


@pytest.mark.django_db
def test_rows_become_what_the_type_declares_and_nothing_else(api: Api) -> None:
    """A queryset, a related manager and a dict with too much give only the declared fields."""

    class ShelfOut(BaseModel):
        name: str
        things: list[ThingOut]

    @client(auth=False)
    def shelves(request: Any) -> list[ShelfOut]:
        return Shelf.objects.all()

    @client(auth=False)
    def leaky(request: Any) -> ThingOut:
        return {"name": "a", "price": "1.10", "password": "secret"}

    Thing.objects.create(name="lamp", price="1.10", shelf=Shelf.objects.create(name="top"))
    api.serve(shelves, leaky)

    assert api.call("shelves").json()["result"] == [{"name": "top", "things": [{"name": "lamp", "price": "1.10"}]}]
    assert api.call("leaky").json()["result"] == {"name": "a", "price": "1.10"}


@pytest.mark.parametrize("value", [{"name": "a"}, {"name": 1, "price": "x"}, None, float("nan")], ids=str)
def test_a_result_of_another_type_is_the_servers_fault(api: Api, value: Any) -> None:
    """The declared output is enforced; the client learns an id and no more."""

    @client(auth=False)
    def wrong(request: Any) -> ThingOut:
        return value

    @client(auth=False)
    def infinite(request: Any) -> float:
        return float("inf")

    api.serve(wrong, infinite)

    for name in ("wrong", "infinite"):
        response = api.call(name)
        assert (response.status_code, code_of(response)) == (500, "INTERNAL_ERROR")
        assert set(response.json()["details"]) == {"error_id"}


def test_integers_that_javascript_would_change_are_found_while_developing(api: Api, settings: Any) -> None:
    """Under DEBUG, even where a model lets them through."""
    settings.DEBUG = True

    class Row(BaseModel):
        id: int

    @client(auth=False)
    def row(request: Any) -> Row:
        return Row(id=2**53 + 1)

    api.serve(row)

    assert code_of(api.call("row")) == "INTERNAL_ERROR"


@pytest.mark.django_db
def test_drf_serializers_are_types_too(api: Api) -> None:
    """As input the validated serializer arrives, as output its representation leaves; errors have their path."""

    class ThingSerializer(serializers.ModelSerializer[Thing]):
        class Meta:
            model = Thing
            fields = ("id", "name", "price")

    @client(auth=False)
    def add(request: Any, thing: ThingSerializer) -> ThingSerializer:
        return thing.save()

    @client(auth=False)
    def listed(request: Any) -> list[ThingSerializer]:
        return Thing.objects.all()

    @client(auth=False)
    def typed(request: Any) -> Annotated[Thing, ThingSerializer]:
        return Thing.objects.get()

    api.serve(add, listed, typed)

    refused = api.call("add", thing={"name": "x" * 21, "price": "?"})
    added = api.call("add", thing={"name": "lamp", "price": "2.50"}).json()["result"]

    assert list(refused.json()["details"]["fields"]) == ["thing.name", "thing.price"]
    assert added == {"id": Thing.objects.get().pk, "name": "lamp", "price": "2.50"}
    assert api.call("listed").json()["result"] == [added]
    assert api.call("typed").json()["result"] == added


def test_forms_and_files_are_bodies_too(api: Api) -> None:
    """URL-encoded, multipart fields at the function's address, and `payload` at the RPC entry."""

    @client(auth=False)
    def upload(request: Any, files: list[Upload], note: str = "", sizes: list[int] | None = None) -> dict[str, Any]:
        return {"read": [file.read().decode() for file in files], "note": note, "sizes": sizes}

    @client(auth=False)
    def add(request: Any, a: int, b: int = 1, tags: list[str] = []) -> list[Any]:  # noqa: B006 - copied by pydantic
        return [a + b, tags]

    api.serve(upload, add)
    payload = json.dumps({"fn": "upload", "args": {"files": [None, None], "note": "n"}})

    sent = api.http.post(
        "/api/mizan/call/",
        {"payload": payload, "files.0": SimpleUploadedFile("a", b"A"), "files.1": SimpleUploadedFile("b", b"B")},
    )
    form = api.post("call/add/", "a=2&b=&tags=%5B%22x%22%5D", content_type="application/x-www-form-urlencoded")

    assert sent.json()["result"] == {"read": ["A", "B"], "note": "n", "sizes": None}
    assert form.json()["result"] == [3, ["x"]]


class OutOfStock(MizanError):
    """Nothing left."""

    status = 409
    message = "Sold out."

    class Details(BaseModel):
        left: Decimal


class Unreadable(MizanError):
    class Details(BaseModel):
        asked: list[str]


class Unavailable(exceptions.APIException):
    status_code = 503


class Unprocessable(exceptions.APIException):
    status_code = 422
    default_detail = {"a": ["Wrong."]}


@pytest.mark.parametrize(
    ("error", "status", "code", "details"),
    [
        (OutOfStock(left=Decimal("0.50")), 409, "OUT_OF_STOCK", {"left": "0.50"}),
        (NotFound("No such thing."), 404, "NOT_FOUND", None),
        (Conflict(), 409, "CONFLICT", None),
        (Http404("secret"), 404, "NOT_FOUND", None),
        (Thing.DoesNotExist("secret"), 404, "NOT_FOUND", None),
        (PermissionError("secret"), 500, "INTERNAL_ERROR", "id"),
        (
            ValidationError({"name": ["Too fast_path."]}),
            422,
            "VALIDATION_ERROR",
            {"fields": {"name": ["Too fast_path."]}},
        ),
        (ValidationError("No."), 422, "VALIDATION_ERROR", {"fields": {"": ["No."]}}),
        (serializers.ValidationError({"a": [{"b": ["x"]}]}), 422, "VALIDATION_ERROR", {"fields": {"a.0.b": ["x"]}}),
        (NotImplementedError("secret"), 500, "INTERNAL_ERROR", "id"),
        (UnicodeDecodeError("utf-8", b"secret", 0, 1, "x"), 500, "INTERNAL_ERROR", "id"),
        (exceptions.APIException("secret"), 500, "INTERNAL_ERROR", "id"),
        (Unavailable("secret"), 503, "INTERNAL_ERROR", "id"),
        (Unprocessable(), 422, "VALIDATION_ERROR", {"fields": {"a": ["Wrong."]}}),
        (serializers.ValidationError("half \ud800"), 422, "VALIDATION_ERROR", {"fields": {"": ["half ?"]}}),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else None,
)
def test_what_a_function_raises_becomes_one_shape(
    api: Api, error: Exception, status: int, code: str, details: Any
) -> None:
    """Its own errors whole, everybody's known ones by code, the rest as an id."""

    @client(auth=False)
    def fail(request: Any) -> None:
        raise error

    api.serve(fail)

    response = api.call("fail")

    assert (response.status_code, code_of(response)) == (status, code)
    assert b"secret" not in response.content
    if details == "id":
        assert set(response.json()["details"]) == {"error_id"}
    else:
        assert response.json().get("details") == details


@pytest.mark.parametrize("debug", [False, True])
def test_a_message_may_quote_what_is_no_text(api: Api, settings: Any, debug: bool) -> None:
    """Half a surrogate pair has no UTF-8; what is said of it has."""
    settings.DEBUG = debug

    @client(auth=False)
    def fail(request: Any) -> None:
        raise Unreadable("No \ud800 here.", asked=["\ud800"])

    api.serve(fail)

    assert api.call("fail").json() == {
        "error": True,
        "code": "UNREADABLE",
        "message": "No ? here.",
        "details": {"asked": ["?"]},
    }


def test_an_internal_error_is_logged_once_under_its_id(api: Api, caplog: pytest.LogCaptureFixture) -> None:
    """The id that the client got finds the traceback."""

    @client(auth=False)
    def fail(request: Any) -> None:
        raise RuntimeError("secret")

    api.serve(fail)
    error_id = api.call("fail").json()["details"]["error_id"]

    records = [record for record in caplog.records if error_id in record.getMessage()]
    assert len(records) == 1
    assert records[0].exc_info is not None


@pytest.mark.django_db(transaction=True)
def test_a_failure_takes_back_what_it_wrote(api: Api, settings: Any) -> None:
    """Under ATOMIC_REQUESTS, although the exception becomes a response."""
    databases = transaction.get_connection().settings_dict
    databases["ATOMIC_REQUESTS"] = True

    @client(auth=False)
    def half(request: Any) -> None:
        Thing.objects.create(name="half")
        raise OutOfStock(left=0)

    api.serve(half)
    try:
        api.call("half")
    finally:
        databases["ATOMIC_REQUESTS"] = False

    assert not Thing.objects.exists()


def test_a_mutation_says_what_it_made_stale(api: Api) -> None:
    """In the body and in the header, narrowed by the arguments that the context has too."""

    @client(auth=False, context="user")
    def user_profile(request: Any, id: int) -> dict[str, str]:
        return {}

    @client(auth=False, context="other")
    def other(request: Any) -> None: ...

    @client(auth=False, affects=["user", "other"])
    def rename(request: Any, id: int, name: str) -> None: ...

    @client(auth=False, affects=user_profile)
    def touch(request: Any, id: int | None = None) -> None: ...

    @client(auth=False, merge=user_profile)
    def replace(request: Any, id: int) -> dict[str, str]:
        return {"name": "new"}

    api.serve(user_profile, other, rename, touch, replace)

    renamed = api.call("rename", id="05", name="x")
    touched = api.call("touch")
    replaced = api.call("replace", id=5)

    assert renamed.json()["invalidate"] == [{"context": "user", "params": {"id": 5}}, "other"]
    assert renamed.headers["X-Mizan-Invalidate"] == "other, user;id=5"
    assert touched.json()["invalidate"] == [{"context": "user", "function": "user_profile"}]
    slot = {"context": "user", "function": "user_profile", "params": {"id": 5}, "value": {"name": "new"}}
    assert replaced.json()["merge"] == [slot]
    assert "invalidate" not in replaced.json()
    assert replaced.headers["X-Mizan-Invalidate"] == "user;id=5"
    assert renamed.json()["event"] != replaced.json()["event"]


def test_what_has_several_spellings_narrows_nothing(api: Api) -> None:
    """A client compares texts: it must not keep what is stale, nor take a value that is another reader's."""

    @client(auth=False, context="clip")
    def clip(request: Any, id: int, length: timedelta, key: bytes = b"") -> str:
        return "old"

    @client(auth=False, affects="clip")
    def cut(request: Any, id: int, length: timedelta) -> None: ...

    @client(auth=False, merge=clip)
    def seal(request: Any, id: int, key: bytes) -> str:
        return "new"

    api.serve(clip, cut, seal)

    assert api.call("cut", id=1, length="PT60M").json()["invalidate"] == [{"context": "clip", "params": {"id": 1}}]
    sealed = api.call("seal", id=1, key="/w==").json()
    assert sealed["invalidate"] == [{"context": "clip", "function": "clip", "params": {"id": 1}}]
    assert "merge" not in sealed


def test_a_failed_mutation_makes_nothing_stale(api: Api) -> None:
    """What did not happen changed nothing."""

    @client(auth=False, context="user")
    def user(request: Any) -> None: ...

    @client(auth=False, affects="user")
    def fail(request: Any) -> None:
        raise Conflict

    api.serve(user, fail)

    response = api.call("fail")

    assert "invalidate" not in response.json()
    assert "X-Mizan-Invalidate" not in response.headers


async def test_an_async_function_runs_on_the_event_loop(api: Api) -> None:
    """Natively under ASGI, with the user, the ORM's own async methods, errors and both addresses."""
    loop = asyncio.get_running_loop()

    @client(auth=False)
    async def where(request: Any) -> bool:
        user = await request.auser()
        return asyncio.get_running_loop() is loop and user.is_anonymous

    @client(auth=False)
    async def fail(request: Any) -> None:
        raise OutOfStock(left=1)

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


@pytest.mark.django_db
def test_a_throttled_function_says_when_to_come_back(api: Api) -> None:
    """TOO_MANY_REQUESTS with the seconds in the details and in Retry-After."""

    @client(auth=False, throttle="2/min")
    def rare(request: Any) -> None: ...

    api.serve(rare)

    statuses = [api.call("rare").status_code for _ in range(2)]
    refused = api.call("rare")

    assert statuses == [200, 200]
    assert (refused.status_code, code_of(refused)) == (429, "TOO_MANY_REQUESTS")
    assert 0 < refused.json()["details"]["retry_after"] <= 60
    assert refused.headers["Retry-After"] == str(refused.json()["details"]["retry_after"])


def test_a_call_is_never_stored_by_a_cache(api: Api) -> None:
    """no-store on successes and failures."""

    @client(auth=False)
    def ping(request: Any) -> None: ...

    api.serve(ping)

    for response in (api.call("ping"), api.call("ping", extra=1), api.call("none")):
        assert response.headers["Cache-Control"] == "no-store"
        assert "Cookie" in response.headers["Vary"]
