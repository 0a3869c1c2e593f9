"""
`tests/` mirrors `mizan/`: whoever knows a module knows where its tests are, and the other way round.
"""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = sorted(
    path.parent.name for path in (ROOT / "mizan").glob("*/__init__.py") if path.parent.name != "templatetags"
)
ABOVE_DJANGO = (
    "cache",
    "checks",
    "dispatch",
    "drf",
    "export",
    "freshness",
    "openapi",
    "pages",
    "rest",
    "service",
    "wire",
)

# Laws of several modules of a package, or of a package as a whole.
CROSS_CUTTING = {
    "codegen/test_isolation",
    "dispatch/test_surfaces",
    "freshness/test_access",
    "freshness/test_state_machine",
    "freshness/test_writers",
    "ir/test_law",
    "translate/test_properties",
}
# What the tests of its neighbours show: a facade, and what a view of Django's only passes on.
SHOWN_ELSEWHERE = {"freshness/accounts", "rest/authentication"}


def modules(package: str) -> set[str]:
    """The package itself counts where it holds code."""
    return {path.stem.replace("__init__", package) for path in (ROOT / "mizan" / package).glob("*.py")}


def named_files(package: str) -> set[str]:
    return {path.stem.removeprefix("test_") for path in (ROOT / "tests" / package).glob("test_*.py")}


@pytest.mark.parametrize("package", [package for package in PACKAGES if (ROOT / "tests" / package).is_dir()])
def test_each_file_of_tests_is_about_a_module(package: str) -> None:
    """Its name is the module's, with more words where the module has several files of tests."""
    known = modules(package)
    strangers = {
        name
        for name in named_files(package)
        if f"{package}/test_{name}" not in CROSS_CUTTING
        and not any(name == module or name.startswith(f"{module}_") for module in known)
    }

    assert strangers == set()


@pytest.mark.parametrize("package", ABOVE_DJANGO)
def test_each_module_above_django_has_its_tests(package: str) -> None:
    """Under its own name."""
    known = named_files(package)
    bare = {
        module
        for module in modules(package) - {package}
        if f"{package}/{module}" not in SHOWN_ELSEWHERE
        and not any(name == module or name.startswith(f"{module}_") for name in known)
    }

    assert bare == set()
