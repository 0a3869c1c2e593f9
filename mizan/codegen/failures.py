"""
Why a run ended without a client, one class for each exit code. The command line prints them; nothing else does.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from mizan.ir.findings import Finding

EXIT_OK = 0
EXIT_DIFFERENT = 1
EXIT_CONFIG = 2
EXIT_BACKEND = 3
EXIT_SCHEMA = 4
EXIT_INTERRUPTED = 130


class GenerateError(Exception):
    """
    The run cannot go on, and whoever reads the message can do something about it.

    Args:
        message: What is wrong and where, possibly in several lines.
        hint: What to do or the line to write instead.
    """

    exit_code: ClassVar[int]

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint

    def __str__(self) -> str:
        message = super().__str__()
        return f"{message}\n{_indent(self.hint)}" if self.hint else message


class ConfigProblem(GenerateError):
    """
    ``mizan.toml``, the command line or the output folder is not as it should be.
    """

    exit_code = EXIT_CONFIG


class BackendProblem(GenerateError):
    """
    The backend did not give a schema: its command is missing, failed, or printed something else.
    """

    exit_code = EXIT_BACKEND


class SchemaProblem(GenerateError):
    """
    The schema cannot become a client: it does not read, contradicts itself, or gives two things one name.
    """

    exit_code = EXIT_SCHEMA

    @classmethod
    def from_findings(cls, findings: Iterable[Finding]) -> SchemaProblem:
        """
        All *findings* at once, each with what to do about it.
        """
        return cls("\n".join(map(str, findings)))


def _indent(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.splitlines())
