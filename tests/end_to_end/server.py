"""
The demo as a user starts it: an empty SQLite file, sample data, the built frontend, one ASGI server.
"""

from __future__ import annotations

import os
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import free_port
from tests.waiting import wait_until

ROOT = Path(__file__).resolve().parents[2]
FRONTEND = ROOT / "demo_project" / "frontend"
BUILT = FRONTEND / "dist"
START_SECONDS = 30


def build_frontend(npm: str) -> Path:
    """
    The frontend as users get it: ``dist/``, made anew unless it is newer than all of its sources.
    """
    if not (FRONTEND / "node_modules").is_dir():
        _run([npm, "ci", "--no-audit", "--no-fund"], FRONTEND)
    manifest = BUILT / "manifest.json"
    if not manifest.exists() or manifest.stat().st_mtime < max(_changed(FRONTEND)):
        _run([npm, "run", "build"], FRONTEND)
    return BUILT


def build_with_development_react(npm: str, folder: Path) -> Path:
    """
    The frontend with React's warnings and with StrictMode's second round of effects, which a production build leaves out.
    """
    build_frontend(npm)
    environment = {**os.environ, "NODE_ENV": "development"}
    _run([npm, "run", "build", "--", "--mode", "development", "--outDir", str(folder)], FRONTEND, environment)
    return folder


def load_sample_data(folder: Path) -> Path:
    """
    Write the demo's data to *folder*: a database and uploaded files.
    """
    for command in (["migrate", "--no-input", "--verbosity", "0"], ["load_sample_data"], ["load_sample_data"]):
        manage(folder, {}, *command)
    return folder


def manage(folder: Path, extra: Mapping[str, str], *command: str) -> None:
    """
    Run a command of ``manage.py`` in a process of its own, on the data in *folder* and with *extra* environment.
    """
    _run([sys.executable, "manage.py", *command], ROOT, {**_environment(folder), **extra})


@contextmanager
def served_demo(folder: Path, built: Path, extra: Mapping[str, str]) -> Iterator[str]:
    """
    Serve the demo with its data in *folder*, the frontend that was *built*, and *extra* environment; gives the address.
    """
    environment = {**_environment(folder), "DEMO_BUILT_FRONTEND": str(built), **extra}
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "uvicorn", "demo_project.asgi:application", "--port", str(port)]
    with (folder / "server.log").open("w+") as log:
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT)
        try:
            _wait_for(address, server, folder / "server.log")
            yield address
        finally:
            server.terminate()
            server.wait()


def _environment(data: Path) -> dict[str, str]:
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "demo_project.settings",
        "DEMO_DATABASE": str(data / "demo.sqlite3"),
        "DEMO_MEDIA": str(data / "media"),
    }


def _changed(folder: Path) -> Iterator[float]:
    for path in folder.iterdir():
        if path.name in ("node_modules", "dist"):
            continue
        yield from _changed(path) if path.is_dir() else [path.stat().st_mtime]


def _run(command: list[str], folder: Path, environment: dict[str, str] | None = None) -> None:
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.fail(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}", pytrace=False)


def _wait_for(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    def answers() -> bool:
        try:
            with urllib.request.urlopen(f"{address}/", timeout=5):
                return True
        except urllib.error.HTTPError:
            pytest.fail(f"The demo did not answer at {address}:\n{log.read_text()}", pytrace=False)
        except OSError:
            if server.poll() is not None:
                pytest.fail(f"The demo did not start:\n{log.read_text()}", pytrace=False)
            return False

    wait_until(answers, START_SECONDS, f"the demo answers at {address}")
