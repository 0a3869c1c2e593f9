"""
System checks: every id once wrong and once right, and a message that says what, where and what to write instead.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from mizan import checks
from mizan.client import client
from mizan.protocol import errors
from mizan.protocol.errors import Finding
from mizan.protocol.registry import FunctionRegistry
from tests.checks.examples import ERRORS, bad_auth, passed_by
from tests.checks.messages import found, ids, serve

IDS = sorted(value for name, value in vars(errors).items() if re.match(r"[EW]_", name))


DOCUMENTED = Path(__file__).parents[2] / "docs" / "checks.md"


@pytest.mark.parametrize("id", sorted(ERRORS))
def test_each_error_is_found_once_and_says_what_to_do(registry: FunctionRegistry, id: str) -> None:
    """An error, with where it is in the message and the line to write instead in the hint."""
    wrong, _ = ERRORS[id]
    wrong()

    messages = found()

    assert [message.id for message in messages] == [id]
    assert messages[0].is_serious()
    assert "tests.checks." in messages[0].msg or id == errors.E_DUPLICATE_MODEL
    assert messages[0].hint


@pytest.mark.parametrize("id", sorted(ERRORS))
def test_what_is_mended_is_quiet(registry: FunctionRegistry, id: str) -> None:
    """Not even a warning is left."""
    _, right = ERRORS[id]
    right()

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


def test_a_plain_function_around_a_coroutine_is_warned_of(registry: FunctionRegistry) -> None:
    """Most decorators are written for plain functions; what they return is then a coroutine."""

    @client(auth=False)
    @passed_by
    async def wrong(request: Any) -> None: ...

    @client(auth=False)
    async def right(request: Any) -> None: ...

    serve(wrong, right)

    assert ids() == ["mizan.W009"]


def test_every_error_id_is_tested() -> None:
    """A new id needs a wrong and a right example here."""
    assert sorted([*ERRORS, errors.E_SECRET, errors.E_CACHE, errors.E_SHARED_SECRET, errors.E_NOT_INSTALLED]) == [
        id for id in IDS if id.startswith("mizan.E")
    ]
