"""
Golden cases: what a declaration becomes at every stage, as files that are reviewed like code.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.golden.runner import CASES, actual_files, case_names, expected_files, update

TYPESCRIPT = Path(__file__).parent.parent / "typescript"
KERNEL = Path(__file__).parents[2] / "mizan" / "codegen" / "kernel"


@pytest.mark.parametrize("case", case_names())
def test_a_case_becomes_what_stands_beside_it(case: str, updates_golden: bool) -> None:
    """A missing, a different and a stale file all fail."""
    if updates_golden:
        update(case)

    actual, expected = actual_files(case), expected_files(case)

    hint = "Run pytest --update-golden tests/golden and review the difference."
    assert sorted(actual) == sorted(expected), hint
    for path, text in actual.items():
        assert text == expected[path], f"{case}/{path}: {hint}"


@pytest.mark.parametrize("case", case_names())
def test_the_order_of_registration_changes_no_byte(case: str) -> None:
    """Two runs in two orders give the same files."""
    assert actual_files(case, seed=1) == actual_files(case, seed=2)


def test_every_generated_client_type_checks(tmp_path_factory: pytest.TempPathFactory) -> None:
    """All cases together under every strict flag, beside the kernel that is shipped with them."""
    compiler = TYPESCRIPT / "node_modules" / ".bin" / "tsc"
    if not compiler.exists():
        if os.environ.get("CI"):
            pytest.fail("tests/typescript is not installed")
        pytest.skip("Run npm ci in tests/typescript first.")
    # Below tests/typescript, so that react and TanStack Query are found.
    build = TYPESCRIPT / "golden-build"
    shutil.rmtree(build, ignore_errors=True)
    try:
        for case in case_names():
            if (CASES / case / "react").exists():
                shutil.copytree(CASES / case / "react", build / case)
                shutil.copytree(KERNEL, build / case / "kernel")
        options = '{"extends": "../tsconfig.json", "compilerOptions": {"paths": {}}, "include": ["."]}'
        (build / "tsconfig.json").write_text(options)

        done = subprocess.run([compiler, "--project", build], capture_output=True, text=True, check=False)  # noqa: S603 - our own

        assert done.returncode == 0, done.stdout[:4000]
    finally:
        shutil.rmtree(build, ignore_errors=True)
