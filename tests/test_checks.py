"""
System checks: every id once wrong and once right, and a message that says what, where and what to write instead.
"""

from __future__ import annotations

import math
import re
import threading
from collections.abc import Callable
from decimal import Decimal
from enum import Enum
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Annotated, Any, Literal

import pytest
from django.core.checks import CheckMessage, run_checks
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.http import HttpResponse
from django.urls import include, path
from openapi_spec_validator import validate
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.throttling import ScopedRateThrottle, SimpleRateThrottle, UserRateThrottle

from mizan import checks
from mizan.client import MizanError, client
from mizan.client import client as mizan_client
from mizan.export.document import build_document
from mizan.export.text import ir_text
from mizan.protocol import errors
from mizan.protocol.errors import Finding
from mizan.protocol.registry import FunctionRegistry
from mizan.setup import register
from mizan.types import Upload

IDS = sorted(value for name, value in vars(errors).items() if re.match(r"[EW]_", name))
DOCUMENTED = Path(__file__).parent.parent / "docs" / "checks.md"

urlpatterns = [path("api/mizan/", include("mizan.urls"))]


def found(*, deploy: bool = False) -> list[CheckMessage]:
    """Mizan's messages, as ``manage.py check`` collects them."""
    return [message for message in run_checks(include_deployment_checks=deploy) if str(message.id).startswith("mizan.")]


def ids(*, deploy: bool = False) -> list[str | None]:
    return [message.id for message in found(deploy=deploy)]


def serve(*functions: Callable[..., Any]) -> None:
    for function in functions:
        register(function)


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


@pytest.mark.django_db
def test_a_reader_that_cannot_be_served_leaves_the_project_be(registry: FunctionRegistry, client: Any) -> None:
    """It is a finding, and the neighbours and every other address answer."""

    @mizan_client(context="user", auth=False)
    def wrong(request: Any, id) -> str: ...  # type: ignore[no-untyped-def]

    @mizan_client(context="user", auth=False)
    def right(request: Any) -> int:
        return 1

    serve(wrong, right)

    assert ids() == ["mizan.E002"]
    assert client.get("/api/mizan/ctx/user/?id=1&~only=right").json() == {"right": 1}


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
    def left(request: Any, item: one) -> None: ...  # type: ignore[valid-type]

    @client(auth=False)
    def right(request: Any, item: other) -> None: ...  # type: ignore[valid-type]

    serve(left, right)


def duplicate_model_mended() -> None:
    one, other = model("Item", name=str), model("Price", price=int)

    @client(auth=False)
    def left(request: Any, item: one) -> None: ...  # type: ignore[valid-type]

    @client(auth=False)
    def right(request: Any, item: other) -> None: ...  # type: ignore[valid-type]

    serve(left, right)


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
}


@pytest.mark.parametrize("id", sorted(ERRORS))
def test_each_error_is_found_once_and_says_what_to_do(registry: FunctionRegistry, id: str) -> None:
    """An error, with where it is in the message and the line to write instead in the hint."""
    wrong, _ = ERRORS[id]
    wrong()

    messages = found()

    assert [message.id for message in messages] == [id]
    assert messages[0].is_serious()
    assert "tests.test_checks." in messages[0].msg or id == errors.E_DUPLICATE_MODEL
    assert messages[0].hint


@pytest.mark.parametrize("id", sorted(ERRORS))
def test_what_is_mended_is_quiet(registry: FunctionRegistry, id: str) -> None:
    """Not even a warning is left."""
    _, right = ERRORS[id]
    right()

    assert ids() == []


def test_an_unusable_auth_says_what_it_takes(registry: FunctionRegistry) -> None:
    """Each kind of it, with the function's place."""
    bad_auth()

    message = found()[0]

    assert (
        message.msg
        == "@client(auth=42) on tests.test_checks.bad_auth.<locals>.wrong is not a way to say who may call it."
    )
    assert 'auth="staff"' in str(message.hint)


@pytest.mark.parametrize("auth", ["admin", [], (), [IsAuthenticated, 1], int, {"staff"}], ids=repr)
def test_other_unusable_auths(registry: FunctionRegistry, auth: Any) -> None:
    """An empty list names nobody and must not mean everybody; each is said once."""

    @client(auth=auth)
    def wrong(request: Any) -> None: ...

    serve(wrong)

    assert ids() == ["mizan.E008"]


