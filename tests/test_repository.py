"""
Rules for the repository's own files, as they are in git.
"""

from __future__ import annotations

import json
import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
HOMES = ("home", "root", "Users", "work", "private", "var/folders")
# Put together from parts, so that this file is not its own first finding.
MACHINE_PATH = re.compile(rf"(?<![\w.~$}}:-])/(?:{'|'.join(HOMES)})/[\w.-]+")
REGISTRY = re.compile(r"registry\.(?:npmjs|yarnpkg)|(?:files\.)?pythonhosted\.org|\bpypi\." "org")
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)[^)]*\)|!\[[^\]]*\]\(([^)\s]+)[^)]*\)|<img[^>]+src=\"([^\"]+)\"")
CODE = re.compile(r"^```.*?^```|`[^`\n]*`", re.DOTALL | re.MULTILINE)


@cache
def committed() -> tuple[Path, ...]:
    """The files that git knows, or would: ignored ones left out."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(listing, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    if done.returncode:
        pytest.skip("This is no git checkout.")
    paths = [ROOT / name for name in done.stdout.split("\0") if name]
    return tuple(path for path in paths if path.is_file())


def named(*patterns: str) -> list[Path]:
    return [path for path in committed() if any(path.match(pattern) for pattern in patterns)]


def text_of(path: Path) -> str:
    """The file as text; empty for a picture or a font."""
    content = path.read_bytes()
    return "" if b"\0" in content else content.decode("utf-8")


def show(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_no_file_names_a_path_of_somebody_s_machine() -> None:
    """What works only where it was written does not work."""
    findings = [
        f"{show(path)}:{number}: {found.group()}"
        for path in committed()
        for number, line in enumerate(text_of(path).splitlines(), 1)
        if (found := MACHINE_PATH.search(line))
    ]

    assert not findings


def test_lock_files_hold_no_address() -> None:
    """Everybody installs from the registry that they have set, a mirror or a folder."""
    locks = named("package-lock.json", ".npmrc", "pyproject.toml", "*.lock")
    addresses = [show(path) for path in locks if REGISTRY.search(text_of(path))]
    resolved = [
        f"{show(path)}: {name}"
        for path in named("package-lock.json")
        for name, package in json.loads(text_of(path))["packages"].items()
        if "://" in package.get("resolved", "")
    ]

    assert not addresses
    assert not resolved


def test_every_pinned_npm_package_is_checked_by_its_hash() -> None:
    """A lock without addresses still says exactly which bytes it means."""
    unchecked = [
        f"{show(path)}: {name}"
        for path in named("package-lock.json")
        for name, package in json.loads(text_of(path))["packages"].items()
        if name and not package.get("link") and "integrity" not in package
    ]

    assert not unchecked


def test_links_in_the_documentation_lead_to_a_file() -> None:
    """A heading that a link names is in the file, too."""
    broken = []
    for page in named("*.md"):
        for groups in LINK.findall(CODE.sub("", text_of(page))):
            target, _, heading = next(filter(None, groups)).partition("#")
            if "://" in target or target.startswith("mailto:"):
                continue
            file = page.parent / target if target else page
            if not file.exists() or (heading and heading not in anchors(file)):
                broken.append(f"{show(page)}: {target}#{heading}".rstrip("#"))

    assert not broken


def anchors(page: Path) -> set[str]:
    """The names by which the headings of *page* can be linked to, in GitHub's spelling."""
    headings = re.findall(
        r"^#+ +(.+?) *$", re.sub(r"^```.*?^```", "", text_of(page), flags=re.DOTALL | re.MULTILINE), re.MULTILINE
    )
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_make_help_explains_every_task() -> None:
    """A task that nobody can find is no task."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    declared = re.findall(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)
    tasks = {task for line in declared for task in line.split()}
    done = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
    explained = set(re.findall(r"^  ([a-z0-9]+) +\S", done.stdout, re.MULTILINE))
    rules = set(re.findall(r"^([a-z0-9]+):(?!=)", makefile, re.MULTILINE))

    assert tasks
    assert explained == tasks == rules


@pytest.mark.parametrize("name", ["run", "python", "system-packages", "clean"])
def test_the_scripts_stop_at_errors_and_can_be_run(name: str) -> None:
    """A shell script goes on after a failed command unless it is told not to."""
    script = ROOT / ".ci" / name
    checked = subprocess.run(["bash", "-n", script], capture_output=True, encoding="utf-8", check=False)

    assert checked.returncode == 0, checked.stderr
    assert re.search(r"^set -e?uo pipefail$", script.read_text(encoding="utf-8"), re.MULTILINE)
    assert script.stat().st_mode & 0o111


def test_every_check_of_ci_has_a_task_of_its_own() -> None:
    """What failed in CI can be run again alone."""
    groups = set(
        re.findall(r'^    Check\(\s*"(\w+)"', (ROOT / ".ci" / "check.py").read_text(encoding="utf-8"), re.MULTILINE)
    )
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")

    assert groups
    for group in groups:
        assert f"@$(CHECK) {group}\n" in makefile
