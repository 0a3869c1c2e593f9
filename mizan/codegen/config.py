"""
`mizan.toml`, read and checked. Every path in it counts from the folder that the file is in.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeAlias

from mizan.codegen.failures import ConfigProblem
from mizan.codegen.imports import EXTENSIONS, ImportExtension
from mizan.codegen.output import MANIFEST
from mizan.codegen.settings_table import SettingsTable
from mizan.codegen.target import TARGETS

EXAMPLE: Final = """\
output = "src/api"
targets = ["react"]

[source.django]
manage_path = "../backend/manage.py"
command = ["uv", "run", "python"]

[source.django.env]
DJANGO_SETTINGS_MODULE = "myproject.settings"
"""

DEFAULT_COMMAND: Final = ("python",)
DEFAULT_TIMEOUT_SECONDS: Final = 120.0

_LINES: Final[Mapping[str, str]] = {
    "output": 'output = "src/api"',
    "targets": 'targets = ["react"]',
    "import_extension": 'import_extension = ".js"',
    "source": '[source.django]\nmanage_path = "../backend/manage.py"',
    "source.django": '[source.django]\nmanage_path = "../backend/manage.py"',
    "source.django.manage_path": 'manage_path = "../backend/manage.py"',
    "source.django.command": 'command = ["uv", "run", "python"]',
    "source.django.env": '[source.django.env]\nDJANGO_SETTINGS_MODULE = "myproject.settings"',
    "source.django.timeout": "timeout = 300",
    "source.file": '[source.file]\npath = "schema.kdl"',
    "source.file.path": 'path = "schema.kdl"',
}
_POSITION = re.compile(r"(.*) \(at (?:line (\d+), column (\d+)|(end of document))\)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class DjangoSource:
    """
    A Django project that prints its schema: ``<command> <manage_path> export_mizan_ir``, run with *env* added.
    """

    manage_path: Path
    command: tuple[str, ...] = DEFAULT_COMMAND
    env: Mapping[str, str] = field(default_factory=dict)
    timeout_seconds: float = DEFAULT_TIMEOUT_SECONDS


@dataclass(frozen=True, slots=True)
class FileSource:
    """
    A schema that somebody exported before.
    """

    path: Path


Source: TypeAlias = DjangoSource | FileSource


@dataclass(frozen=True, slots=True)
class Config:
    """
    What to generate, from what, and where to; all paths are absolute, *path* is that of the file itself.

    *shown_output* is the output folder as it is written there, for messages.
    """

    path: Path
    output: Path
    shown_output: str
    source: Source
    targets: tuple[str, ...] = ("react",)
    import_extension: ImportExtension = ""


def read_config(path: Path) -> Config:
    """
    Read and check ``mizan.toml``.

    Raises:
        ConfigProblem: the file is missing or not TOML, or has mistakes; every one of them is listed.
    """
    root = SettingsTable(_parse(path), shown=path.name, lines=_LINES)
    folder = path.resolve().parent
    shown_output = root.text("output")
    output = _absolute(folder, shown_output)
    source = _read_source(root.table("source"), folder)
    targets = root.texts("targets", default=tuple(TARGETS), choices=tuple(TARGETS))
    extension = root.text("import_extension", default="", choices=EXTENSIONS)
    if not root.problems:
        _check_output(root, output.resolve(), folder, source)
    root.finish()
    return Config(path.resolve(), output, shown_output, source, tuple(dict.fromkeys(targets)), _extension(extension))


def _parse(path: Path) -> dict[str, object]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
        return tomllib.loads(text)
    except FileNotFoundError:
        raise ConfigProblem(f"{path} does not exist.", f"Write it, for example:\n\n{EXAMPLE}") from None
    except OSError as error:
        raise ConfigProblem(
            f"{path} cannot be read: {error.strerror}.", "Pass the path of a file to --config."
        ) from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise ConfigProblem(f"{path}, line {line}: this is not UTF-8.", "Save the file in UTF-8.") from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigProblem(*_syntax_problem(path, text, str(error))) from None


def _syntax_problem(path: Path, text: str, message: str) -> tuple[str, str]:
    match = _POSITION.fullmatch(message)
    if match is None or match[4]:
        return (f"{path}, at its end: {match[1] if match else message}.", "Complete the last line.")
    source = text.splitlines()[int(match[2]) - 1] if text.splitlines() else ""
    return (f"{path}, line {match[2]}, column {match[3]}: {match[1]}.", f"The line is: {source.strip()}")


def _read_source(table: SettingsTable, folder: Path) -> Source:
    django, file = table.optional_table("django"), table.optional_table("file")
    if django is not None and file is not None:
        table.complain(
            "there are two sources, [source.django] and [source.file]; a client has one.", "Remove one of them."
        )
    if file is not None:
        return FileSource(_existing_file(file, folder / file.text("path")))
    if django is None:
        table.complain("there is no source.", f"Write:\n{_LINES['source']}")
        return FileSource(folder)
    command = django.texts("command", default=DEFAULT_COMMAND)
    return DjangoSource(
        manage_path=_absolute(folder, django.text("manage_path")),
        command=(_program(command[0], folder), *command[1:]) if command else command,
        env={name: _environment_value(name, value, folder) for name, value in django.mapping("env").items()},
        timeout_seconds=django.seconds("timeout", default=DEFAULT_TIMEOUT_SECONDS),
    )


def _existing_file(table: SettingsTable, path: Path) -> Path:
    if not table.problems and not path.is_file():
        table.complain(
            f"source.file.path names no file: {path}.",
            "Export it: python manage.py export_mizan_ir --output schema.kdl",
        )
    return path


def _program(program: str, folder: Path) -> str:
    """A bare name is looked up in PATH; one with a slash is a path as every other."""
    return program if Path(program).name == program else str(_absolute(folder, program))


def _environment_value(name: str, value: str, folder: Path) -> str:
    if name != "PYTHONPATH":
        return value
    return os.pathsep.join(str(_absolute(folder, entry)) for entry in value.split(os.pathsep) if entry)


def _absolute(folder: Path, path: str) -> Path:
    return Path(os.path.normpath(folder / path))


def _check_output(root: SettingsTable, output: Path, folder: Path, source: Source) -> None:
    project_file = source.manage_path if isinstance(source, DjangoSource) else source.path
    if output.exists() and not output.is_dir():
        root.complain(f"output is a file: {output}.", f"Name a folder: {_LINES['output']}")
    elif folder.is_relative_to(output) or project_file.resolve().is_relative_to(output):
        hint = f"The client has a folder of its own: {_LINES['output']}"
        root.complain(f"output holds more than the client: {output}.", hint)
    else:
        client = next((parent for parent in output.parents if (parent / MANIFEST).exists()), None)
        if client is not None:
            root.complain(f"output is inside another client, {client}: {output}.", "Name a folder outside of it.")


def _extension(text: str) -> ImportExtension:
    return next(extension for extension in EXTENSIONS if extension == text)
