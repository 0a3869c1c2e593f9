"""
The JavaScript side of the repository: npm packages exactly as locked, and the demo's built frontend.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from progress import ROOT, StepError, run_quietly, step
from stamps import digest, is_current, leave

FRONTEND = ROOT / "demo_project" / "frontend"
KERNEL_TESTS = ROOT / "tests" / "typescript"
OLDEST_NODE = (20, 19)
LOCKED = ("package.json", "package-lock.json", ".npmrc")


def ensure_node() -> None:
    """
    Raises:
        StepError: There is no Node, or an old one.
    """
    found = shutil.which("node")
    version = run_quietly([found, "--version"]).strip() if found else "none"
    number = re.match(r"v(\d+)\.(\d+)", version)
    if number is None or tuple(map(int, number.groups())) < OLDEST_NODE or shutil.which("npm") is None:
        raise StepError(
            f"Mizan's frontend needs Node {'.'.join(map(str, OLDEST_NODE))} or newer with npm; the PATH has {version}.\n"
            "Install it from your system's packages or with a version manager, and run the same command again."
        )


def ensure_packages(folder: Path) -> None:
    """
    Install the packages of *folder* as its lock file says; does nothing when they are there.
    """
    ensure_node()
    stamp = folder / "node_modules" / ".mizan-packages"
    expected = digest(*(folder / name for name in LOCKED))
    if is_current(stamp, expected):
        return
    with step(f"Installing the npm packages of {folder.relative_to(ROOT)}"):
        run_quietly(
            ["npm", "ci", "--no-audit", "--no-fund"],
            folder=folder,
            advice="Is the npm registry reachable? Run the same command again to try once more.",
        )
    leave(stamp, expected)


def ensure_frontend() -> None:
    """
    Build the demo's frontend, unless its sources are those of the last build.
    """
    ensure_packages(FRONTEND)
    built = FRONTEND / "dist"
    stamp = FRONTEND / "node_modules" / ".mizan-build"
    if is_current(stamp, digest(FRONTEND), [built]):
        return
    with step("Building the demo's frontend"):
        run_quietly(["npm", "run", "build"], folder=FRONTEND)
    # Taken anew: a build may write into its own folder, such as a TypeScript build info.
    leave(stamp, digest(FRONTEND))
