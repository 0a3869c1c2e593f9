"""
Functions that would get one name in the generated client, though their wire names differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mizan.protocol.casing import pascal
from mizan.protocol.errors import E_CLIENT_NAME, Finding
from mizan.protocol.specs import FunctionSpec


def client_name_findings(specs: Iterable[FunctionSpec]) -> Iterator[Finding]:
    """Pairs such as ``add_item`` and ``addItem``: both would be ``callAddItem``."""
    known: dict[str, FunctionSpec] = {}
    for spec in specs:
        if spec.private or spec.is_view:
            continue  # no client has them
        other = known.setdefault(pascal(spec.name), spec)
        if other is not spec:
            yield Finding(
                E_CLIENT_NAME,
                f"{spec.name!r} and {other.name!r} would both be call{pascal(spec.name)} in the client: {spec.located} "
                f"and {other.located}.",
                'Give one of them another wire name: @client(name="…").',
            )
