"""
API pages that everybody may see.
"""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture(autouse=True)
def _docs(settings: Any) -> None:
    """Everybody may see how the server is made."""
    settings.MIZAN_SHOW_DOCS = True
