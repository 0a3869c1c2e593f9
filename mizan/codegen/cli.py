"""
The `mizan-generate` command.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from mizan.codegen.config import read_config
from mizan.codegen.failures import EXIT_CONFIG, EXIT_DIFFERENT, EXIT_INTERRUPTED, EXIT_OK, GenerateError
from mizan.codegen.generator import find_differences, generate
from mizan.codegen.output import generator_version
from mizan.codegen.progress import Progress
from mizan.codegen.watch import watch

_EPILOG = """\
examples:
  mizan-generate                              generate what ./mizan.toml describes
  mizan-generate --config frontend/mizan.toml
  mizan-generate --check                      in CI: print what is out of date and exit 1
  mizan-generate --watch                      beside the development server

exit status:
  0  the client is up to date, or is now
  1  --check found differences
  2  the command line, mizan.toml or the output folder is not right
  3  the backend did not export its schema
  4  the schema cannot become a client
"""


def main(argv: Sequence[str] | None = None) -> int:
    """
    Run the command.

    Returns:
        The exit status: see ``--help``; 130 if interrupted.
    """
    try:
        options = _parser().parse_args(argv)
    except SystemExit as stop:
        # argparse leaves the process after --help, --version and a usage error.
        return stop.code if isinstance(stop.code, int) else EXIT_CONFIG
    progress = Progress(sys.stderr, is_quiet=options.quiet)
    try:
        return _run(options, progress)
    except GenerateError as error:
        _complain(error)
        return error.exit_code
    except KeyboardInterrupt:
        print("\nmizan-generate: interrupted", file=sys.stderr)
        return EXIT_INTERRUPTED


def _run(options: argparse.Namespace, progress: Progress) -> int:
    if options.watch:
        try:
            watch(options.config, progress, _complain)
        except KeyboardInterrupt:
            # Ctrl-C is the one way to end --watch, so it is no failure.
            progress.say("")
        return EXIT_OK
    config = read_config(options.config)
    if options.check:
        return EXIT_DIFFERENT if find_differences(config, progress, _show).count else EXIT_OK
    generate(config, progress)
    return EXIT_OK


def _show(text: str) -> None:
    # A diff may hold characters that the console or a pipe has no encoding for.
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(text.encode(encoding, "backslashreplace").decode(encoding))


def _complain(error: GenerateError) -> None:
    print(f"mizan-generate: {error}", file=sys.stderr)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="mizan-generate",
        description="Generate the typed client of a Mizan server from the schema that its backend exports.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--config", type=Path, default=Path("mizan.toml"), metavar="FILE", help="what to generate (default: mizan.toml)"
    )
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument(
        "--check", action="store_true", help="write nothing; print the difference and exit 1 if there is one"
    )
    mode.add_argument("--watch", action="store_true", help="generate again whenever the backend changes")
    parser.add_argument("--quiet", action="store_true", help="print errors and differences only")
    parser.add_argument("--version", action="version", version=f"mizan-generate {generator_version()}")
    return parser
