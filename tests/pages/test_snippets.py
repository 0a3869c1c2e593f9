from __future__ import annotations

import json
import re

import pytest

from mizan import ir
from mizan.client import client
from mizan.codegen.generator import build_client, read_schema
from mizan.export.document import build_document
from mizan.pages.snippets import call_in_react, provider_in_react, read_in_react
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