class NoRate(SimpleRateThrottle):
    scope = "nowhere"


@pytest.mark.parametrize(
    "throttle",
    ["10", "0/min", "-1/min", "10/year", 5, int, None, NoRate, UserRateThrottle, ScopedRateThrottle],
    ids=repr,
)
def test_other_unusable_throttles(registry: FunctionRegistry, throttle: Any) -> None:
    """A class whose rate is set nowhere among them."""

    @client(auth=False, throttle=throttle)
    def wrong(request: Any) -> None: ...

    serve(wrong)

    assert ids() == ["mizan.E014"]


class Lines(BaseModel):
    start: int = Field(ge=1)


class ReadOnly(serializers.Serializer[Any]):
    made = serializers.DateTimeField(read_only=True)


class Unhinted(serializers.Serializer[Any]):
    label = serializers.SerializerMethodField()

    def get_label(self, item):  # type: ignore[no-untyped-def]
        return ""


class Nothing(Enum):
    """No members."""


class LowerCase(MizanError):
    code = "lower case"


class NoFailure(MizanError):
    status = 200


class OddStatus(MizanError):
    code = "NOT_FOUND"
    status = 400


class OddDetails(MizanError):
    Details = int  # type: ignore[assignment]


class ThreadDetails(MizanError):
    class Details(BaseModel):
        model_config = ConfigDict(arbitrary_types_allowed=True)
        thread: threading.Thread


def default_field(request: Any, limit: int = Field(default=5, ge=1)) -> None: ...
def required_field(request: Any, limit: int = Field(..., ge=1, le=9)) -> None: ...
def no_request(text: str) -> None: ...
def response(request: Any) -> HttpResponse: ...  # type: ignore[empty-body]
def unhinted(request: Any) -> Unhinted: ...  # type: ignore[empty-body]
def not_a_number(request: Any, ratio: float = math.nan) -> None: ...
def no_member(request: Any, which: Nothing) -> None: ...
def model_keys(request: Any) -> dict[Lines, int]: ...  # type: ignore[empty-body]
def nothing(request: Any) -> None: ...
def number_page(request: Any) -> int: ...  # type: ignore[empty-body]
def text_page(request: Any, id: str) -> HttpResponse: ...  # type: ignore[empty-body]
def null_reader(request: Any, status: str | None = "open") -> int: ...  # type: ignore[empty-body]
def file_reader(request: Any, file: Upload) -> int: ...  # type: ignore[empty-body]


@pytest.mark.parametrize(
    ("function", "options", "id", "says"),
    [
        (default_field, {}, "mizan.E009", "Write limit: Annotated[int, Field(ge=1)] = 5."),
        (required_field, {}, "mizan.E009", "Write limit: Annotated[int, Field(ge=1, le=9)]."),
        (no_request, {}, "mizan.E009", "its first parameter must be the request"),
        (response, {}, "mizan.E002", 'Write @client(route="/…/") above response'),
        (unhinted, {}, "mizan.E002", 'unable to resolve type hint for function "get_label"'),
        (not_a_number, {}, "mizan.W007", "nan"),
        (no_member, {}, "mizan.E002", "which"),
        (model_keys, {}, "mizan.E002", "model_keys"),
        (null_reader, {"context": "files"}, "mizan.W008", "Make None its default, status: str | None = None"),
        (file_reader, {"context": "files"}, "mizan.E002", 'context "files"'),
        (nothing, {"raises": LowerCase}, "mizan.E013", "Write code = 'LOWER_CASE'"),
        (nothing, {"raises": NoFailure}, "mizan.E013", "from 400 to 599"),
        (nothing, {"raises": OddStatus}, "mizan.E013", "the protocol gives this code the status 404"),
        (nothing, {"raises": OddDetails}, "mizan.E013", "class Details(BaseModel)"),
        (nothing, {"raises": ThreadDetails}, "mizan.E013", "cannot be sent"),
        (nothing, {"private": True, "context": "user"}, "mizan.E011", "private=True"),
        (nothing, {"name": ""}, "mizan.E007", "is not a function name"),
        (nothing, {"name": 5}, "mizan.E007", "is not a function name"),
        (nothing, {"auth": lambda: True}, "mizan.E008", "Write auth=lambda request"),
        (number_page, {"route": "/n/"}, "mizan.E010", "returns int"),
        (text_page, {"route": "/t/<int:id>/"}, "mizan.E010", "id: int"),
    ],
    ids=lambda value: value.__name__ if hasattr(value, "__name__") else None,
)
def test_what_would_fail_later_is_found_now(
    registry: FunctionRegistry, function: Callable[..., Any], options: dict[str, Any], id: str, says: str
) -> None:
    """When it is called, when the client is generated, or by nobody at all."""
    copy = FunctionType(function.__code__, function.__globals__, function.__name__, function.__defaults__)
    copy.__annotations__ = dict(function.__annotations__)
    serve(client(auth=options.pop("auth", False), **options)(copy))

    assert set(ids()) == {id}
    assert any(says in f"{message.msg} {message.hint}" for message in found())


