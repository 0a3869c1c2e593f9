"""
``pytest --update-golden`` makes the expected files what they are now; review the difference before you commit it.
"""

from __future__ import annotations

import os

import pytest


@pytest.fixture
def updates_golden(request: pytest.FixtureRequest) -> bool:
    """Whether to write the expected files instead of comparing."""
    wanted = bool(request.config.getoption("--update-golden"))
    if wanted and os.environ.get("CI"):
        pytest.fail("Golden files are not updated in CI.")
    return wanted
