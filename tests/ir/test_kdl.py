"""
KDL text of single values, as it stands in the file.
"""

from __future__ import annotations

import pytest

from mizan.ir.failures import IrError
from mizan.ir.kdl import KdlNode, Value, print_nodes


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("true", '"true"'),
        ('a"b\\', '"a\\"b\\\\"'),
        ("a\nb\t", '"a\\nb\\t"'),
        ("\u202e\u2028\x00\ufeff", '"\\u{202e}\\u{2028}\\u{0}\\u{feff}"'),
        ("é😀", '"é😀"'),
        (True, "#true"),
        (False, "#false"),
        (2**70, "1180591620717411303424"),
        (0.1, "0.1"),
        (2.0, "2.0"),
        (1e-7, '(number)"1e-07"'),
        (1e22, '(number)"1e+22"'),
    ],
)
def test_values_are_exact_and_strings_quoted(value: Value, text: str) -> None:
    """
    No string looks like a keyword, no number loses a digit in a reader.
    """
    assert print_nodes([KdlNode("n", (value,))]) == f"n {text}\n"


def test_names_are_bare_only_where_that_is_safe() -> None:
    """
    Keywords and anything unusual are quoted.
    """
    nodes = [KdlNode("null", (), {"a b": 1, "max-length": 2, "gone": None}, [KdlNode("-1"), KdlNode("x_1")])]

    assert print_nodes(nodes) == '"null" "a b"=1 max-length=2 {\n    "-1"\n    x_1\n}\n'


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_numbers_that_json_lacks_are_refused(number: float) -> None:
    """
    They could not come from a document either.
    """
    with pytest.raises(IrError, match="is not finite"):
        print_nodes([KdlNode("n", (number,))])
