"""
One run: read the source, check the schema, plan and build the client, and compare or write it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from mizan.codegen.config import Config
from mizan.codegen.failures import SchemaProblem
from mizan.codegen.files import OutputFile
from mizan.codegen.imports import ImportExtension
from mizan.codegen.output import Changes, find_changes, format_changes, write_changes
from mizan.codegen.progress import Progress
from mizan.codegen.source import describe_source, read_source
from mizan.codegen.target import TARGETS
from mizan.ir.model import Schema

_QUOTED_LENGTH = 100


def read_schema(text: str, described: str) -> Schema:
    """
    The schema in KDL *text*, checked.

    Raises:
        SchemaProblem: it does not read, or contradicts itself.
    """
    # Imported here: parsing needs ckdl, and a schema made in Python needs no parser.
    from mizan.ir.check import check
    from mizan.ir.reader import IrError, read

    try:
        schema = read(text)
    except IrError as error:
        # A settings module may print to stdout, and its text stands before the schema.
        beginning = text.lstrip().partition("\n")[0][:_QUOTED_LENGTH]
        raise SchemaProblem(
            f"The schema does not read: {error}", f"It came from: {described}\nIt begins with: {beginning}"
        ) from None
    findings = check(schema)
    if findings:
        raise SchemaProblem.from_findings(findings)
    return schema


def build_client(
    schema: Schema, targets: Sequence[str] = ("react",), import_extension: ImportExtension = ""
) -> tuple[OutputFile, ...]:
    """
    Every file of the client for a checked *schema*, sorted by path.

    Raises:
        SchemaProblem: the schema cannot become such a client.
    """
    files: list[OutputFile] = []
    for name in targets:
        target = TARGETS[name]
        files += target.build(target.plan(schema), import_extension)
    return tuple(sorted(files, key=lambda file: file.path))


def generate(config: Config, progress: Progress) -> Changes:
    """
    Write the client that *config* describes, and return what was written.

    Raises:
        GenerateError: there is no client, or nowhere to put it.
    """
    files, changes = _prepare(config, progress)
    with progress.step("write"):
        write_changes(config.output, files, changes)
    progress.finish(_summary(config, files, changes))
    return changes


def find_differences(config: Config, progress: Progress, show: Callable[[str], object]) -> Changes:
    """
    Compare the client on disk with the one that *config* describes, and *show* the difference as a unified diff.

    Raises:
        GenerateError: there is no client.
    """
    _, changes = _prepare(config, progress)
    shown = config.shown_output
    if changes.count:
        show(format_changes(config.output, changes, shown))
        progress.finish(f"{_files(changes.count)} in {shown} out of date; run mizan-generate")
    else:
        progress.finish(f"{shown} is up to date")
    return changes


def _prepare(config: Config, progress: Progress) -> tuple[tuple[OutputFile, ...], Changes]:
    progress.restart()
    with progress.step("export the schema"):
        text = read_source(config.source)
    with progress.step("read and check it"):
        schema = read_schema(text, describe_source(config.source))
    with progress.step("build the client"):
        files = build_client(schema, config.targets, config.import_extension)
    with progress.step("compare"):
        changes = find_changes(config.output, files)
    return files, changes


def _summary(config: Config, files: Sequence[OutputFile], changes: Changes) -> str:
    if not changes.count:
        return f"{config.shown_output} is up to date, {_files(len(files))}"
    parts = [f"{_files(len(changes.written))} written"] if changes.written else []
    parts += [f"{_files(len(changes.removed))} removed"] if changes.removed else []
    return f"{config.shown_output}: {', '.join(parts)} of {len(files)}"


def _files(count: int) -> str:
    return "1 file" if count == 1 else f"{count} files"
