"""
How a function or a context is used from a shell and from React, as text to copy.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from mizan import conf
from mizan.codegen.react.names import hook_name, provider_name, variable_name
from mizan.codegen.typescript.escape import property_key, string_literal
from mizan.protocol.names import GLOBAL_CONTEXT


def credentials() -> tuple[str, ...]:
    """Options of curl for a caller who is known: a token where the server makes them, or else a session."""
    if conf.get("MIZAN_MWT_SECRET"):
        return ("-H 'X-Mizan-Token: YOUR_TOKEN'",)
    return ("-b 'sessionid=YOUR_SESSION; csrftoken=YOUR_CSRF_TOKEN'", "-H 'X-CSRFToken: YOUR_CSRF_TOKEN'")


def send_by_curl(url: str, body: str, credentials: tuple[str, ...] = ()) -> str:
    """A call with JSON as it was written."""
    return _lines(url, *credentials, "-H 'Content-Type: application/json'", f"-d {_quoted(body)}")


def send_form_by_curl(url: str, pairs: list[tuple[str, str]], credentials: tuple[str, ...] = ()) -> str:
    """A call with the fields of a form."""
    fields = [f"--data-urlencode {_quoted(f'{name}={text}')}" for name, text in pairs] or ["-X POST"]
    return _lines(url, *credentials, *fields)


def call_by_curl(
    url: str, arguments: Mapping[str, Any], files: tuple[str, ...] = (), credentials: tuple[str, ...] = ()
) -> str:
    """A call of a function: JSON, or a form where it takes *files*."""
    if files:
        parts = [
            f"-F {_quoted(f'{name}=@{name}.bin' if name in files else f'{name}={_plain(value)}')}"
            for name, value in arguments.items()
        ]
        return _lines(url, *credentials, *parts)
    return send_by_curl(url, json.dumps(arguments, ensure_ascii=False), credentials)


def fetch_by_curl(url: str, parameters: Mapping[str, Any]) -> str:
    """A fetch of a context."""
    query = urlencode({name: _plain(value) for name, value in parameters.items()})
    return f"curl {_quoted(f'{url}?{query}' if query else url)}"


def call_in_react(name: str, arguments: Mapping[str, Any], files: tuple[str, ...] = ()) -> str:
    """A call of a function that belongs to no context."""
    hook, variable = hook_name(name), variable_name(name)
    passed = _literal({key: _File() if key in files else value for key, value in arguments.items()})
    return (
        f'import {{ {hook} }} from "./api"\n\n'
        f"const {variable} = {hook}()\n"
        f"const result = await {variable}.mutate({passed if arguments else ''})"
    )


def read_in_react(name: str, context: str, parameters: Mapping[str, Any]) -> str:
    """A read of one function of a context."""
    hook = hook_name(name)
    if context == GLOBAL_CONTEXT:
        return f'import {{ {hook} }} from "./api"\n\nconst data = {hook}()'
    provider = provider_name(context)
    return (
        f'import {{ {hook}, {provider} }} from "./api"\n\n'
        f"// Somewhere above: <{provider}{_props(parameters)}>…</{provider}>\n"
        f"const data = {hook}()"
    )


def provider_in_react(context: str, readers: list[str], parameters: Mapping[str, Any]) -> str:
    """The provider of a context around its readers."""
    hooks = [hook_name(name) for name in readers]
    used = "\n".join(f"const {variable_name(name)} = {hook_name(name)}()" for name in readers)
    if context == GLOBAL_CONTEXT:
        return f'import {{ {", ".join(hooks)} }} from "./api"\n\n{used}'
    provider = provider_name(context)
    return (
        f'import {{ {", ".join([provider, *hooks])} }} from "./api"\n\n'
        f"<{provider}{_props(parameters)}>…</{provider}>\n\n// Inside:\n{used}"
    )


def _lines(url: str, *options: str) -> str:
    return " \\\n  ".join([f"curl {_quoted(url)}", *options])


class _File:
    """Stands for a file that a person chose."""


def _quoted(text: str) -> str:
    """One argument for a POSIX shell."""
    return "'" + text.replace("'", "'\\''") + "'"


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _literal(value: Any) -> str:
    """*value* as a TypeScript expression."""
    if isinstance(value, _File):
        return "file"
    if isinstance(value, Mapping):
        inner = ", ".join(f"{property_key(str(key))}: {_literal(item)}" for key, item in value.items())
        return f"{{ {inner} }}" if inner else "{}"
    if isinstance(value, list):
        return f"[{', '.join(_literal(item) for item in value)}]"
    return string_literal(value) if isinstance(value, str) else json.dumps(value)


def _props(parameters: Mapping[str, Any]) -> str:
    return "".join(f" {name}={{{_literal(value)}}}" for name, value in parameters.items())
