"""
Who asks: each viewer has their own answers.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User

from mizan.client import GlobalContext, client
from tests.api import CachedApi


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
