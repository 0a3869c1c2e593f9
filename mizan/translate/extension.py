"""
``x-mizan``: what a Mizan server says of an operation beyond OpenAPI.
"""

from __future__ import annotations

from collections.abc import Collection

from mizan.ir.model import Target
from mizan.translate.document import Document, Node
from mizan.translate.place import Place

_TARGET_WORDS = ("context", "function", "params")


def refuse_others(node: Node, known: Collection[str], document: Document, place: Place) -> None:
    """
    A word that this translator does not know may change the meaning of all others.
    """
    for word in sorted(set(node) - set(known)):
        document.note(place, f"x-mizan has {word!r}, which is unknown.", "Update the mizan that translates.")


def targets(node: Node, key: str, document: Document, place: Place) -> tuple[Target, ...]:
    """
    The entries of ``affects`` or ``merge``.
    """
    return tuple(_target(entry, document, place / key) for entry in document.objects(node, key, place))


def _target(entry: Node, document: Document, place: Place) -> Target:
    refuse_others(entry, _TARGET_WORDS, document, place)
    return Target(
        document.needed_text(entry, "context", place),
        document.text(entry, "function", place),
        document.strings(entry, "params", place),
    )
