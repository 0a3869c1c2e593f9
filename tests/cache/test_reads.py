"""
What is cached, for whom, and for how long.
"""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import Annotated, Any

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.http import HttpRequest
from pydantic import BaseModel, Field

from mizan.client import GlobalContext, client
from tests.cache.conftest import CachedApi


class Count(BaseModel):
    number: int


def counter(**options: Any) -> Any:
    """A function of the context "count" that answers differently each time it runs."""
    numbers = itertools.count(1)

    @client(auth=False, context="count", **options)
    def number(request: Any) -> int:
        return next(numbers)

    return number


def test_the_second_read_is_a_hit(cached: CachedApi) -> None:
    """It has the body of the first, without running the function."""
    cached.serve(counter())

    assert cached.read("count/") == ("MISS", {"number": 1})
    assert cached.read("count/") == ("HIT", {"number": 1})


def test_a_hit_has_the_etag_of_the_miss(cached: CachedApi) -> None:
    """Whoever has the body already gets a 304."""
    cached.serve(counter())
    first = cached.get("ctx/count/")

    again = cached.get("ctx/count/", headers={"If-None-Match": first.headers["ETag"]})

    assert again.status_code == 304
    assert again.headers["X-Mizan-Cache"] == "HIT"
    assert again.content == b""


def test_each_parameter_has_its_answer(cached: CachedApi) -> None:
    """Values that mean the same share one."""
    numbers = itertools.count(1)

    @client(auth=False, context="page")
    def page(request: Any, number: Annotated[int, Field(ge=0)], size: int = 10) -> list[int]:
        return [number, size, next(numbers)]

    cached.serve(page)

    assert cached.read("page/?number=5") == ("MISS", {"page": [5, 10, 1]})
    assert cached.read("page/?number=6") == ("MISS", {"page": [6, 10, 2]})
    assert cached.read("page/?number=05") == ("HIT", {"page": [5, 10, 1]})
    assert cached.read("page/?size=10&number=5") == ("HIT", {"page": [5, 10, 1]})


def test_a_parameter_of_any_type_has_its_answer(cached: CachedApi) -> None:
    """Bytes that are no text, durations, lists."""

    @client(auth=False, context="clip")
    def clip(request: Any, key: bytes, length: timedelta, marks: list[int]) -> list[str]:
        return [key.hex(), str(length), str(marks)]

    cached.serve(clip)

    body = {"clip": ["ff", "1:00:00", "[1, 2]"]}
    assert cached.read("clip/?key=_w&length=PT60M&marks=1&marks=2") == ("MISS", body)
    assert cached.read("clip/?key=%2Fw%3D%3D&length=PT1H&marks=[1,2]") == ("HIT", body)


def test_unknown_parameters_make_no_entry(cached: CachedApi) -> None:
    """Nobody fills the cache with parameters of their own."""
    cached.serve(counter())

    assert cached.get("ctx/count/?x=1").status_code == 422
    assert cached.read("count/")[0] == "MISS"


def test_functions_share_a_context_and_not_an_answer(cached: CachedApi) -> None:
    """A function that was fetched alone is a hit in the whole context; one missing makes it a MISS."""
    cached.serve(counter(), counter(name="other"))

    assert cached.read("count/?~only=number") == ("MISS", {"number": 1})
    assert cached.read("count/") == ("MISS", {"number": 1, "other": 1})
    assert cached.read("count/") == ("HIT", {"number": 1, "other": 1})


def test_cache_false_is_never_kept(cached: CachedApi) -> None:
    """The header says so."""
    cached.serve(counter(cache=False))

    assert cached.read("count/") == ("BYPASS", {"number": 1})
    assert cached.read("count/") == ("BYPASS", {"number": 2})


