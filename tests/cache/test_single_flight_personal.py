"""
What depends on something that no key holds is its viewer's own.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User

from mizan.client import client
from tests.api import CachedApi
from tests.cache.computations import PATIENCE, Work, with_cart
from tests.threads import start


@pytest.mark.django_db(transaction=True)
class TestPersonalAnswers:
    """What hangs on something that no key holds is its asker's own."""

    def test_an_answer_is_not_shared(self, cached: CachedApi, work: Work) -> None:
        """Everybody who waited computes their own."""

        @client(auth=False, context="cart")
        def cart(request: Any) -> str:
            work()
            return str(request.COOKIES.get("cart"))

        cached.serve(cart)
        readers = [start(lambda number=number: with_cart(number)) for number in range(10)]
        work.wait_for_readers(10)
        work.may_end.set()

        assert [reader.result(PATIENCE) for reader in readers] == [{"cart": str(number)} for number in range(10)]
        assert work.count == 10

    def test_a_failure_is_not_shared(self, cached: CachedApi, work: Work) -> None:
        """One person's refusal is no other's."""

        @client(auth=False, context="cart")
        def cart(request: Any) -> str:
            work()
            if request.COOKIES.get("cart") == "0":
                raise PermissionError
            return str(request.COOKIES.get("cart"))

        cached.serve(cart)
        first = start(lambda: with_cart(0))
        assert work.has_begun.wait(PATIENCE)
        others = [start(lambda number=number: with_cart(number)) for number in range(1, 10)]
        work.wait_for_readers(10)
        work.may_end.set()

        assert [reader.result(PATIENCE) for reader in others] == [{"cart": str(number)} for number in range(1, 10)]
        assert first.result(PATIENCE)["error"] is True

    def test_the_session_is_one_s_own(self, cached: CachedApi, work: Work) -> None:
        """Of two browsers of the same user, too."""

        @client(auth=True, context="cart")
        def cart(request: Any) -> str | None:
            work()
            return request.session.get("cart")

        cached.serve(cart)
        ada = User.objects.create_user("ada")
        browsers = [CachedApi(), CachedApi()]
        for number, browser in enumerate(browsers):
            browser.http.force_login(ada)
            session = browser.http.session
            session["cart"] = str(number)
            session.save()
        readers = [start(lambda browser=browser: browser.get("ctx/cart/").json()) for browser in browsers]
        work.wait_for_readers(2)
        work.may_end.set()

        assert [reader.result(PATIENCE) for reader in readers] == [{"cart": "0"}, {"cart": "1"}]
