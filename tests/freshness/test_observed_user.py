"""
What somebody has put on the user is no part of an entry's key, so whoever looks at it has an answer of their own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import AnonymousUser, User
from django.http import HttpRequest, HttpResponse

from mizan.client import client
from tests.api import CachedApi

pytestmark = pytest.mark.django_db(transaction=True)


def second_factor(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """A middleware that puts something on the user and on the request, as many do."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.user.is_verified = request.headers.get("X-Code") == "1"  # type: ignore[attr-defined]  # that is the point
        request.tenant = request.headers.get("X-Tenant")  # type: ignore[attr-defined]
        return get_response(request)

    return middleware


LOOKS: dict[str, tuple[Callable[[Any], Any], str]] = {
    "on the user": (lambda request: request.user.is_verified, "request.user.is_verified"),
    "on nobody's user": (lambda request: getattr(request.user, "badge", None), "request.user.badge"),
    "on the request": (lambda request: request.tenant, "request.tenant"),
    "on Django's request": (lambda request: request._request.tenant, "request.tenant"),
    "the session's key": (lambda request: request.session.session_key, "the session"),
    "who was authenticated how": (lambda request: request.auth, "request.auth"),
    "by which class": (lambda request: request.successful_authenticator, "request.successful_authenticator"),
    "a header nobody trusts": (
        lambda request: request.META.get("HTTP_X_FORWARDED_HOST"),
        "the header 'X-Forwarded-Host'",
    ),
    "the path": (lambda request: request.path, "request.path"),
    "an address that is relative": (lambda request: request.build_absolute_uri("x"), "request.path"),
    "the environment": (lambda request: request.environ, "request.environ"),
}


@pytest.mark.parametrize("look", LOOKS)
def test_whoever_looks_at_more_than_the_key_has_an_answer_of_their_own(
    cached: CachedApi, settings: LazySettings, caplog: pytest.LogCaptureFixture, look: str
) -> None:
    """Known to us or not: what is not on the list is noted."""
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "tests.freshness.test_observed_user.second_factor"]
    function, words = LOOKS[look]

    @client(auth=False, context="own")
    def own(request: Any) -> str:
        return repr(function(request))

    cached.serve(own)
    cached.http.force_login(User.objects.create(username="ann"))

    assert cached.read("own/")[0] != "HIT"
    assert cached.read("own/", HTTP_X_CODE="1")[0] == "BYPASS"
    assert f"looks at {words}" in caplog.text


ALLOWED: dict[str, Callable[[Any], Any]] = {
    "the user's row": lambda request: [request.user.pk, request.user.get_username(), request.user.is_staff],
    "their permissions": lambda request: request.user.has_perm("things.change_thing"),
    "the origin": lambda request: [request.get_host(), request.scheme, request.is_secure()],
    "an absolute address": lambda request: request.build_absolute_uri("/media/x.png"),
    "the method": lambda request: request.method,
}


@pytest.mark.parametrize("look", ALLOWED)
def test_what_the_key_holds_may_be_looked_at(cached: CachedApi, settings: LazySettings, look: str) -> None:
    """A user who carries something extra is no obstacle as long as nobody looks at it."""
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "tests.freshness.test_observed_user.second_factor"]

    @client(auth=False, context="own")
    def own(request: Any) -> str:
        return repr(ALLOWED[look](request))

    cached.serve(own)
    cached.http.force_login(User.objects.create(username="ann"))

    assert [cached.read("own/")[0] for _ in range(2)] == ["MISS", "HIT"]


def test_the_user_is_the_user_that_queries_expect(cached: CachedApi) -> None:
    """Compared, related, stored in another row, and left as it was."""
    ann = User.objects.create(username="ann")
    seen: list[Any] = []

    @client(auth=True, context="own")
    def own(request: Any) -> bool:
        seen.append(request.user)
        same = User.objects.filter(pk=request.user.pk).get() == request.user
        return (
            same
            and isinstance(request.user, User)
            and User.objects.exclude(groups__user=request.user).exists() is not None
        )

    cached.serve(own)
    cached.http.force_login(ann)

    assert [cached.read("own/") for _ in range(2)] == [("MISS", {"own": True}), ("HIT", {"own": True})]
    assert type(seen[0]._wrapped if hasattr(seen[0], "_wrapped") else seen[0]) is User
    assert type(AnonymousUser()) is AnonymousUser


def test_users_of_two_models_with_one_key_are_told_apart() -> None:
    """A primary key names nobody without its table."""
    from types import SimpleNamespace

    from mizan.freshness.viewer import viewer_of
    from tests.things.models import Thing

    def viewer(user: Any) -> Any:
        django_request = SimpleNamespace(method="GET", scheme="http", _get_raw_host=lambda: "shop.test")
        return viewer_of(SimpleNamespace(user=user, _request=django_request))

    assert viewer(User(pk=1)) != viewer(Thing(pk=1))
