"""
What a function takes and returns, read from its hints.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import pytest

from mizan.protocol.signature import MISSING, Parameter, read_signature, resolve_hints


def plain(request: Any, id: int, *, word: str = "x", free=None) -> Annotated[int, "kept"]: ...  # type: ignore[empty-body]
def nothing(request): ...
def no_request() -> None: ...
def taken_for_the_request(id: int) -> None: ...
def by_keyword(*, request: Any) -> None: ...
def many(request: Any, *ids: int, **rest: int) -> None: ...


def test_arguments_come_in_the_order_of_the_declaration() -> None:
    """Without the request, with their defaults; metadata of types is kept."""
    signature = read_signature(plain, resolve_hints(plain))

    assert signature.parameters == (Parameter("id", int), Parameter("word", str, "x"), Parameter("free", MISSING, None))
    assert [parameter.is_required for parameter in signature.parameters] == [True, False, False]
    assert signature.returns == Annotated[int, "kept"]
    assert signature.names == ("id", "word", "free")
    assert not signature.problems


def test_what_is_not_written_is_missing() -> None:
    """It is not Any, and not None."""
    assert read_signature(nothing, {}).returns is MISSING


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (no_request, "its first parameter must be the request"),
        (taken_for_the_request, "and id: 'int' is none"),
        (by_keyword, "its first parameter must be the request"),
        (many, "cannot be named by a client"),
    ],
)
def test_what_no_client_can_call_says_why(function: Callable[..., Any], words: str) -> None:
    """In words that the check repeats."""
    assert words in " ".join(read_signature(function, resolve_hints(function)).problems)


def test_a_name_that_is_not_defined_is_an_error() -> None:
    """Unless it is local to where the function was declared."""

    class Local:
        """Known to nobody else."""

    def function(request: Any, thing: Local) -> None: ...

    with pytest.raises(NameError):
        resolve_hints(function)
    assert resolve_hints(function, {"Local": Local})["thing"] is Local
