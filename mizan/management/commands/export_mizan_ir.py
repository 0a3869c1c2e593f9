"""
``manage.py export_mizan_ir``: the documents that the client is generated from.
"""

from __future__ import annotations

import difflib
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mizan.checks.quiet import told_once
from mizan.export.text import ir_text, openapi_text
from mizan.protocol.errors import ConfigError
from mizan.translate import TranslationError


class Command(BaseCommand):
    help = "Print the Mizan IR (KDL), or the OpenAPI document it is translated from."
    # The findings are reported by the export itself, with every other error that keeps a client from being generated.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--openapi", action="store_true", help="the OpenAPI 3.1 document (JSON) instead of the IR")
        parser.add_argument("--output", metavar="FILE", type=Path, help="write to FILE instead of standard output")
        parser.add_argument(
            "--check", action="store_true", help="compare with --output instead of writing; exit 1 where it is stale"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        output: Path | None = options["output"]
        if options["check"] and output is None:
            raise CommandError("--check compares with a file: name it with --output FILE.", returncode=2)
        text = self._text(openapi=options["openapi"])
        if output is None:
            self.stdout.write(text, ending="")
        elif options["check"]:
            self._compare(text, output)
        elif not output.exists() or output.read_text(encoding="utf-8") != text:
            output.parent.mkdir(parents=True, exist_ok=True)
            output.write_text(text, encoding="utf-8", newline="\n")
            self.stderr.write(f"Wrote {output}.")
        else:
            self.stderr.write(f"{output} is up to date.")

    def _text(self, *, openapi: bool) -> str:
        try:
            with told_once():
                return openapi_text() if openapi else ir_text()
        except (ConfigError, TranslationError) as error:
            raise CommandError(str(error)) from None

    def _compare(self, text: str, output: Path) -> None:
        if not output.exists():
            raise CommandError(f"{output} does not exist. Make it: export_mizan_ir --output {output}")
        old = output.read_text(encoding="utf-8")
        if old != text:
            diff = difflib.unified_diff(
                old.splitlines(keepends=True), text.splitlines(keepends=True), str(output), "the functions as they are"
            )
            self.stdout.write("".join(diff))
            raise CommandError(f"{output} is stale. Make it again: export_mizan_ir --output {output}")
        self.stderr.write(f"{output} is up to date.")
