"""
How something is used from elsewhere, as text to copy.
"""

from __future__ import annotations

import json
import re
import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mizan import ir
from mizan.client import client
from mizan.codegen.generator import build_client, read_schema
from mizan.export.document import build_document
from mizan.pages.snippets import call_by_curl, call_in_react, fetch_by_curl, provider_in_react, read_in_react
from mizan.protocol.registry import default_registry
from mizan.setup import register
from mizan.translate import translate

NAMES = ["APIKeys", "get_2fa", "user.profile", "x", "delete"]


def exported_names() -> set[str]:
    """What the hooks of the client export, made of the functions that are registered."""
    text = ir.write(translate(json.loads(json.dumps(build_document()))))
    files = {file.path: file.text for file in build_client(read_schema(text, "snippets"))}
    return set(re.findall(r"^export function (\w+)", files["hooks.tsx"], re.MULTILINE))


def imported_names(snippet: str) -> set[str]:
    """What *snippet* imports from the client."""
    found = re.search(r'import \{ (.*) \} from "./api"', snippet)
    assert found is not None
    return set(found[1].split(", "))


@pytest.mark.parametrize("name", NAMES)
def test_the_snippet_of_a_call_imports_the_hook_that_the_client_exports(name):
    """Whoever copies it has a line that compiles."""
    with default_registry.isolated():

        @client(name=name)
        def function(request, text: str) -> str:
            return text

        register(function)
        exported = exported_names()
    snippet = call_in_react(name, {"text": "hi"})

    assert imported_names(snippet) <= exported


@pytest.mark.parametrize("context", ["APIKeys", "get_2fa", "x", "global"])
@pytest.mark.parametrize("name", NAMES)
def test_the_snippets_of_a_context_import_what_the_client_exports(name, context):
    """Hooks of readers and the provider around them have the planner's names."""
    with default_registry.isolated():

        @client(name=name, context=context)
        def function(request) -> str:
            return ""

        register(function)
        exported = exported_names()
    snippets = [read_in_react(name, context, {}), provider_in_react(context, [name], {})]

    assert all(imported_names(snippet) <= exported for snippet in snippets)


@pytest.mark.parametrize(
    ("name", "variable"),
    [
        ("APIKeys", "apiKeys"),
        ("get_2fa", "get2fa"),
        ("user.profile", "userProfile"),
        ("x", "x"),
        ("delete", "_delete"),
    ],
)
def test_variables_are_named_as_the_client_names_its_own(name, variable):
    """A word that TypeScript keeps for itself names no variable."""
    assert f"const {variable} = use" in call_in_react(name, {})


def test_texts_and_keys_are_written_as_in_the_client():
    """A snippet is TypeScript, not JSON."""
    assert '.mutate({ "user-id": "a\\"b", n: [1, true, null] })' in call_in_react(
        "x", {"user-id": 'a"b', "n": [1, True, None]}
    )


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
