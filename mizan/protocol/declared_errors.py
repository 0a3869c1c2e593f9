"""
The error classes that functions name in ``raises=``, by wire code.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, TypeGuard

from pydantic import BaseModel

from mizan.protocol.casing import upper_snake
from mizan.protocol.errors import E_RAISES, STATUS_BY_CODE, Finding, MizanError
from mizan.protocol.names import is_error_code
from mizan.protocol.shown_types import shown
from mizan.protocol.specs import FunctionSpec


def collect_errors(specs: Iterable[FunctionSpec], findings: list[Finding]) -> dict[str, type[MizanError]]:
    """
    Every error class that *specs* declare, by its code; of two with one code the first.

    Args:
        findings: Gets what is wrong with the declared classes.
    """
    errors: dict[str, type[MizanError]] = {}
    for spec in specs:
        for raised in spec.raises:
            if not _is_error_class(raised):
                findings.append(
                    Finding(
                        E_RAISES,
                        f"@client(raises={shown(raised)}) on {spec.located} is not a subclass of MizanError.",
                        "Write class OutOfStock(MizanError): status = 409",
                    )
                )
                continue
            for problem, hint in _problems(raised):
                findings.append(Finding(E_RAISES, f"The error {shown(raised)} {problem}.", hint))
            known = errors.setdefault(raised.code, raised)
            if known is not raised:
                findings.append(
                    Finding(
                        E_RAISES,
                        f"Two errors have the code {raised.code!r}: {shown(known)} and {shown(raised)}.",
                        'Give one of them another code: code = "…"',
                    )
                )
    return errors


def _is_error_class(raised: Any) -> TypeGuard[type[MizanError]]:
    return isinstance(raised, type) and issubclass(raised, MizanError) and raised is not MizanError


def _problems(error: type[MizanError]) -> Iterator[tuple[str, str]]:
    """What no client could make sense of."""
    if not isinstance(error.code, str) or not is_error_code(error.code):
        yield f"has the code {error.code!r}", f"Write code = {upper_snake(error.__name__)!r}, or leave it out."
    elif STATUS_BY_CODE.get(error.code, error.status) != error.status:
        known = STATUS_BY_CODE[error.code]
        yield (
            f"has the code {error.code!r} and the status {error.status}; the protocol gives this code the status {known}",
            "Give it a code of its own, or leave the status out.",
        )
    if isinstance(error.status, bool) or not isinstance(error.status, int) or not 400 <= error.status <= 599:
        yield f"has the status {error.status!r}, which is no failure", "Write a number from 400 to 599: status = 409"
    if error.Details is not None and not (isinstance(error.Details, type) and issubclass(error.Details, BaseModel)):
        yield f"has Details that are {shown(error.Details)}", "Write class Details(BaseModel): below it."
