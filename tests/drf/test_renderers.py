"""
What leaves as JSON.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mizan.drf.renderers import Written, WrittenJSONRenderer, indented


def test_a_body_that_is_json_goes_out_as_it_is() -> None:
    """Byte for byte: nothing is parsed or written twice."""
    body = Written(b'{"a":1 , "b": "\\u00fc"}')

    assert WrittenJSONRenderer().render(body, "application/json") is body


@pytest.mark.parametrize("data", [{"a": 1}, [], None, "text"], ids=str)
def test_everything_else_is_written_as_drf_does(data: Any) -> None:
    """The document, for example."""
    assert json.loads(WrittenJSONRenderer().render(data, "application/json") or b"null") == data


def test_a_client_may_ask_for_an_indent() -> None:
    """As DRF lets it, by the media type."""
    rendered = WrittenJSONRenderer().render(Written(b'{"a":[1]}'), "application/json; indent=2")

    assert rendered == b'{\n  "a": [\n    1\n  ]\n}'


@given(
    st.recursive(
        st.none() | st.booleans() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_an_indent_changes_no_value(value: Any) -> None:
    """It is for people to read."""
    assert json.loads(indented(json.dumps(value).encode())) == value
