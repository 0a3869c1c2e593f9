from __future__ import annotations

import pytest

from mizan.codegen.failures import BackendProblem, ConfigProblem, SchemaProblem
from mizan.ir.findings import Finding


@pytest.mark.parametrize(("kind", "code"), [(ConfigProblem, 2), (BackendProblem, 3), (SchemaProblem, 4)])
def test_each_kind_of_failure_has_its_exit_code(kind, code):
    """A script can tell a broken backend from a broken config."""
    assert kind.exit_code == code


def test_a_hint_stands_below_its_message():
    """What is wrong first, then what to write instead."""
    assert str(ConfigProblem("It is wrong.", "Write:\noutput = 1")) == "It is wrong.\n  Write:\n  output = 1"
    assert str(ConfigProblem("It is wrong.")) == "It is wrong."


def test_all_findings_are_in_one_message():
    """Nobody runs a generator five times to learn of five findings."""
    problem = SchemaProblem.from_findings(
        [Finding("type A", "it is odd.", "Mend it."), Finding("type B", "it too.", "")]
    )

    assert str(problem) == "type A: it is odd.\n  Mend it.\ntype B: it too."
