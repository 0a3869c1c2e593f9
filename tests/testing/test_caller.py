"""
`Caller`, as a project's own tests use it. That it obeys the rules of every surface is shown in tests/dispatch/test_surfaces.py.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils.translation import gettext

from mizan.client import client
from mizan.protocol.registry import FunctionRegistry
from mizan.setup import register
from mizan.testing import Caller, CallFailed
from mizan.types import Upload
from tests.things.models import Thing

pytestmark = pytest.mark.django_db


def test_a_call_gives_what_a_client_gets(registry: FunctionRegistry) -> None:
    """Values of Python travel as JSON, in both directions."""

    @client(auth=False)
    def due(request: Any, day: date, price: Decimal) -> dict[str, date | Decimal]:
        return {"day": day, "price": price}

    register(due)

    answer = Caller().call(due, day=date(2026, 1, 31), price=Decimal("9.90"))

    assert answer.status == 200
    assert answer.result == {"day": "2026-01-31", "price": "9.90"}
    assert answer == {"result": answer.result}


def test_a_failure_is_an_envelope_until_its_result_is_asked(registry: FunctionRegistry) -> None:
    """A test of a refusal looks at its code; a test that expects a success fails with the reason."""

    @client(auth=True)
    def secret(request: Any) -> str:
        return "secret"

    register(secret)
    answer = Caller().call(secret)

    assert (answer.status, answer["code"], answer.is_failure) == (401, "UNAUTHORIZED", True)
    with pytest.raises(CallFailed, match=r"UNAUTHORIZED \(401\)"):
        _ = answer.result


def test_a_read_gives_each_reader(registry: FunctionRegistry) -> None:
    """All of the context, or only some of it."""

    @client(auth=False, context="user")
    def name(request: Any, id: int) -> str:
        return f"user {id}"

    @client(auth=False, context="user")
    async def age(request: Any) -> int:
        return 40

    register(name)
    register(age)
    caller = Caller()

    assert caller.read("user", id=5) == {"age": 40, "name": "user 5"}
    assert caller.read("user", ["age"], id=5) == {"age": 40}
    assert async_to_sync(caller.aread)("user", id=5) == caller.read("user", id=5)
    with pytest.raises(AttributeError, match="a value for each reader: age, name"):
        _ = caller.read("user", id=5).result


def test_user_language_and_session_are_there(registry: FunctionRegistry) -> None:
    """As the middleware of a project would have set them."""

    @client(auth=False)
    def who(request: Any) -> list[str]:
        request.session["visits"] = request.session.get("visits", 0) + 1
        return [request.user.get_username(), gettext("Yes"), str(request.session["visits"]), request.headers["X-Shop"]]

    register(who)
    ann = Caller(User.objects.create(username="ann"), language="de", session={"visits": 2}, headers={"X-Shop": "north"})

    assert ann.call(who).result == ["ann", "Ja", "3", "north"]
    assert ann.call("who").result == ["ann", "Ja", "4", "north"]


def test_async_code_is_told_the_same_user(registry: FunctionRegistry) -> None:
    """``await request.auser()`` is what an ``async def`` function asks."""

    @client(auth=False)
    async def who(request: Any) -> str:
        return str((await request.auser()).get_username())

    register(who)
    ann = Caller(User.objects.create(username="ann"))

    assert ann.call(who).result == async_to_sync(ann.acall)(who).result == "ann"
    assert Caller().call(who).result == ""


def test_files_are_sent_as_they_are(registry: FunctionRegistry) -> None:
    """JSON has no place for them."""

    @client(auth=False)
    def size(request: Any, file: Upload, name: str) -> str:
        return f"{name}: {file.size}"

    register(size)

    assert Caller().call(size, file=SimpleUploadedFile("a.txt", b"12345"), name="a").result == "a: 5"


@pytest.mark.django_db(transaction=True)
def test_a_failed_call_has_written_nothing_under_atomic_requests(
    registry: FunctionRegistry, settings: LazySettings
) -> None:
    """As Django rolls back a view."""
    settings.DATABASES["default"]["ATOMIC_REQUESTS"] = True
    connection.settings_dict["ATOMIC_REQUESTS"] = True

    @client(auth=False)
    def fail(request: Any) -> None:
        Thing.objects.create(name="lost")
        raise RuntimeError

    @client(auth=False)
    def keep(request: Any) -> None:
        Thing.objects.create(name="kept")

    register(fail)
    register(keep)
    try:
        assert Caller().call(fail)["code"] == "INTERNAL_ERROR"
        assert Caller().call(keep).status == 200
    finally:
        connection.settings_dict["ATOMIC_REQUESTS"] = False

    assert [thing.name for thing in Thing.objects.all()] == ["kept"]


def test_what_does_not_exist_is_an_error_of_the_test(registry: FunctionRegistry) -> None:
    """It names what there is, and so does a function that clients cannot call."""

    @client(auth=False, context="user")
    def name(request: Any) -> str:
        return "ann"

    @client(private=True)
    def hidden(request: Any) -> str:
        return "hidden"

    register(name)
    register(hidden)

    for unknown in ("nothing", hidden, len):
        with pytest.raises(LookupError, match="They know: name"):
            Caller().call(unknown)
    with pytest.raises(LookupError, match="There are: user"):
        Caller().read("nothing")
