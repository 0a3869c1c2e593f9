"""
The IR from KDL 2 text, strictly: a node or a property that the grammar of `docs/ir.md` lacks is an error, not skipped.
"""

from __future__ import annotations

from operator import attrgetter

from mizan.ir.cursor import Cursor, parse_nodes
from mizan.ir.failures import IrError
from mizan.ir.model import (
    IR_VERSION,
    Context,
    ContextFunction,
    ErrorDeclaration,
    Function,
    Schema,
    Target,
    TypeDeclaration,
    View,
)
from mizan.ir.shape_reader import read_field, read_shape, read_wrapped

__all__ = ["IrError", "read"]


def read(text: str) -> Schema:
    """
    The schema that *text* holds, its declarations sorted. Whether it contradicts itself is the matter of `check`.

    Raises:
        IrError: *text* is not KDL 2, not a Mizan schema, or of another version.
    """
    nodes = parse_nodes(text)
    if not nodes or nodes[0].name != "mizan":
        raise IrError('The text is no Mizan schema: its first node is not "mizan version=1". Export the schema again.')
    _require_version(nodes[0])
    return _schema(nodes[0], nodes[1:])


def _require_version(header: Cursor) -> None:
    version = header.integer("version")
    if version is None:
        header.fail("needs version.")
    if version > IR_VERSION:
        header.fail(
            f"the schema has version {version}, and this mizan reads version {IR_VERSION}. "
            "Update the mizan that generates the client."
        )
    if version < IR_VERSION:
        header.fail(f"there is no version {version}; this mizan reads version {IR_VERSION}. Export the schema again.")


def _schema(header: Cursor, declarations: list[Cursor]) -> Schema:
    header.no_words()
    header.allow(("api-version", "base-path", "title", "version"))
    types: list[TypeDeclaration] = []
    errors: list[ErrorDeclaration] = []
    functions: list[Function] = []
    contexts: list[Context] = []
    views: list[View] = []
    doc = header.take_doc()
    header.finish()
    for node in declarations:
        match node.name:
            case "type":
                types.append(_type(node))
            case "error":
                errors.append(_error(node))
            case "function":
                functions.append(_function(node))
            case "context":
                contexts.append(_context(node))
            case "view":
                views.append(_view(node))
            case _:
                node.fail("unknown node.")
    by_name = attrgetter("name")
    return Schema(
        title=header.needed_text("title"),
        base_path=header.needed_text("base-path"),
        api_version=header.needed_text("api-version"),
        doc=doc,
        types=tuple(sorted(types, key=by_name)),
        errors=tuple(sorted(errors, key=attrgetter("code"))),
        functions=tuple(sorted(functions, key=by_name)),
        contexts=tuple(sorted(contexts, key=by_name)),
        views=tuple(sorted(views, key=by_name)),
    )


def _type(node: Cursor) -> TypeDeclaration:
    node.allow(())
    return TypeDeclaration(node.word(), doc=node.take_doc(), shape=read_shape(node.take_last()))


def _error(node: Cursor) -> ErrorDeclaration:
    node.allow(("name", "status"))
    details = node.take("details")
    status = node.integer("status")
    if status is None:
        node.fail("needs status.")
    error = ErrorDeclaration(
        code=node.word(),
        name=node.needed_text("name"),
        status=status,
        details=None if details is None else read_wrapped(details),
        doc=node.take_doc(),
    )
    node.finish()
    return error


def _function(node: Cursor) -> Function:
    node.allow(_FUNCTION_PROPERTIES)
    output = node.take("output")
    if output is None:
        node.fail("needs an output node.")
    plain = Function(node.word(), node.needed_text("path"), read_wrapped(output))
    transports = node.take_words("transports")
    function = Function(
        plain.name,
        plain.path,
        plain.output,
        module=node.text("module", plain.module),
        method=node.text("method", plain.method),
        input=node.text("input"),
        transports=plain.transports if transports is None else transports,
        context=node.text("context"),
        affects=_targets(node, "affects"),
        merge=_targets(node, "merge"),
        auth=node.text("auth", plain.auth),
        permission=node.text("permission"),
        raises=node.take_words("raises") or (),
        uploads=node.flag("uploads"),
        revision=node.integer("revision") or plain.revision,
        cache_json=node.text("cache-json", plain.cache_json),
        doc=node.take_doc(),
        deprecated=node.flag("deprecated"),
    )
    node.finish()
    return function


_FUNCTION_PROPERTIES = (
    "auth",
    "cache-json",
    "context",
    "deprecated",
    "input",
    "method",
    "module",
    "path",
    "permission",
    "revision",
    "uploads",
)


def _targets(node: Cursor, name: str) -> tuple[Target, ...]:
    return tuple(map(_target, node.take_all(name)))


def _target(node: Cursor) -> Target:
    node.allow(("function",))
    target = Target(node.word(), node.text("function"), node.take_words("params") or ())
    node.finish()
    return target


def _context(node: Cursor) -> Context:
    node.allow(("path",))
    context = Context(
        node.word(),
        node.needed_text("path"),
        functions=tuple(map(_context_function, node.take_all("function"))),
        params=tuple(map(read_field, node.take_all("param"))),
    )
    node.finish()
    return context


def _context_function(node: Cursor) -> ContextFunction:
    node.allow(())
    function = ContextFunction(node.word(), node.take_words("params") or ())
    node.finish()
    return function


def _view(node: Cursor) -> View:
    node.allow(("auth", "module", "route"))
    view = View(
        node.word(),
        node.needed_text("route"),
        methods=node.take_words("methods") or (),
        module=node.text("module", ""),
        affects=_targets(node, "affects"),
        auth=node.text("auth", "open"),
        doc=node.take_doc(),
    )
    node.finish()
    return view
