"""
What one process changes, the others read anew.
"""

from __future__ import annotations

from urllib.error import HTTPError

import pytest

from tests.topologies.processes.project import PATIENCE, Workers


@pytest.mark.parametrize("turned", [False, True], ids=["WSGI to ASGI", "ASGI to WSGI"])
def test_a_mutation_in_one_is_seen_by_the_other(workers: Workers, thing: int, turned: bool) -> None:
    """In its next read; what it then computes is the other's, too."""
    writer, reader = reversed([*workers]) if turned else workers
    writer.call("rename", id=thing, name="new")

    assert reader.read(f"thing/?id={thing}") == ("MISS", "new")
    assert writer.read(f"thing/?id={thing}") == ("HIT", "new")


def test_a_mutation_that_fails_is_nothing_to_see(workers: Workers, thing: int) -> None:
    """In neither."""
    with pytest.raises(HTTPError) as failed:
        workers.one.call("rename_and_fail", id=thing, name="new")
    failed.value.close()
    assert [worker.read(f"thing/?id={thing}") for worker in workers] == [("HIT", "old")] * 2


INVALIDATE = "import mizan; mizan.invalidate('thing')"


IN_A_TRANSACTION = f"from django.db import transaction\nwith transaction.atomic():\n    {INVALIDATE}"


SAVE = "from tests.things.models import Thing; thing = Thing.objects.get(pk={id}); thing.name = 'new'; thing.save()"


SETUP = "import django; django.setup(); "


@pytest.mark.parametrize(
    ("command", "stale"),
    [
        (["manage.py", "shell", "-c", INVALIDATE], {"thing": "old"}),
        (["-c", SETUP + IN_A_TRANSACTION], {"thing": "old"}),
        (["manage.py", "shell", "-c", SAVE], {"watched": "new"}),
    ],
    ids=["a command invalidates", "a script invalidates", "a command saves"],
)
def test_a_program_that_serves_nothing_is_heard(
    workers: Workers, thing: int, command: list[str], stale: dict[str, str]
) -> None:
    """By both workers, and it may have ended long before they ask."""
    workers.project.run(*(part.replace("{id}", str(thing)) for part in command))

    for context in ("thing", "watched"):
        path = f"{context}/?id={thing}"
        expected = ("MISS", stale[context]) if context in stale else ("HIT", "old")
        assert workers.other.read(path) == expected
        assert workers.one.read(path) == ("HIT", expected[1])


def test_a_program_that_is_killed_in_a_transaction_has_changed_nothing(workers: Workers, thing: int) -> None:
    """It was never committed."""
    killed = workers.project.start(
        "-c",
        f"{SETUP}from django.db import transaction; import os, signal\nwith transaction.atomic():\n"
        f"    {SAVE.format(id=thing)}; os.kill(os.getpid(), signal.SIGKILL)",
    )
    assert killed.wait(PATIENCE) < 0
    assert [worker.read(f"watched/?id={thing}") for worker in workers] == [("HIT", "old")] * 2
