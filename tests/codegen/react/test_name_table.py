from __future__ import annotations

import pytest

from mizan.codegen.react.name_table import Claim, NameTable

KERNEL = {"Decimal": True, "MizanClientOptions": True, "patch": False}
TYPE = Claim("type T", "Rename it.", "./types", is_type=True)
FUNCTION = Claim("function f", "Rename it.", "./functions")


def findings(*claims):
    names = NameTable(KERNEL)
    for name, claim in claims:
        assert names.claim(name, claim) == name
    return [(finding.where, finding.message, finding.hint) for finding in names.findings()]


def test_two_things_of_one_name_are_a_finding_that_names_both():
    """No name is silently numbered: the one who reads the message knows what to rename."""
    assert findings(("callF", FUNCTION), ("callF", TYPE), ("T", TYPE)) == [
        ("type T", "it would be `callF` in the client, a name that function f has.", "Rename it.")
    ]


def test_a_type_may_have_the_name_of_a_kernel_type():
    """A model called Decimal is no reason to rename a class."""
    assert findings(("Decimal", TYPE)) == []


@pytest.mark.parametrize(
    ("name", "claim"), [("patch", FUNCTION), ("patch", TYPE), ("Decimal", FUNCTION), ("MizanClientOptions", TYPE)]
)
def test_other_names_of_the_kernel_are_taken(name, claim):
    """What applications import from the client by those names must stay what it is."""
    message = f"it would be `{name}` in the client, a name that the client's own kernel has."

    assert findings((name, claim)) == [(claim.source, message, "Rename it.")]


def test_owners_are_the_modules_of_all_names():
    """Imports are found by what declares a name."""
    names = NameTable(KERNEL)
    names.claim("T", TYPE)
    names.claim("callF", FUNCTION)

    assert names.owners() == {"T": "./types", "callF": "./functions"}
