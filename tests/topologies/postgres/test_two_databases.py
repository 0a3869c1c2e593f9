"""
A second database, and the user's row.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import transaction

import mizan
from mizan.client import client
from tests.api import CachedApi
from tests.threads import in_thread
from tests.topologies.postgres.rows import Things, once

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "postgres"]),
    pytest.mark.parametrize("cached", ["redis"], indirect=True),
]


class TestTwoDatabases:
    """PostgreSQL and SQLite: each commit counts, and what was rolled back does not."""

    def test_each_commit_counts(self, things: Things) -> None:
        """What is read between the two may be of before the second."""
        with things.atomic():
            with transaction.atomic():
                things.set("new")
                assert things.read() == ("HIT", "old")
            assert things.read() == ("MISS", "old")
            assert things.read() == ("HIT", "old")
        assert things.read() == ("MISS", "new")

    def test_the_one_that_is_rolled_back_does_not(self, things: Things) -> None:
        """The other does."""
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            with things.atomic():
                things.set("new")
            assert things.read() == ("MISS", "new")
            1 / 0  # noqa: B018
        assert things.read() == ("HIT", "new")

    def test_both_rolled_back(self, things: Things) -> None:
        """Nothing is stale."""
        with pytest.raises(ZeroDivisionError), things.atomic(), transaction.atomic():
            things.set("new")
            1 / 0  # noqa: B018
        assert things.read() == ("HIT", "old")

    def test_a_row_is_in_one_of_them(self, things: Things) -> None:
        """A transaction of the other has no say in when it changes."""
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            things.rows.filter(pk=things.ids[0]).update(name="new")
            assert things.read(0, "watched") == ("MISS", "new")
            with things.atomic():
                things.rows.filter(pk=things.ids[0]).update(name="newer")
                assert things.read(0, "watched") == ("HIT", "new")
            assert things.read(0, "watched") == ("MISS", "newer")
            1 / 0  # noqa: B018
        assert things.read(0, "watched") == ("HIT", "newer")

    def test_a_transaction_of_either_stores_nothing(self, things: Things) -> None:
        """Which of them a function reads is not known."""
        mizan.invalidate("thing")
        with transaction.atomic():
            User.objects.count()
            assert things.read_here() == ("BYPASS", "old")
        assert things.read_here() == ("MISS", "old")


class TestUser:
    """Whoever asks is loaded before the versions are looked at: permissions come first."""

    def test_a_user_of_before_is_not_stored(self, things: Things) -> None:
        """Neither are the fields nor the permissions that were read then."""

        def admit(request: Any) -> bool:
            assert request.user.email
            during_permissions()
            return True

        @client(auth=admit, context="me")
        def address(request: Any) -> str:
            return str(request.user.email)

        def change() -> None:
            User.objects.update(email="new@example.com")
            mizan.invalidate("me")

        api = CachedApi()
        api.serve(address)
        during_permissions = once(lambda: in_thread(change))
        ada = User.objects.create_user("ada", email="old@example.com")
        api.http.force_login(ada)

        api.read("me/")

        assert api.read("me/")[1] == {"address": "new@example.com"}