def test_seconds_are_kept_to(cached: CachedApi, settings: LazySettings) -> None:
    """``cache=1`` is gone after a second, whatever the default is."""
    cached.serve(counter(cache=1))
    cached.read("count/")
    assert cached.read("count/")[0] == "HIT"

    import time

    time.sleep(1.1)

    assert cached.read("count/") == ("MISS", {"number": 2})


def test_without_a_secret_nothing_is_cached(cached: CachedApi, settings: LazySettings) -> None:
    """The functions run each time."""
    settings.MIZAN_CACHE_SECRET = None
    cached.serve(counter())

    assert cached.read("count/") == ("BYPASS", {"number": 1})
    assert cached.read("count/") == ("BYPASS", {"number": 2})


def test_failures_are_not_kept(cached: CachedApi) -> None:
    """Its neighbour is."""
    tries = itertools.count(1)

    @client(auth=False, context="count")
    def shaky(request: Any) -> int:
        if next(tries) == 1:
            raise RuntimeError
        return 7

    cached.serve(counter(), shaky)

    assert cached.read("count/")[1]["$errors"]["shaky"]["code"] == "INTERNAL_ERROR"  # type: ignore[index]
    assert cached.read("count/") == ("MISS", {"number": 1, "shaky": 7})
    assert cached.read("count/")[0] == "HIT"


def test_async_functions_are_cached_too(cached: CachedApi) -> None:
    """Together with sync ones."""
    numbers = itertools.count(1)

    @client(auth=False, context="count")
    async def later(request: Any) -> int:
        return next(numbers)

    cached.serve(counter(), later)

    assert cached.read("count/") == ("MISS", {"later": 1, "number": 1})
    assert cached.read("count/") == ("HIT", {"later": 1, "number": 1})


@pytest.mark.django_db(transaction=True)
def test_each_user_has_their_answer(cached: CachedApi) -> None:
    """Also the one who is not logged in."""

    @client(auth=False, context=GlobalContext)
    def who(request: Any) -> str:
        return str(request.user)

    cached.serve(who)
    ada, bob = (User.objects.create_user(name) for name in ("ada", "bob"))

    assert cached.read("global/") == ("MISS", {"who": "AnonymousUser"})
    for user in (ada, bob):
        cached.http.force_login(user)
        assert cached.read("global/") == ("MISS", {"who": user.username})
        assert cached.read("global/") == ("HIT", {"who": user.username})
    cached.http.logout()
    assert cached.read("global/") == ("HIT", {"who": "AnonymousUser"})


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("auth", ["staff", lambda request: request.user.is_staff])
def test_permissions_come_first(cached: CachedApi, auth: Any) -> None:
    """Who may not read any more gets no answer of before."""

    @client(auth=auth, context="secret")
    def secret(request: Any) -> str:
        return "plans"

    cached.serve(secret)
    ada = User.objects.create_user("ada", is_staff=True)
    cached.http.force_login(ada)
    cached.read("secret/")
    assert cached.read("secret/")[0] == "HIT"

    ada.is_staff = False
    ada.save()
    assert cached.get("ctx/secret/").status_code == 403

    cached.http.logout()
    assert cached.get("ctx/secret/").status_code == 401 if auth == "staff" else 403


def test_each_host_and_language_has_its_answer(cached: CachedApi, settings: LazySettings) -> None:
    """A project that serves several sites does not mix them."""

    @client(auth=False, context="site")
    def address(request: Any) -> str:
        return str(request.build_absolute_uri("/"))

    cached.serve(address)

    assert cached.read("site/", HTTP_HOST="one.test") == ("MISS", {"address": "http://one.test/"})
    assert cached.read("site/", HTTP_HOST="two.test") == ("MISS", {"address": "http://two.test/"})
    assert cached.read("site/", HTTP_HOST="one.test") == ("HIT", {"address": "http://one.test/"})


