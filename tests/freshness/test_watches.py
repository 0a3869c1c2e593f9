"""
Watches: which models a reader follows, and what is wrong with a declaration.
"""

from __future__ import annotations

from typing import Any

import pytest

from mizan.client import client
from mizan.protocol.registry import FunctionRegistry
from tests.checks.messages import found, serve


@pytest.mark.parametrize(
    ("context", "watch", "words"),
    [
        (None, ["things.Thing"], "belongs to a function of a context"),
        ("shelf", ["things.Nothing"], "Nothing"),
        ("shelf", [str], "is not a model"),
        ("shelf", {"things.Thing": {"ident": "shelf_id"}}, "no parameter ident"),
        ("shelf", {"things.Thing": "name"}, "could be any of the parameters id, page"),
    ],
)
def test_a_watch_that_cannot_be_followed_says_why(
    registry: FunctionRegistry, context: str | None, watch: Any, words: str
) -> None:
    """With the declaration to write instead."""

    @client(auth=False, context=context, watch=watch)
    def wrong(request: Any, id: int, page: int) -> int: ...

    serve(wrong)

    [message] = found()
    assert (message.id, words in message.msg) == ("mizan.E017", True)
