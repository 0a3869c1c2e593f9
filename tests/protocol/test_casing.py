from __future__ import annotations

import pytest

from mizan.protocol.casing import camel


@pytest.mark.parametrize(
    ("name", "expected"),
    [("UserProfile", "userProfile"), ("API", "api"), ("APIKeys", "apiKeys"), ("X", "x"), ("2Fa", "2Fa"), ("", "")],
)
def test_camel_case_lowers_the_first_word(name, expected):
    """Definitions of contexts read as other constants do."""
    assert camel(name) == expected