def test_a_serializer_of_which_nothing_can_be_sent_is_an_empty_object(registry: FunctionRegistry) -> None:
    """It is no reason to describe nothing at all."""

    @client(auth=False)
    def touch(request: Any, thing: ReadOnly) -> None: ...

    serve(touch)

    assert ids() == []
    assert "function" in ir_text()


def test_a_function_that_another_of_its_module_replaces_is_missed(registry: FunctionRegistry) -> None:
    """Whoever wrote the first one wonders where it is."""
    module = ModuleType("doubled")
    source = "from mizan.client import client\n\n"
    source += "@client(auth=False)\ndef echo(request) -> int: ...\n\n" * 2
    exec(compile(source, "doubled.py", "exec"), vars(module))
    serve(vars(module)["echo"])

    assert ids() == ["mizan.E003"]
    assert "doubled.echo is written twice: the one in line 3 is lost" in found()[0].msg


@pytest.mark.parametrize(
    ("route", "methods", "says"),
    [
        ("/a/<int:id>/<slug:more>/", None, "<more>"),
        ("/a/<odd:id>/", None, "cannot be read"),
        ("/a/<int:id>/", ["FETCH"], "FETCH"),
        ("a/<int:id>/", None, "slash"),
    ],
)
def test_other_unusable_routes(registry: FunctionRegistry, route: str, methods: Any, says: str) -> None:
    """What Django cannot read, what the function cannot take, and a method that HTTP does not have."""

    @client(auth=False, route=route, methods=methods)
    def wrong(request: Any, id: int) -> HttpResponse:
        return HttpResponse()

    serve(wrong)
    messages = found()

    assert [message.id for message in messages] == ["mizan.E010"]
    assert says in messages[0].msg


def test_two_functions_cannot_have_one_route(registry: FunctionRegistry) -> None:
    """The names of the parts do not tell them apart; their kinds do."""

    @client(auth=False, route="/a/<int:id>/")
    def one(request: Any, id: int) -> HttpResponse:
        return HttpResponse()

    @client(auth=False, route="/a/<int:key>/", methods=["POST"])
    def other(request: Any, key: int) -> HttpResponse:
        return HttpResponse()

    @client(auth=False, route="/a/<slug:name>/")
    def third(request: Any, name: str) -> HttpResponse:
        return HttpResponse()

    serve(one, other, third)
    messages = found()

    assert [message.id for message in messages] == ["mizan.E010"]
    assert (
        "is the route of tests.test_checks.test_two_functions_cannot_have_one_route.<locals>.one too" in messages[0].msg
    )


def test_functions_that_are_open_by_default_are_warned_of_before_deployment(
    registry: FunctionRegistry, settings: Any
) -> None:
    """Only by check --deploy, and not where somebody decided: on the function, or in the project's default."""

    @client
    def undecided(request: Any) -> None: ...

    @client(auth=False)
    def decided(request: Any) -> None: ...

    serve(undecided, decided)
    quiet, messages = ids(), found(deploy=True)
    settings.REST_FRAMEWORK = {"DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"]}

    assert quiet == []
    assert [message.id for message in messages] == ["mizan.W001"]
    assert not messages[0].is_serious()
    assert ".undecided has no auth=" in messages[0].msg
    assert "@client(auth=True)" in str(messages[0].hint)
    assert ids(deploy=True) == []


@pytest.mark.urls("tests.things.no_urls")
def test_urls_that_are_not_included_are_warned_of(registry: FunctionRegistry) -> None:
    """Once there is a function that needs them."""
    empty = ids()

    @client(auth=False)
    def echo(request: Any) -> None: ...

    serve(echo)
    messages = found()

    assert empty == []
    assert [message.id for message in messages] == ["mizan.W002"]
    assert 'include("mizan.urls")' in str(messages[0].hint)


