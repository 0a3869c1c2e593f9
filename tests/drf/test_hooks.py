"""
What Django adds to the types of the wire.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, time
from decimal import Decimal
from typing import Annotated, Any
from urllib.parse import quote

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.utils import translation
from django.utils.translation import gettext_lazy
from pydantic import AwareDatetime, BaseModel, Field
from rest_framework import serializers

from mizan.client import MizanError, NotFound, client
from mizan.drf.annotations import substitute
from mizan.drf.hooks import aware, evaluated, install
from mizan.wire.hooks import hooks
from mizan.wire.problems import OutputMismatch
from mizan.wire.types import WireType
from tests.api import Api
from tests.things.models import Shelf, Thing


class ThingOut(BaseModel):
    name: str
    price: Decimal


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


def test_a_naive_moment_is_one_of_the_project_s_time_zone(settings: Any) -> None:
    """Where it has time zones at all."""
    naive = datetime(2026, 7, 1, 12)
    settings.TIME_ZONE = "Europe/Vienna"

    with_zones = aware(naive)
    settings.USE_TZ = False

    assert with_zones == datetime(2026, 7, 1, 10, tzinfo=UTC)
    assert aware(naive) is naive


def test_an_aware_moment_stays_in_its_time_zone() -> None:
    """The client said which."""
    moment = datetime(2026, 7, 1, 12, tzinfo=UTC)

    assert aware(moment) is moment


def test_installing_twice_is_harmless() -> None:
    """Whatever imports Mizan first; every hook is set."""
    install()
    install()

    assert (hooks.annotation, hooks.evaluated, hooks.aware) == (substitute, evaluated, aware)
    assert hooks.needs_thread(list[ThingSerializer])
    assert hooks.is_file(ContentFile(b"x", "x"))


class ThingSerializer(serializers.ModelSerializer[Thing]):
    class Meta:
        model = Thing
        fields = ("name",)


class Labelled(BaseModel):
    label: str = gettext_lazy("Hello")
    extra: Any = None


class Plain:
    label = gettext_lazy("Hello")
    extra = gettext_lazy("Hello")


HELLO = gettext_lazy("Hello")


@pytest.mark.parametrize(
    ("annotation", "value", "expected"),
    [
        (str, HELLO, "Hello"),
        (Annotated[str, Field(max_length=5)], HELLO, "Hello"),
        (str | None, HELLO, "Hello"),
        (int | str, HELLO, "Hello"),
        (list[str], [HELLO, "x"], ["Hello", "x"]),
        (list[str], iter([HELLO, HELLO]), ["Hello", "Hello"]),
        (dict[str, str], {HELLO: HELLO}, {"Hello": "Hello"}),
        (dict[str, list[str]], {"a": iter([HELLO])}, {"a": ["Hello"]}),
        (tuple[str, int], (HELLO, 1), ["Hello", 1]),
        (Any, HELLO, "Hello"),
        (Any, {HELLO: [HELLO, {"a": HELLO}]}, {"Hello": ["Hello", {"a": "Hello"}]}),
        (dict, {"a": HELLO}, {"a": "Hello"}),
        (list, [HELLO], ["Hello"]),
        (Labelled, Labelled(), {"label": "Hello", "extra": None}),
        (Labelled, Labelled(extra=[HELLO]), {"label": "Hello", "extra": ["Hello"]}),
        (list[Labelled], [{"extra": HELLO}], [{"label": "Hello", "extra": "Hello"}]),
        (Labelled, Plain(), {"label": "Hello", "extra": "Hello"}),
    ],
)
def test_a_lazy_text_is_a_text(annotation: Any, value: Any, expected: Any) -> None:
    """Wherever a text may be: Django's labels and messages are lazy."""
    assert json.loads(WireType(annotation).written(value)) == expected


@pytest.mark.parametrize("value", [5, object(), ["x"]])
def test_what_is_no_text_is_none(value: Any) -> None:
    """A lazy text is taken for a text, and nothing else is."""
    for annotation in (str, Labelled):
        with pytest.raises(OutputMismatch):
            WireType(annotation).written(value if annotation is str else Labelled.model_construct(label=value))


