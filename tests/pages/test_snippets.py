"""
How something is used from elsewhere, as text to copy.
"""

from __future__ import annotations

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mizan.pages.snippets import call_by_curl, call_in_react, fetch_by_curl, provider_in_react, read_in_react


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"])))
def test_a_shell_reads_what_is_meant(text: str) -> None:
    """Whatever an example holds, it is one argument and no command."""
    words = shlex.split(call_by_curl("http://a/", {"text": text}).replace("\\\n", ""))

    assert words[:4] == ["curl", "http://a/", "-H", "Content-Type: application/json"]
    assert words[4] == "-d"
    assert len(words) == 6


def test_a_context_is_fetched_by_its_query() -> None:
    """With values that JSON would write otherwise as JSON."""
    assert fetch_by_curl("http://a/", {"id": 5, "tags": ["x"], "word": "a b"}) == (
        "curl 'http://a/?id=5&tags=%5B%22x%22%5D&word=a+b'"
    )
    assert fetch_by_curl("http://a/", {}) == "curl 'http://a/'"


def test_files_make_a_form() -> None:
    """JSON has no place for them."""
    assert call_by_curl("http://a/", {"file": None, "n": 1}, ("file",)).splitlines()[1:] == [
        "  -F 'file=@file.bin' \\",
        "  -F 'n=1'",
    ]
    assert "mutate({ file: file, n: 1 })" in call_in_react("store", {"file": None, "n": 1}, ("file",))


def test_a_call_in_react_is_a_hook() -> None:
    """Keys that are no identifiers are quoted."""
    snippet = call_in_react("contact.submit", {"text": 'a "b"', "odd-name": {}})

    assert "const contactSubmit = useContactSubmit()" in snippet
    assert 'mutate({ text: "a \\"b\\"", "odd-name": {} })' in snippet
    assert call_in_react("ping", {}).endswith("mutate()")


@pytest.mark.parametrize(("context", "has_provider"), [("user", True), ("global", False)])
def test_the_global_context_needs_no_provider_of_its_own(context: str, has_provider: bool) -> None:
    """Every page has it."""
    snippets = [read_in_react("profile", context, {"id": 1}), provider_in_react(context, ["profile"], {"id": 1})]

    assert [("<UserContext id={1}>" in snippet) for snippet in snippets] == [has_provider] * 2
    assert all("const " in snippet and "= useProfile()" in snippet for snippet in snippets)