def test_a_project_without_addresses_is_not_asked_for_them(registry: FunctionRegistry, settings: Any) -> None:
    """It may run commands only."""
    no_return_type_mended()
    settings.ROOT_URLCONF = ""

    assert ids() == []


@pytest.mark.urls("tests.test_checks")
def test_routes_that_are_not_included_are_warned_of(registry: FunctionRegistry) -> None:
    """Once there is a page; with tests.urls, which has them, nothing is said (see `bad_route_mended`)."""
    bad_name_mended()
    without_pages = ids()
    bad_route_mended()
    messages = found()

    assert without_pages == []
    assert [message.id for message in messages] == ["mizan.W003"]
    assert 'include("mizan.routes")' in str(messages[0].hint)


@pytest.mark.parametrize(
    "middleware",
    [
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
    ],
)
def test_missing_middleware_is_warned_of(registry: FunctionRegistry, settings: Any, middleware: str) -> None:
    """Where sessions are used; a project that has tokens only needs none of it."""
    no_return_type_mended()
    settings.MIDDLEWARE = [item for item in settings.MIDDLEWARE if item != middleware]
    messages = found()
    settings.REST_FRAMEWORK = {"DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.TokenAuthentication"]}

    assert [message.id for message in messages] == ["mizan.W004"]
    assert middleware.rpartition(".")[2] in messages[0].msg
    assert f'"{middleware}"' in str(messages[0].hint)
    assert ids() == []


@pytest.mark.parametrize("secret", ["short", {}, {"new": "x" * 40, "old": "short"}], ids=str)
def test_a_weak_secret_is_refused(registry: FunctionRegistry, settings: Any, secret: Any) -> None:
    """A token signed with it could be guessed; no secret at all means no tokens."""
    settings.MIZAN_MWT_SECRET = secret
    weak = found()
    settings.MIZAN_MWT_SECRET = {"new": "x" * 40, "old": "y" * 32}
    strong = ids()
    settings.MIZAN_MWT_SECRET = None

    assert [message.id for message in weak] == (["mizan.E015"] if secret else [])
    assert all("MIZAN_MWT_SECRET" in message.msg and message.hint for message in weak)
    assert strong == ids() == []


SECRET = "0123456789abcdefghijklmnopqrstuv"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"MIZAN_CACHE_SECRET": "short"}, "32 bytes"),
        ({"MIZAN_CACHE_SECRET": SECRET, "MIZAN_CACHE_ALIAS": "redis"}, "not in CACHES"),
        (
            {
                "MIZAN_CACHE_SECRET": SECRET,
                "MIZAN_CACHE_ALIAS": "default",
                "MIZAN_CACHE_REDIS_URL": "redis://localhost",
            },
            "both",
        ),
    ],
    ids=["weak", "unknown alias", "two stores"],
)
def test_a_cache_that_cannot_be_is_refused(
    registry: FunctionRegistry, settings: Any, wrong: dict[str, str], words: str
) -> None:
    """What is wrong is said before anything is served without it."""
    settings.MIZAN_CACHE_SECRET = SECRET
    right = ids()
    for name, value in wrong.items():
        setattr(settings, name, value)

    assert right == []
    [message] = found()
    assert (message.id, words in message.msg) == ("mizan.E016", True)


@pytest.mark.parametrize("other", ["SECRET_KEY", "MIZAN_CACHE_SECRET"])
def test_a_shared_secret_is_refused(registry: FunctionRegistry, settings: Any, other: str) -> None:
    """Who learns one would have both."""
    setattr(settings, other, SECRET)
    right = ids()
    settings.MIZAN_MWT_SECRET = {"new": "x" * 40, "old": SECRET}

    assert right == []
    [message] = found()
    assert message.id == "mizan.E018"
    assert "MIZAN_MWT_SECRET" in message.msg
    assert other in message.msg


