"""
``make test``: every check of the repository, after its own set-up.

All checks run, also after one has failed; the last lines name those that did. With names as arguments, only the checks
of those groups run: ``check.py lint types``.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from environment import PYTHON, VENV, ensure_environment, program
from node import FRONTEND, KERNEL_TESTS, ensure_frontend, ensure_packages
from progress import ROOT, StepError, complain, run_quietly, say, seconds_since, step


@dataclass(frozen=True, slots=True)
class Check:
    """
    One command that must succeed; *advice* is the command that mends what it usually finds.
    """

    group: str
    title: str
    command: Sequence[str | Path]
    folder: Path = ROOT
    advice: str = ""


EXPORT = (PYTHON, "manage.py", "export_mizan_ir", "--check", "--output")
PYTEST = (program("pytest"), "--numprocesses", "2")
END_TO_END = "tests/end_to_end"

CHECKS = (
    Check("lint", "ruff check", (program("ruff"), "check"), advice="make fmt"),
    Check("lint", "ruff format", (program("ruff"), "format", "--check", "--diff"), advice="make fmt"),
    Check("lint", "layers", (program("lint-imports"), "--no-logo")),
    Check("types", "mypy", (program("mypy"),)),
    Check("stale", "openapi/demo.json", (*EXPORT, "openapi/demo.json", "--openapi"), advice="make openapi"),
    Check("stale", "openapi/demo.kdl", (*EXPORT, "openapi/demo.kdl"), advice="make openapi"),
    Check(
        "stale",
        "the demo's generated client",
        (program("mizan-generate"), "--config", FRONTEND / "mizan.toml", "--check"),
        advice="make generate",
    ),
    Check("client", "tsc of the demo", ("npm", "run", "types"), FRONTEND),
    Check("client", "tsc of the kernel and its tests", ("npm", "run", "types"), KERNEL_TESTS),
    Check("client", "vitest of the kernel", ("npm", "test"), KERNEL_TESTS),
    Check("unit", "pytest", (*PYTEST, "--ignore", END_TO_END)),
    Check("e2e", "pytest in the browser", (program("pytest"), END_TO_END)),
)
GROUPS = tuple(dict.fromkeys(check.group for check in CHECKS))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("groups", nargs="*", metavar="group", help=f"one of {', '.join(GROUPS)}; all unless given")
    parser.add_argument("--setup", action="store_true", help="only install what the checks need")
    options = parser.parse_args()
    if unknown := set(options.groups) - set(GROUPS):
        parser.error(f"no such group: {', '.join(sorted(unknown))}")
    wanted = set(options.groups or GROUPS)
    start = time.monotonic()
    try:
        ensure_environment("dev")
    except StepError as error:
        return complain(error)
    outcomes = {title: _attempt(title, ensure) for title, ensure in _preparations(wanted).items()}
    if not options.setup:
        outcomes |= {check.title: _run(check) for check in CHECKS if check.group in wanted}
    return _report(outcomes, start)


def _preparations(groups: set[str]) -> dict[str, Callable[[], None]]:
    """What the checks of *groups* need beside Python packages. One that fails leaves the other checks worth running."""
    needed: dict[str, Callable[[], None]] = {}
    if groups & {"unit", "e2e"}:
        needed["system packages"] = ensure_programs
    if groups & {"unit", "client"}:
        needed["npm packages of the kernel's tests"] = lambda: ensure_packages(KERNEL_TESTS)
    if groups & {"client"}:
        needed["npm packages of the demo"] = lambda: ensure_packages(FRONTEND)
    if groups & {"e2e"}:
        needed["the demo's frontend"] = ensure_frontend
    return needed


def ensure_programs() -> None:
    """Redis, PostgreSQL and Chromium, where they are missing."""
    with step("Looking for redis-server, PostgreSQL and chromium (installed by apt where this is root)"):
        run_quietly([ROOT / ".ci" / "system-packages"])


def _attempt(title: str, ensure: Callable[[], None]) -> bool:
    try:
        ensure()
    except StepError as error:
        complain(error)
        say(f"✗ {title}")
        return False
    return True


def _run(check: Check) -> bool:
    say(f"\n→ {check.title} …")
    start = time.monotonic()
    # The commands find one another as in an activated environment.
    path = os.pathsep.join([str(PYTHON.parent), os.environ.get("PATH", os.defpath)])
    environment = {**os.environ, "PATH": path, "VIRTUAL_ENV": str(VENV)}
    if not sys.stdout.isatty():
        # Some programs colour what they print wherever CI is set.
        environment |= {"NO_COLOR": "1"}
    try:
        done = subprocess.run(
            [str(part) for part in check.command],
            cwd=check.folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stderr=subprocess.STDOUT,
            check=False,
        )
    except OSError as error:
        say(f"✗ {check.title}: cannot run {check.command[0]} in {check.folder.name}: {error.strerror}")
        return False
    mark = "✗" if done.returncode else "✓"
    advice = f"; to mend it: {check.advice}" if done.returncode and check.advice else ""
    say(f"{mark} {check.title} ({seconds_since(start)}{advice})")
    return done.returncode == 0


def _report(outcomes: dict[str, bool], start: float) -> int:
    failed = [title for title, succeeded in outcomes.items() if not succeeded]
    say(f"\nFinished in {seconds_since(start)}.")
    for title in failed:
        say(f"Failed: {title}")
    say(f"{len(outcomes) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
