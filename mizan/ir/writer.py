"""
The IR as KDL 2 text. `docs/ir.md` is the grammar; `reader` reads what stands here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import attrgetter

from mizan.ir.failures import IrError
from mizan.ir.kdl import KdlNode, Value, print_nodes
from mizan.ir.model import (
    Constraint,
    Context,
    Enum,
    EnumMember,
    ErrorDeclaration,
    Field,
    Function,
    ListOf,
    Literal,
    MapOf,
    Nullable,
    OneOf,
    Ref,
    Scalar,
    Schema,
    Shape,
    Struct,
    Target,
    TupleOf,
    TypeDeclaration,
    View,
)


def write(schema: Schema) -> str:
    """
    The text of *schema*: declarations sorted by name, four spaces deep, one node per line, a newline at the end.

    Equal schemas give equal text, and `reader.read` gives the schema back.

    Raises:
        IrError: a string has half of a surrogate pair, a number is not finite, or a shape has one constraint twice.
    """
    nodes = [_header(schema)]
    nodes += map(_type, sorted(schema.types, key=attrgetter("name")))
    nodes += map(_error, sorted(schema.errors, key=attrgetter("code")))
    nodes += map(_function, sorted(schema.functions, key=attrgetter("name")))
    nodes += map(_context, sorted(schema.contexts, key=attrgetter("name")))
    nodes += map(_view, sorted(schema.views, key=attrgetter("name")))
    return print_nodes(nodes)


def _header(schema: Schema) -> KdlNode:
    properties: dict[str, Value | None] = {
        "version": schema.version,
        "title": schema.title,
        "api-version": schema.api_version,
        "base-path": schema.base_path,
    }
    return KdlNode("mizan", (), properties, _doc(schema.doc))


def _type(declaration: TypeDeclaration) -> KdlNode:
    return KdlNode("type", (declaration.name,), {}, [*_doc(declaration.doc), shape_node(declaration.shape)])


def _error(error: ErrorDeclaration) -> KdlNode:
    details = [] if error.details is None else [KdlNode("details", (), {}, [shape_node(error.details)])]
    return KdlNode("error", (error.code,), {"name": error.name, "status": error.status}, [*_doc(error.doc), *details])


def _function(function: Function) -> KdlNode:
    plain = Function(function.name, function.path, function.output)
    properties: dict[str, Value | None] = {
        "path": function.path,
        "method": _unless(function.method, plain.method),
        "module": _unless(function.module, plain.module),
        "input": function.input,
        "context": function.context,
        "auth": _unless(function.auth, plain.auth),
        "permission": function.permission,
        "uploads": _flag(function.uploads),
        "revision": _unless(function.revision, plain.revision),
        "cache-json": _unless(function.cache_json, plain.cache_json),
        "deprecated": _flag(function.deprecated),
    }
    children = [*_doc(function.doc), KdlNode("output", (), {}, [shape_node(function.output)])]
    if function.transports != plain.transports:
        children.append(KdlNode("transports", function.transports))
    children += _targets("affects", function.affects)
    children += _targets("merge", function.merge)
    children += _words("raises", function.raises)
    return KdlNode("function", (function.name,), properties, children)


def _context(context: Context) -> KdlNode:
    functions = [KdlNode("function", (item.name,), {}, _words("params", item.params)) for item in context.functions]
    params = [_field("param", param) for param in context.params]
    return KdlNode("context", (context.name,), {"path": context.path}, [*params, *functions])


def _view(view: View) -> KdlNode:
    properties = {"route": view.route, "module": _unless(view.module, ""), "auth": _unless(view.auth, "open")}
    children = [*_doc(view.doc), *_words("methods", view.methods), *_targets("affects", view.affects)]
    return KdlNode("view", (view.name,), properties, children)


def _targets(name: str, targets: Iterable[Target]) -> list[KdlNode]:
    return [
        KdlNode(name, (target.context,), {"function": target.function}, _words("params", target.params))
        for target in targets
    ]


def shape_node(shape: Shape) -> KdlNode:
    """
    The node of one shape, named by its kind.
    """
    match shape:
        case Scalar(name, format, constraints):
            return KdlNode(name, (), {"format": format, **_constraints(constraints)})
        case Ref(name):
            return KdlNode("ref", (name,))
        case Struct(fields, closed):
            return KdlNode("struct", (), {"closed": _flag(closed)}, [_field("field", field) for field in fields])
        case ListOf(item, constraints):
            return KdlNode("list", (), _constraints(constraints), [shape_node(item)])
        case Nullable(item):
            return KdlNode("nullable", (), {}, [shape_node(item)])
        case Literal(values):
            return KdlNode("literal", values)
        case Enum(members):
            return KdlNode("enum", (), {}, [_member(member) for member in members])
        case MapOf(value, key, constraints):
            keys = [] if key == Scalar("string") else [KdlNode("key", (), {}, [shape_node(key)])]
            return KdlNode("map", (), _constraints(constraints), [*keys, shape_node(value)])
        case TupleOf(items):
            return KdlNode("tuple", (), {}, [shape_node(item) for item in items])
        case OneOf(members, discriminator):
            return KdlNode("one-of", (), {"discriminator": discriminator}, [shape_node(item) for item in members])
        case _:
            return KdlNode("all-of", (), {}, [shape_node(item) for item in shape.members])


def _field(node: str, field: Field) -> KdlNode:
    properties: dict[str, Value | None] = {
        "required": None if field.required else False,
        "default-json": field.default_json,
        "deprecated": _flag(field.deprecated),
    }
    return KdlNode(node, (field.name,), properties, [*_doc(field.doc), shape_node(field.shape)])


def _member(member: EnumMember) -> KdlNode:
    return KdlNode("member", (member.value_json,), {"name": member.name})


def _constraints(constraints: Sequence[Constraint]) -> dict[str, Value | None]:
    properties: dict[str, Value | None] = {
        constraint.name: constraint.value for constraint in sorted(constraints, key=attrgetter("name"))
    }
    if len(properties) != len(constraints):
        raise IrError(f"One shape has a constraint twice: {', '.join(item.name for item in constraints)}.")
    return properties


def _doc(doc: str | None) -> list[KdlNode]:
    return [] if doc is None else [KdlNode("doc", (doc,))]


def _words(name: str, words: Sequence[str]) -> list[KdlNode]:
    return [KdlNode(name, words)] if words else []


def _flag(value: bool) -> bool | None:
    return True if value else None


def _unless(value: Value, default: Value) -> Value | None:
    return None if value == default else value
