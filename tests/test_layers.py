"""
What the parts below the Django line load, seen from a fresh interpreter. import-linter reads the same rule from the source.
"""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

FRAMEWORKS = {"channels", "channels_redis", "django", "django_redis", "drf_spectacular", "redis", "rest_framework"}
SCRIPT = "import json, sys; import {module}; print(json.dumps(sorted(sys.modules)))"


def loaded_by(module: str) -> set[str]:
    """The top-level packages in memory after importing *module* and nothing else."""
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT.format(module=module)], capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
    return {name.partition(".")[0] for name in json.loads(done.stdout)}


@pytest.mark.parametrize(
    "module",
    [
        "mizan",
        "mizan.client",
        "mizan.codegen.cli",
        "mizan.ir",
        "mizan.protocol",
        "mizan.setup",
        "mizan.translate",
        "mizan.types",
    ],
)
def test_declaring_describing_and_generating_load_no_framework(module: str) -> None:
    """A function may be declared, and a client generated, where no Django is configured or installed."""
    assert not loaded_by(module) & FRAMEWORKS


@pytest.mark.parametrize("module", ["mizan.codegen.cli", "mizan.ir", "mizan.translate"])
def test_the_generator_loads_no_pydantic(module: str) -> None:
    """A frontend's build machine installs only ckdl and typing_extensions beside Mizan."""
    assert not loaded_by(module) & {"pydantic", "pydantic_core"}


def test_the_probe_sees_a_framework_where_there_is_one() -> None:
    """Otherwise the tests above could not fail."""
    assert loaded_by("mizan.conf") & FRAMEWORKS
