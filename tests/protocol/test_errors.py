"""
Errors that cross the wire, and findings for developers.
"""

from __future__ import annotations

from decimal import Decimal

import pytest
from pydantic import BaseModel, Field, ValidationError

from mizan.protocol.errors import STATUS_BY_CODE, ConfigError, Conflict, Finding, MizanError, NotFound


class OutOfStock(MizanError):
    status = 409
    message = "Sold out."

    class Details(BaseModel):
        remaining: Decimal = Field(alias="stillThere")


def test_a_subclass_has_the_code_of_its_name() -> None:
    """And 400 where it sets no status; a code of the protocol's keeps the protocol's status."""

    class Wrong(MizanError):
        """Says no more."""

    class Gone(NotFound):
        code = "NOT_FOUND"

    assert (OutOfStock.code, OutOfStock.status) == ("OUT_OF_STOCK", 409)
    assert (Wrong.code, Wrong.status) == ("WRONG", 400)
    assert (Gone.code, Gone.status) == ("NOT_FOUND", 404)
    assert STATUS_BY_CODE[Conflict.code] == Conflict.status


def test_an_error_may_have_its_own_message() -> None:
    """The class's stays what it was."""
    error = Conflict("Try again.")

    assert (error.message, str(error)) == ("Try again.", "Try again.")
    assert Conflict().message == Conflict.message != "Try again."


def test_details_are_of_the_declared_type() -> None:
    """Under the names that the wire has."""
    assert OutOfStock(stillThere=Decimal("0.50")).wire_details() == {"stillThere": "0.50"}
    assert NotFound().wire_details() is None
    with pytest.raises(ValidationError):
        OutOfStock(stillThere="some")


def test_details_that_nobody_declared_are_refused() -> None:
    """No client would know of them."""
    with pytest.raises(TypeError, match="NotFound declares no Details, so it takes no a, b"):
        NotFound(b=1, a=2)


def test_a_project_is_told_all_at_once() -> None:
    """Each finding with its id and the line to write instead."""
    findings = Finding("mizan.E004", "What is wrong.", "Write this."), Finding("mizan.W001", "What is odd.")

    assert (
        str(ConfigError(*findings)) == "What is wrong. (mizan.E004)\n    HINT: Write this.\nWhat is odd. (mizan.W001)"
    )
    assert [finding.is_error for finding in findings] == [True, False]
