"""
What a target is: it makes a plan of a schema and files of the plan. `TARGETS` has every target.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Protocol, TypeVar

from mizan.codegen.files import OutputFile
from mizan.codegen.imports import ImportExtension
from mizan.codegen.react.target import ReactTarget
from mizan.ir.model import Schema

ProjectT = TypeVar("ProjectT")


class Target(Protocol[ProjectT]):
    """
    A kind of client.

    ``plan`` decides everything and raises `SchemaProblem` where it cannot; ``build`` only writes down what was decided.
    Neither reads anything but the schema.
    """

    @property
    def name(self) -> str:
        """What ``targets`` in ``mizan.toml`` calls it."""

    def plan(self, schema: Schema) -> ProjectT:
        """Settle every name and file."""

    def build(self, project: ProjectT, import_extension: ImportExtension) -> tuple[OutputFile, ...]:
        """Make the files of what `plan` has settled, sorted by path."""


_REACT: Target[Any] = ReactTarget()

TARGETS: Final[Mapping[str, Target[Any]]] = {_REACT.name: _REACT}
