"""
The operations of Mizan's own views, and how callers say who they are.
"""

from __future__ import annotations

from typing import Any

import pytest

from mizan.client import client
from tests.openapi.documents import document_of


@client(auth=True)
def me(request: Any) -> str: ...  # type: ignore[empty-body]


@pytest.mark.parametrize("secret", [None, "t" * 40])
def test_tokens_are_described_where_the_project_issues_them(settings: Any, secret: str | None) -> None:
    """A client that cannot get one need not know of them."""
    settings.MIZAN_MWT_SECRET = secret
    document = document_of(me)

    assert ("/api/mizan/token/" in document["paths"]) is (secret is not None)
    assert "/api/mizan/session/" in document["paths"]