def test_a_lazy_text_is_in_the_language_of_the_request() -> None:
    """It is translated when it is written."""
    wire = WireType(str)

    with translation.override("de"):
        german = wire.written(gettext_lazy("Yes"))

    assert (german, wire.written(gettext_lazy("Yes"))) == (b'"Ja"', b'"Yes"')


class Named(MizanError):
    message = HELLO

    class Details(BaseModel):
        why: str


def test_the_message_of_an_error_may_be_lazy(api: Api) -> None:
    """The class's own or one that is given, and a detail."""

    @client(auth=False)
    def fail(request: Any, how: int) -> None:
        raise [NotFound(HELLO), Named(why=HELLO), PermissionDenied(HELLO), ValidationError(HELLO)][how]

    api.serve(fail)
    bodies = [api.call("fail", how=how).json() for how in range(4)]

    assert [body["message"] for body in bodies[:3]] == ["Hello"] * 3
    assert bodies[1]["details"] == {"why": "Hello"}
    assert bodies[3]["details"] == {"fields": {"": ["Hello"]}}


def test_a_default_may_be_lazy(api: Api) -> None:
    """Of an argument, and of a context's parameter."""

    @client(auth=False)
    def greet(request: Any, text: str = HELLO) -> str:
        return text

    @client(auth=False, context="greeting")
    def greeting(request: Any, text: str = HELLO) -> str:
        return text

    api.serve(greet, greeting)

    assert api.call("greet").json() == {"result": "Hello"}
    assert api.get("ctx/greeting/").json() == {"greeting": "Hello"}


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00"])
@pytest.mark.parametrize("use_tz", [True, False])
def test_a_moment_outside_of_the_years_is_refused(api: Api, settings: Any, text: str, use_tz: bool) -> None:
    """Databases have it in UTC, and there it has no year."""
    settings.USE_TZ, settings.TIME_ZONE = use_tz, "Asia/Tokyo"

    @client(auth=False)
    def store(request: Any, when: datetime) -> str:
        return str(when)

    @client(auth=False, context="at")
    def at(request: Any, when: datetime | AwareDatetime) -> str:
        return str(when)

    api.serve(store, at)
    expected = 200 if not use_tz and len(text) == 19 else 422

    assert api.call("store", when=text).status_code == expected
    assert api.get(f"ctx/at/?when={quote(text)}").status_code == expected


@pytest.mark.parametrize("text", ["1E+999999999", "-1E-999999999", "1E+6145"])
def test_a_decimal_that_nobody_can_write_is_refused(api: Api, text: str) -> None:
    """In digits it would fill the memory."""

    @client(auth=False, context="priced")
    def priced(request: Any, amount: Decimal) -> str:
        return str(amount)

    api.serve(priced)

    assert api.get(f"ctx/priced/?amount={quote(text)}").status_code == 422
    assert api.get("ctx/priced/?amount=1E%2B40").status_code == 200


def test_moments_are_naive_where_the_project_has_naive_ones(api: Api, settings: Any) -> None:
    """In the current time zone: databases refuse a time zone there."""
    settings.USE_TZ, settings.TIME_ZONE = False, "Asia/Tokyo"

    @client(auth=False)
    def same(request: Any, when: datetime) -> datetime:
        return when

    api.serve(same)

    assert api.call("same", when="2026-01-01T00:00:00.000Z").json() == {"result": "2026-01-01T09:00:00"}
    assert api.call("same", when="2026-01-01T00:00:00").json() == {"result": "2026-01-01T00:00:00"}


def test_a_time_of_day_has_no_offset(api: Api) -> None:
    """Django's databases refuse one."""

    @client(auth=False)
    def same(request: Any, at: time) -> time:
        return at

    api.serve(same)
    refused = api.call("same", at="10:00:00Z")

    assert refused.json()["details"] == {"fields": {"at": ["Input should be a time of day without an offset from UTC"]}}
    assert api.call("same", at="10:00:00").json() == {"result": "10:00:00"}
