"""
Where the text of a schema comes from: a file, or a Django project that is asked for it.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from typing import assert_never

from mizan.codegen.config import DjangoSource, FileSource, Source
from mizan.codegen.failures import BackendProblem, ConfigProblem

EXPORT_COMMAND = "export_mizan_ir"

_NOT_INSTALLED = 'Add "mizan" to INSTALLED_APPS in the settings that it uses.\n'
_TRACEBACK = "Traceback (most recent call last):"
_QUOTED_LINES = 20
_SETTINGS = "DJANGO_SETTINGS_MODULE"
_FOREIGN = ("site-packages", "dist-packages", "<frozen ", "/lib/python", "\\Lib\\", "/mizan/client.py")


def read_source(source: Source) -> str:
    """
    The schema as KDL text.

    Raises:
        BackendProblem: the project's command cannot be run, fails, takes too long, or prints no text.
        ConfigProblem: the file cannot be read.
    """
    match source:
        case FileSource(path):
            try:
                return path.read_text(encoding="utf-8-sig")
            except (OSError, UnicodeDecodeError) as error:
                raise ConfigProblem(f"{path} cannot be read: {error}.", "Export the schema again.") from None
        case DjangoSource():
            return _export(source)
        case _:  # pragma: no cover - mypy proves that nothing is left
            assert_never(source)


def describe_source(source: Source) -> str:
    """
    What a person would type to get the same text.
    """
    if isinstance(source, FileSource):
        return str(source.path)
    return shlex.join([*source.command, str(source.manage_path), EXPORT_COMMAND])


def _export(source: DjangoSource) -> str:
    if not source.manage_path.is_file():
        hint = 'manage_path counts from the folder of mizan.toml: manage_path = "../backend/manage.py"'
        what = "is no file" if source.manage_path.exists() else "does not exist"
        raise BackendProblem(f"{source.manage_path} {what}.", hint)
    environment = _environment(source)
    program = shutil.which(source.command[0], path=environment.get("PATH"))
    if program is None:
        raise BackendProblem(
            f"The command {source.command[0]} was not found.",
            'Name one that is in PATH, or give its path: command = ["uv", "run", "python"] or command = ["python3"]',
        )
    output, errors, status = _run([program, *source.command[1:]], source, environment)
    if status != 0:
        if f"Unknown command: '{EXPORT_COMMAND}'".encode() in errors:
            raise BackendProblem(
                f"{source.manage_path} does not know the command {EXPORT_COMMAND}.", _NOT_INSTALLED + _rerun(source)
            )
        raise BackendProblem(
            f"The backend did not export its schema (exit status {status}):\n{_quote(errors or output)}",
            "\n".join(filter(None, [_settings_hint(source, environment, errors), _rerun(source)])),
        )
    try:
        text = output.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BackendProblem(
            f"The backend printed something that is not UTF-8, at byte {error.start}.", _rerun(source)
        ) from None
    if not text.strip():
        raise BackendProblem(f"The backend printed nothing.\n{_quote(errors)}".rstrip(), _rerun(source))
    return text.replace("\r\n", "\n")


def _environment(source: DjangoSource) -> dict[str, str]:
    # Without these variables, the text might be coloured or, on Windows, in the encoding of the console.
    plain = {"DJANGO_COLORS": "nocolor", "NO_COLOR": "1", "PYTHONIOENCODING": "utf-8"}
    return {**os.environ, **plain, **source.env}


def _run(command: Sequence[str], source: DjangoSource, environment: dict[str, str]) -> tuple[bytes, bytes, int]:
    arguments = [*command, str(source.manage_path), EXPORT_COMMAND]
    try:
        process = subprocess.Popen(
            arguments,
            cwd=source.manage_path.parent,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            # A process group of its own: `uv run` and its like start processes that must end with them.
            start_new_session=True,
        )
    except OSError as error:
        raise BackendProblem(f"The command {command[0]} could not be run: {error.strerror}.", _rerun(source)) from None
    try:
        output, errors = process.communicate(timeout=source.timeout_seconds)
    except subprocess.TimeoutExpired:
        raise BackendProblem(
            f"The backend gave no schema within {source.timeout_seconds:g} seconds.",
            f"If it needs longer: timeout = {source.timeout_seconds * 3:g}\n{_rerun(source)}",
        ) from None
    finally:
        if process.poll() is None:
            _end(process)
    return output, errors, process.returncode


def _end(process: subprocess.Popen[bytes]) -> None:
    if sys.platform == "win32":  # pragma: no cover - there are no process groups to signal on Windows
        process.kill()
    else:
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def _quote(errors: bytes) -> str:
    """The end of what the backend printed: of a traceback what was raised and where, of all else the last lines."""
    lines = errors.decode("utf-8", errors="replace").rstrip().splitlines()
    if _TRACEBACK in lines:
        start = len(lines) - lines[::-1].index(_TRACEBACK)
        raised = next((number for number, line in enumerate(lines[start:], start) if not line.startswith(" ")), start)
        lines = [*lines[raised:], *_place(lines[start:raised])]
    told = [number for number, line in enumerate(lines) if line.startswith(("CommandError: ", "SystemCheckError: "))]
    # What a command says for people is shown whole.
    return "\n".join(f"  {line}".rstrip() for line in (lines[told[-1] :] if told else lines[-_QUOTED_LINES:]))


def _place(frames: list[str]) -> list[str]:
    """The innermost frame of the project's own code, as the traceback shows it: its file and line, and the line itself."""
    heads = [number for number, line in enumerate(frames) if line.startswith('  File "')]
    own = [number for number in heads if not any(word in frames[number] for word in _FOREIGN)]
    if not heads:
        return []
    head = (own or heads)[-1]
    code = [] if head + 1 in heads else frames[head + 1 : head + 2]
    return [frames[head].strip(), *(f"  {line.strip()}" for line in code)]


def _settings_hint(source: DjangoSource, environment: dict[str, str], errors: bytes) -> str:
    """The lines of ``mizan.toml`` that name the settings, where Django found none."""
    text = errors.decode("utf-8", errors="replace")
    named = environment.get(_SETTINGS, "")
    missing = re.findall(r"^ModuleNotFoundError: No module named '([\w.]+)'", text, re.MULTILINE)
    is_wrong = bool(named and missing) and f"{named}.".startswith(f"{missing[-1]}.")
    if not is_wrong and not re.search(rf"^\S*ImproperlyConfigured: .*{_SETTINGS}", text, re.MULTILINE):
        return ""
    where = "[source.django.env]" if _SETTINGS in source.env else "the environment"
    what = f"{_SETTINGS} is {named!r}, from {where}." if named else f"{_SETTINGS} is not set."
    own = re.search(
        rf"""['"]{_SETTINGS}['"]\s*,\s*['"]([\w.]+)['"]""",
        source.manage_path.read_text(encoding="utf-8", errors="replace"),
    )
    right = own[1] if own is not None and own[1] != named else "mysite.settings"
    return f'{what} Write in mizan.toml:\n\n[source.django.env]\n{_SETTINGS} = "{right}"\n'


def _rerun(source: DjangoSource) -> str:
    return f"The command was: {describe_source(source)}"
