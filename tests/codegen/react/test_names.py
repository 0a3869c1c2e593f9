from __future__ import annotations

from mizan.codegen.react import names


def test_an_error_is_called_error_once():
    """``SoldOut`` and ``SoldOutError`` are the same to whoever catches it."""
    assert names.error_name("SoldOut") == names.error_name("SoldOutError") == "SoldOutError"
    assert names.details_name("SoldOutError") == "SoldOutDetails"


def test_what_cannot_be_spelled_still_has_a_name():
    """The planner reports it, and goes on to the next finding."""
    assert not names.is_nameable("日本")
    assert names.hook_name("日本") == "use_"
    assert names.error_name("日 本") == "_Error"
