"""
The bodies that operations share, held to the bodies that are sent.
"""

from __future__ import annotations

import jsonschema
import pytest

from mizan.openapi.envelopes import ALWAYS, ENVELOPES, FAILURE, FAILURES, WITH_BODY
from mizan.protocol.envelope import failure, invalidation
from mizan.protocol.errors import STATUS_BY_CODE


@pytest.mark.parametrize("details", [None, {"fields": {"": ["No."]}}], ids=["plain", "details"])
def test_a_failure_is_as_described(details: dict[str, object] | None) -> None:
    """The one shape of all of them."""
    jsonschema.validate(failure("CONFLICT", "No.", details), ENVELOPES[FAILURE])


@pytest.mark.parametrize("function", [None, "profile"])
@pytest.mark.parametrize("params", [{}, {"id": 5}], ids=str)
def test_an_invalidation_is_as_described(function: str | None, params: dict[str, int]) -> None:
    """The bare name of a context too."""
    jsonschema.validate(
        invalidation("user", function, params), {**ENVELOPES["MizanInvalidation"], "components": {"schemas": ENVELOPES}}
    )


def test_every_status_that_a_call_may_have_is_explained() -> None:
    """By the codes that go with it."""
    explained = {status: text for status, (_, text) in FAILURES.items()}
    codes = {code: str(status) for code, status in STATUS_BY_CODE.items() if str(status) in FAILURES}

    assert set(ALWAYS) | set(WITH_BODY) <= set(FAILURES)
    assert [code for code, status in codes.items() if f"`{code}`" not in explained[status]] == []
