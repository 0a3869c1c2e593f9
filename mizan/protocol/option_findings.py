"""
What is wrong with the options of one ``@client``. Options that name other functions are resolved in `targets`.
"""

from __future__ import annotations

from collections.abc import Iterator

from mizan.protocol.errors import E_AUTH, E_NAME, E_OPTIONS, E_ROUTE, Finding
from mizan.protocol.names import is_context_name, is_function_name
from mizan.protocol.specs import FunctionSpec


def option_findings(spec: FunctionSpec) -> Iterator[Finding]:
    """Names that are none, options that exclude each other, and values that mean nothing."""
    if not is_function_name(spec.name):
        yield Finding(
            E_NAME,
            f"{spec.name!r} of {spec.located} is not a function name.",
            "Use letters, digits and underscores, parts joined by dots: contact.submit",
        )
    if spec.context is not None and not is_context_name(spec.context):
        yield Finding(
            E_NAME,
            f"{spec.context!r}, the context of {spec.located}, is not a context name.",
            "Use letters, digits and underscores: user_profile",
        )
    for problem, hint in _clashes(spec):
        yield Finding(E_OPTIONS, f"{spec.located}: {problem}.", hint)
    if isinstance(spec.auth, str) and spec.auth not in ("staff", "superuser") and "." not in spec.auth:
        yield Finding(
            E_AUTH,
            f"@client(auth={spec.auth!r}) on {spec.located} is neither a level nor a permission codename.",
            'Write auth="staff", auth="superuser" or auth="app_label.codename".',
        )
    if spec.is_view and not (spec.route or "").startswith("/"):
        yield Finding(
            E_ROUTE,
            f"@client(route={spec.route!r}) on {spec.located} does not start with a slash.",
            f"Write route={'/' + (spec.route or '')!r}.",
        )


def _clashes(spec: FunctionSpec) -> Iterator[tuple[str, str]]:
    if spec.context is not None and spec.affects:
        yield "a reader (context=) cannot be a mutation (affects=) too", "Split it in two functions."
    if spec.context is not None and spec.merge:
        yield "merge= belongs to a mutation, not to a reader (context=)", "Remove merge= or context=."
    if spec.is_view and (spec.context is not None or spec.websocket or spec.merge):
        yield "route= makes a view function; it has no context=, websocket= or merge=", "Remove the other option."
    if spec.private and (spec.context is not None or spec.is_view):
        yield "private=True keeps clients away, so it has no context= and no route=", "Remove the other option."
    if spec.methods is not None and not spec.is_view:
        yield (
            "methods= belongs to route=; every other function is called by POST",
            'Remove methods= or add route="/…/".',
        )
    if isinstance(spec.cache, bool) is False and (not isinstance(spec.cache, int) or spec.cache < 0):
        yield f"cache={spec.cache!r} is not True, False or a number of seconds", "Write cache=60."
    if isinstance(spec.rev, bool) or not isinstance(spec.rev, int) or spec.rev < 0:
        yield f"rev={spec.rev!r} is not a whole number from 0 up", "Write rev=1."