@pytest.mark.parametrize(
    ("context", "watch", "words"),
    [
        (None, ["things.Thing"], "belongs to a function of a context"),
        ("shelf", ["things.Nothing"], "Nothing"),
        ("shelf", [str], "is not a model"),
        ("shelf", {"things.Thing": {"ident": "shelf_id"}}, "no parameter ident"),
        ("shelf", {"things.Thing": "name"}, "could be any of the parameters id, page"),
    ],
)
def test_a_watch_that_cannot_be_followed_says_why(
    registry: FunctionRegistry, context: str | None, watch: Any, words: str
) -> None:
    """With the declaration to write instead."""

    @client(auth=False, context=context, watch=watch)
    def wrong(request: Any, id: int, page: int) -> int: ...

    serve(wrong)

    [message] = found()
    assert (message.id, words in message.msg) == ("mizan.E017", True)


class Box(BaseModel):
    size: int = None  # type: ignore[assignment]  # the mistake under test


@pytest.mark.parametrize(
    ("annotation", "default", "is_fine"),
    [
        (int, None, False),
        (int | None, None, True),
        (int, "5", False),
        (float, 1, True),
        (Decimal, 0, True),
        (list[int], [], True),
        (list[int], (), False),
        (Literal["a"], "b", False),
        (bytes, b"\xff", True),
        (Box, Box(), True),
        (Box, {"size": 1}, False),
        (Annotated[list[str], BeforeValidator(lambda text: text.split(","))], [], True),
    ],
)
def test_a_default_of_another_type_is_warned_of(
    registry: FunctionRegistry, annotation: Any, default: Any, is_fine: bool
) -> None:
    """Nobody validates it, so it would be in the function and not in the document."""

    def f(request: Any, value: annotation = default) -> None: ...

    f.__annotations__["value"] = annotation
    serve(client(auth=False)(f))

    assert ids() == ([] if is_fine else ["mizan.W007"])
    validate(build_document())


@pytest.mark.parametrize("secret", ["a" * 40, "only-for-the-demo-0123456789abcdefghi"], ids=str)
def test_a_placeholder_is_warned_of(registry: FunctionRegistry, settings: Any, secret: str) -> None:
    """With ``check --deploy``, where it matters."""
    settings.MIZAN_MWT_SECRET = secret

    assert ids() == []
    assert ids(deploy=True) == ["mizan.W006"]


def test_a_cache_of_one_process_is_warned_of(registry: FunctionRegistry, settings: Any) -> None:
    """With ``check --deploy``: a server has several."""
    settings.MIZAN_CACHE_SECRET = SECRET
    local = ids(deploy=True)
    settings.MIZAN_CACHE_REDIS_URL = "redis://localhost"

    assert local == ["mizan.W005"]
    assert ids() == ids(deploy=True) == []


def test_a_subclass_of_the_middleware_will_do(registry: FunctionRegistry, settings: Any) -> None:
    """Projects have their own."""
    no_return_type_mended()
    settings.MIDDLEWARE = [
        item.replace("django.middleware.csrf.CsrfViewMiddleware", "mizan.rest.csrf._CsrfCheck")
        for item in settings.MIDDLEWARE
    ]

    assert ids() == []


def test_the_command_fails_with_everything_at_once(registry: FunctionRegistry) -> None:
    """manage.py check lists all findings."""
    bad_auth()
    bad_throttle_named()

    with pytest.raises(SystemCheckError) as caught:
        call_command("check")

    assert "mizan.E008" in str(caught.value)
    assert "mizan.E014" in str(caught.value)


def bad_throttle_named() -> None:
    @client(auth=False, throttle="often")
    def wrong_too(request: Any) -> None: ...

    serve(wrong_too)


def test_a_finding_without_advice_has_no_empty_hint() -> None:
    """Django prints a hint where there is one."""
    assert checks.messages([Finding("mizan.W001", "What.")])[0].hint is None


@pytest.mark.parametrize("id", IDS)
def test_every_id_is_documented(id: str) -> None:
    """With an example and what to write instead."""
    text = DOCUMENTED.read_text(encoding="utf-8")

    section = re.search(rf"^### `{re.escape(id)}`[^\n]*\n(.*?)(?=^##|\Z)", text, re.DOTALL | re.MULTILINE)

    assert section is not None
    assert section[1].count("```") >= 4 or id.startswith("mizan.W")
    assert "```" in section[1]


def test_every_error_id_is_tested() -> None:
    """A new id needs a wrong and a right example here."""
    assert sorted([*ERRORS, errors.E_SECRET, errors.E_CACHE, errors.E_SHARED_SECRET]) == [
        id for id in IDS if id.startswith("mizan.E")
    ]