LOOKS = {
    "session": lambda request: request.session.get("cart"),
    "cookie": lambda request: request.COOKIES.get("theme"),
    "header": lambda request: request.headers.get("X-Tenant"),
    "meta": lambda request: request.META.get("REMOTE_ADDR"),
    "query": lambda request: request.GET.get("id"),
    "all": lambda request: dict(request.headers),
}


SAYS = {
    "session": "the session",
    "cookie": "the cookie 'theme'",
    "header": "the header 'X-Tenant'",
    "meta": "the header 'REMOTE_ADDR'",
    "query": "the query parameter 'id'",
    "all": "every header",
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("look", LOOKS)
def test_what_is_not_in_the_key_is_not_kept(cached: CachedApi, look: str, caplog: pytest.LogCaptureFixture) -> None:
    """An answer that hangs on the session, a cookie or a header is its asker's own. A line in the log says so."""

    @client(auth=False, context="own")
    def own(request: Any) -> str:
        return repr(LOOKS[look](request))

    cached.serve(own)

    assert cached.read("own/")[0] != "HIT"
    assert cached.read("own/")[0] == "BYPASS"
    assert f"looks at {SAYS[look]}" in caplog.text
    assert "which is not part of its cache key" in caplog.text


def test_vary_adds_to_the_key(cached: CachedApi, settings: LazySettings) -> None:
    """Then a function may look at it, having declared what it looks at; at other things it may not."""
    settings.MIZAN_CACHE_VARY = tenant_of

    @client(auth=False, context="shop")
    def name(request: Any) -> str:
        return f"{request.headers['X-Tenant']}'s"

    @client(auth=False, context="theme")
    def theme(request: Any) -> str:
        return f"{request.headers['x-tenant']} {request.headers['X-Theme']}"

    cached.serve(counter(), name, theme)

    for context in ("count", "shop"):
        first = cached.read(f"{context}/", HTTP_X_TENANT="a")
        other = cached.read(f"{context}/", HTTP_X_TENANT="b")
        assert (first[0], other[0]) == ("MISS", "MISS")
        assert first[1] != other[1]
        assert cached.read(f"{context}/", HTTP_X_TENANT="a") == ("HIT", first[1])
    for status in ("MISS", "BYPASS"):
        assert cached.read("theme/", HTTP_X_TENANT="a", HTTP_X_THEME="b") == (status, {"theme": "a b"})


def tenant_of(request: HttpRequest) -> str | None:
    """What a project would write."""
    return request.headers.get("X-Tenant")


def test_a_new_revision_is_a_new_answer(cached: CachedApi) -> None:
    """And so is one of another type."""
    from mizan.protocol.registry import default_registry

    numbers = itertools.count(1)

    def declare(**options: Any) -> None:
        @client(auth=False, context="count", **options)
        def number(request: Any) -> int:
            return next(numbers)

        default_registry.add(number.__mizan__, by_hand=True)

    for options in ({}, {"rev": 1}, {"rev": 2}):
        with default_registry.isolated():
            declare(**options)
            assert cached.read("count/")[0] == "MISS"
            assert cached.read("count/")[0] == "HIT"


def test_a_new_type_is_a_new_answer(cached: CachedApi) -> None:
    """A field more, and what was kept without it is not served."""
    from mizan.protocol.registry import default_registry

    for annotation in (int, int | None):
        with default_registry.isolated():

            @client(auth=False, context="count")
            def number(request: Any) -> annotation:
                return 1

            default_registry.add(number.__mizan__, by_hand=True)
            assert cached.read("count/")[0] == "MISS"
            assert cached.read("count/")[0] == "HIT"


@pytest.mark.parametrize("path", ["count.css", "count/x.js", "count/;x.js", "count%2fx.css"])
def test_no_address_looks_like_a_file(cached: CachedApi, path: str) -> None:
    """A proxy that keeps files by their ending is given nothing to keep."""
    cached.serve(counter())

    response = cached.get(f"ctx/{path}")

    assert response.status_code in (404, 422)
    assert response.headers["Cache-Control"] == "no-store"
