"""
The Python environment of the repository: ``.venv`` with pinned packages, made by uv where it is installed, else by the
standard library and pip.

``python .ci/environment.py demo`` makes what the demo needs, ``… dev`` what the tests need.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import shutil
import sys
import tempfile
import tomllib
from pathlib import Path

from progress import ROOT, StepError, complain, run_quietly, step
from stamps import digest, is_current, leave

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
EXTRAS = {"demo": ["demo"], "dev": ["dev", "channels", "demo"]}
"""The extras of ``pyproject.toml`` behind each kind of environment; a later one holds all of an earlier one."""


def ensure_environment(kind: str) -> None:
    """
    Make ``.venv`` hold the packages of *kind*; does nothing when it does already.

    Raises:
        StepError: The virtual environment or a package could not be installed.
    """
    expected = _expected()
    if is_current(_stamp(kind), expected, [PYTHON]):
        return
    if not _is_usable():
        with step(f"Creating {VENV.name} with Python {sys.version.split()[0]}"):
            _create()
    with step(f"Installing the Python packages of {' + '.join(EXTRAS[kind])} (a minute or two the first time)"):
        _install(EXTRAS[kind])
    for held, extras in EXTRAS.items():
        if set(extras) <= set(EXTRAS[kind]):
            leave(_stamp(held), expected)


def constraints() -> list[str]:
    """The exact versions, as ``uv`` reads them from ``pyproject.toml``."""
    return list(_project()["tool"]["uv"]["constraint-dependencies"])


def program(name: str) -> Path:
    """A program that a package installed into ``.venv``."""
    return VENV / "bin" / name


def _expected() -> str:
    project = _project()
    # Scripts of an environment hold its path, so a moved repository is another environment.
    relevant = [project["project"], project["build-system"], constraints(), str(ROOT)]
    return digest(json.dumps(relevant, sort_keys=True))


def _project() -> dict[str, dict[str, dict[str, list[str]]]]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def _stamp(kind: str) -> Path:
    return VENV / f".mizan-{kind}"


def _is_usable() -> bool:
    """Whether ``.venv`` has a Python that runs; a copied or moved one, or one whose system Python went, has none."""
    try:
        version = run_quietly([PYTHON, "-c", "import sys; print(sys.prefix, sys.version_info >= (3, 11), sep='\\n')"])
    except StepError:
        return False
    return version.splitlines() == [str(VENV), "True"]


def _create() -> None:
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        raise StepError(
            f"{sys.executable} has no venv module, which makes the environment.\n"
            f"On Debian and Ubuntu: sudo apt-get install python{version}-venv"
        )
    shutil.rmtree(VENV, ignore_errors=True)
    # With uv there is no need for a pip in it, which takes most of the time.
    run_quietly([sys.executable, "-m", "venv", *(["--without-pip"] if shutil.which("uv") else []), VENV])


def _install(extras: list[str]) -> None:
    with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as pins:
        pins.write("\n".join(constraints()) + "\n")
        pins.flush()
        what = ["--constraint", pins.name, "--editable", f".[{','.join(extras)}]"]
        if uv := shutil.which("uv"):
            # It reads neither pip's settings nor its index, so where it fails pip may not.
            with contextlib.suppress(StepError):
                run_quietly([uv, "pip", "install", "--python", PYTHON, *what])
                return
        if not _has_pip():
            run_quietly([PYTHON, "-m", "ensurepip", "--default-pip"])
        run_quietly(
            [PYTHON, "-m", "pip", "install", *what],
            environment={**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1"},
            advice="Is the package index reachable? Run the same command again to go on where it stopped.",
        )


def _has_pip() -> bool:
    try:
        run_quietly([PYTHON, "-m", "pip", "--version"])
    except StepError:
        return False
    return True


def main() -> int:
    try:
        ensure_environment(sys.argv[1])
    except StepError as error:
        return complain(error)
    return 0


if __name__ == "__main__":
    sys.exit(main())
