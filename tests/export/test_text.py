"""
The two documents as text.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from mizan import ir
from mizan.client import client
from mizan.export.text import build_ir, ir_text, openapi_text
from mizan.protocol.registry import FunctionRegistry
from mizan.setup import register


@pytest.fixture(autouse=True)
def _echo(registry: FunctionRegistry) -> None:
    """A function whose docstring needs an escape."""

    @client(auth=False)
    def echo(request: Any, text: str) -> str:
        """Says "ü" back."""
        return text

    register(echo)


def test_the_same_functions_give_the_same_bytes() -> None:
    """Committed files differ only where functions do; people can read what stands in them."""
    assert (openapi_text(), ir_text()) == (openapi_text(), ir_text())
    assert 'Says \\"ü\\" back.' in openapi_text()
    assert openapi_text() == json.dumps(json.loads(openapi_text()), indent=2, ensure_ascii=False) + "\n"


def test_the_ir_is_what_its_text_says() -> None:
    """It is read back as it was."""
    assert ir.read(ir_text()) == build_ir()
