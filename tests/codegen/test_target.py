from __future__ import annotations

from mizan.codegen.target import TARGETS


def test_targets_are_found_by_the_name_that_the_config_uses():
    """A new target is one entry."""
    assert {name: target.name for name, target in TARGETS.items()} == {"react": "react"}
