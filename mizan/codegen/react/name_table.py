"""
The names of one client, each with what it stands for, so that no two things share one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from mizan.ir.findings import Finding


@dataclass(frozen=True, slots=True)
class Claim:
    """
    A thing that a generated name stands for: *source* names it in a message, *hint* says how to give it another name.
    """

    source: str
    hint: str
    module: str
    is_type: bool = False


class NameTable:
    """
    Every name that the client's barrel exports.

    All files share one table, because ``index.ts`` exports all of them: a type and a hook of one name would clash there.
    An application may name a type as the kernel does (``Decimal``, ``Patch``): its own is exported then, and the kernel's is
    not. It may not take a name with ``Mizan`` in it, or that of a function or class of the kernel.

    Args:
        kernel: Names that the kernel exports, with whether each is only a type.
    """

    def __init__(self, kernel: Mapping[str, bool]) -> None:
        self._kernel = kernel
        self._claims: dict[str, list[Claim]] = {}

    def claim(self, name: str, claim: Claim) -> str:
        """
        Give *name* to a thing. Where another thing has it already, `findings` reports that.
        """
        self._claims.setdefault(name, []).append(claim)
        return name

    def owners(self) -> dict[str, str]:
        """
        The module that declares each name.
        """
        return {name: claims[0].module for name, claims in self._claims.items()}

    def findings(self) -> Iterator[Finding]:
        """
        Every name that two things would have.
        """
        for name, claims in sorted(self._claims.items()):
            first, *others = claims
            for other in others:
                yield _clash(name, first.source, other)
            if name in self._kernel and not self._may_replace(name, first):
                yield _clash(name, "the client's own kernel", first)

    def _may_replace(self, name: str, claim: Claim) -> bool:
        return claim.is_type and self._kernel[name] and "Mizan" not in name


def _clash(name: str, holder: str, claim: Claim) -> Finding:
    return Finding(claim.source, f"it would be `{name}` in the client, a name that {holder} has.", claim.hint)
