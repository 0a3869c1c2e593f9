"""
Whether a schema contradicts itself: names that nothing has, names that two things have, shapes where they cannot be.

Every finding is collected; what a client generator cannot express is its own matter.
"""

from __future__ import annotations

from collections.abc import Iterable

from mizan.ir.check_shapes import ShapeCheck
from mizan.ir.findings import Finding
from mizan.ir.model import IR_VERSION, Context, Function, Schema, Target
from mizan.ir.notes import Notes

__all__ = ["AUTH_LEVELS", "TRANSPORTS", "Finding", "check"]

AUTH_LEVELS = ("authenticated", "custom", "open", "permission", "staff", "superuser")
TRANSPORTS = ("http", "websocket")

_EXPORT_AGAIN = "Export the schema again; if it stays, the server that made it is at fault."


def check(schema: Schema) -> tuple[Finding, ...]:
    """
    Everything wrong with *schema*, in the order of its text; empty for a sound one.
    """
    notes = Notes()
    if schema.version != IR_VERSION:
        notes.add("mizan", f"the schema has version {schema.version}, this mizan knows version {IR_VERSION}.")
    _check_names(schema, notes)
    _check_shapes(schema, notes)
    uses = _UseCheck(schema, notes)
    for function in schema.functions:
        uses.check_function(function)
    for context in schema.contexts:
        uses.check_context(context)
    for view in schema.views:
        where = f'view "{view.name}"'
        uses.check_auth(where, view.auth)
        uses.check_targets(where, "affects", view.affects)
        if not view.methods:
            notes.add(where, "answers no method.", _EXPORT_AGAIN)
    return notes.findings


def _check_names(schema: Schema, notes: Notes) -> None:
    notes.unique("", "type", (item.name for item in schema.types))
    notes.unique("", "error", (item.code for item in schema.errors))
    notes.unique("", "error name", (item.name for item in schema.errors))
    notes.unique("", "function", (item.name for item in schema.functions))
    notes.unique("", "context", (item.name for item in schema.contexts))
    notes.unique("", "view", (item.name for item in schema.views))


def _check_shapes(schema: Schema, notes: Notes) -> None:
    shapes = ShapeCheck({item.name: item.shape for item in schema.types}, notes)
    for declaration in schema.types:
        shapes.check(f'type "{declaration.name}"', declaration.shape)
    for error in schema.errors:
        if error.details is not None:
            where = f'error "{error.code}" > details'
            shapes.check(where, error.details)
            shapes.check_no_file(where, error.details)
    for function in schema.functions:
        where = f'function "{function.name}"'
        if function.input is not None and function.input not in shapes.types:
            notes.add(f"{where} > input", f'there is no type "{function.input}".', _EXPORT_AGAIN)
        shapes.check(f"{where} > output", function.output)
        shapes.check_no_file(f"{where} > output", function.output)
        shapes.check_json(where, "cache-json", function.cache_json)
    for context in schema.contexts:
        where = f'context "{context.name}"'
        shapes.check_fields(where, "param", context.params)
        for param in context.params:
            shapes.check(f'{where} > param "{param.name}"', param.shape)
            shapes.check_no_file(f'{where} > param "{param.name}"', param.shape)


class _UseCheck:
    """
    Functions and contexts that name each other.
    """

    def __init__(self, schema: Schema, notes: Notes) -> None:
        self.functions = {function.name: function for function in schema.functions}
        self.contexts = {context.name: context for context in schema.contexts}
        self.notes = notes

    def check_function(self, function: Function) -> None:
        where = f'function "{function.name}"'
        self.check_auth(where, function.auth)
        if not function.transports or not set(function.transports) <= set(TRANSPORTS):
            message = f"transports are {_listed(function.transports)}."
            self.notes.add(where, message, f"Known transports: {_listed(TRANSPORTS)}.")
        if function.context is not None:
            self._check_membership(where, function.context, function.name)
        self.check_targets(where, "affects", function.affects)
        self.check_targets(where, "merge", function.merge)
        for target in function.merge:
            if target.function is None:
                self.notes.add(f'{where} > merge "{target.context}"', "names no function to merge into.", _EXPORT_AGAIN)

    def check_context(self, context: Context) -> None:
        where = f'context "{context.name}"'
        self.notes.unique(where, "function", (item.name for item in context.functions))
        for item in context.functions:
            below = f'{where} > function "{item.name}"'
            function = self.functions.get(item.name)
            if function is None:
                self.notes.add(below, "there is no such function.", _EXPORT_AGAIN)
            elif function.context != context.name:
                self.notes.add(below, "the function does not say that it is in this context.", _EXPORT_AGAIN)
            self._check_params(below, context, item.params)

    def check_auth(self, where: str, auth: str) -> None:
        if auth not in AUTH_LEVELS:
            self.notes.add(where, f'auth is "{auth}".', f"Known levels: {_listed(AUTH_LEVELS)}.")

    def check_targets(self, where: str, kind: str, targets: tuple[Target, ...]) -> None:
        for target in targets:
            below = f'{where} > {kind} "{target.context}"'
            context = self.contexts.get(target.context)
            if context is None:
                self.notes.add(below, "there is no such context.", f"Known contexts: {_listed(self.contexts)}.")
                continue
            names = [item.name for item in context.functions]
            if target.function is not None and target.function not in names:
                message = f'the context has no function "{target.function}".'
                self.notes.add(below, message, f"Its functions: {_listed(names)}.")
            self._check_params(below, context, target.params)

    def _check_membership(self, where: str, name: str, function: str) -> None:
        context = self.contexts.get(name)
        if context is None:
            self.notes.add(where, f'there is no context "{name}".', f"Known contexts: {_listed(self.contexts)}.")
        elif all(item.name != function for item in context.functions):
            self.notes.add(where, f'the context "{name}" does not list it.', _EXPORT_AGAIN)

    def _check_params(self, where: str, context: Context, params: tuple[str, ...]) -> None:
        known = [param.name for param in context.params]
        for param in params:
            if param not in known:
                message = f'the context "{context.name}" has no parameter "{param}".'
                self.notes.add(where, message, f"Its parameters: {_listed(known)}.")


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "none"
