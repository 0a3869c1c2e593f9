"""
What the comments of a client say: docstrings, and facts that a caller cannot read off a type.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from mizan.codegen.react.plan import ErrorPlan
from mizan.codegen.typescript.escape import comment_code, comment_lines, comment_words
from mizan.codegen.typescript.tree import Comment
from mizan.ir.model import (
    Constraint,
    Context,
    Enum,
    ErrorDeclaration,
    Field,
    Function,
    ListOf,
    MapOf,
    Nullable,
    Scalar,
    Shape,
    Target,
    TypeDeclaration,
)

_BETWEEN = " · "
_NEEDS = {
    "authenticated": "needs login",
    "custom": "needs a permission of its own",
    "staff": "needs staff",
    "superuser": "needs superuser",
}


def type_comment(declaration: TypeDeclaration) -> Comment:
    """
    The docstring; for an enum whose values do not speak for themselves, the name of each too.
    """
    return _paragraphs(_doc(declaration.doc), _member_names(declaration.shape))


def field_comment(field: Field) -> Comment:
    """
    The description, the rules beyond the type, and the default.
    """
    rules = _BETWEEN.join(_rules(field.shape))
    tags = [] if field.default_json is None else [f"@defaultValue {comment_code(field.default_json)}"]
    tags += ["@deprecated"] if field.deprecated else []
    return _paragraphs(_doc(field.doc), (rules,) if rules else (), tags=tags)


def function_comment(function: Function, throws: Iterable[str] = ()) -> Comment:
    """
    The docstring, then where the function lives, what it changes, who may call it and what it throws.
    """
    tags = [*throws, *(["@deprecated"] if function.deprecated else [])]
    return _paragraphs(_doc(function.doc), (_BETWEEN.join(_facts(function)),), tags=tags)


def throws_tags(function: Function, errors: Iterable[ErrorPlan]) -> list[str]:
    """
    A tag for each error that a function raises: for those of *errors*, which have a class, and then for the others.
    """
    declared = {error.declaration.code: error for error in errors}
    tags = [
        " ".join([f"@throws {{@link {error.symbol.name}}}", *_summary(error.declaration.doc)])
        for error in declared.values()
    ]
    return tags + [
        f"@throws MizanError with code {comment_code(code)}" for code in function.raises if code not in declared
    ]


def error_comment(declaration: ErrorDeclaration) -> Comment:
    return _paragraphs(_doc(declaration.doc))


def context_fetch_comment(context: Context) -> Comment:
    return (f"Every function of the {comment_code(context.name)} context in one request.",)


def root_provider_comment() -> Comment:
    return ("Put this around the app.",)


def provider_comment(context: Context) -> Comment:
    name = comment_code(context.name)
    if context.params:
        return (f"Names the {name} that every reader below is about; fetches it once for all of them.",)
    return (f"Fetches the {name} context once for all readers below.",)


def hook_comment(function: Function) -> Comment:
    """
    What an editor shows at the hook of a function: the summary of the function.
    """
    return _paragraphs(_summary(function.doc), tags=_deprecation(function))


def reader_hook_comment(function: Function) -> Comment:
    return _paragraphs([*_summary(function.doc), "Suspends until it is loaded."], tags=_deprecation(function))


def query_hook_comment(function: Function, hook: str) -> Comment:
    line = f"{{@link {hook}}} as a query: `{{ data, error, isPending, refetch, … }}`, no suspense."
    return _paragraphs([line], tags=_deprecation(function))


def _paragraphs(*paragraphs: Iterable[str], tags: Iterable[str] = ()) -> Comment:
    """Paragraphs with a blank line between them, and the tags after the last."""
    lines: list[str] = []
    for paragraph in map(list, paragraphs):
        lines += ["", *paragraph] if lines and paragraph else paragraph
    return (*lines, *tags)


def _doc(doc: str | None) -> Comment:
    return comment_lines(doc) if doc else ()


def _summary(doc: str | None) -> Comment:
    """The first paragraph of a docstring."""
    lines = _doc(doc)
    return lines[: lines.index("")] if "" in lines else lines


def _deprecation(function: Function) -> Iterable[str]:
    return ("@deprecated",) if function.deprecated else ()


def _facts(function: Function) -> Iterator[str]:
    place = f" in {comment_words(function.module)}" if function.module else ""
    yield comment_code(function.name) + place
    if "websocket" in function.transports:
        yield "WebSocket"
    if function.affects:
        yield f"affects {', '.join(map(_target, function.affects))}"
    if function.merge:
        yield f"merges into {', '.join(map(_target, function.merge))}"
    if function.auth == "permission":
        yield f"needs permission {comment_words(function.permission or '')}"
    elif function.auth != "open":
        yield _NEEDS.get(function.auth, f"needs {comment_words(function.auth)}")


def _target(target: Target) -> str:
    name = target.context if target.function is None else f"{target.context}.{target.function}"
    return comment_words(f"{name}({', '.join(target.params)})" if target.params else name)


def _rules(shape: Shape) -> Iterator[str]:
    match shape:
        case Nullable(item):
            yield from _rules(item)
        case Scalar(_, format, constraints):
            if format is not None:
                yield f"format {comment_words(format)}"
            yield from map(_rule, constraints)
        case ListOf(_, constraints) | MapOf(_, _, constraints):
            yield from map(_rule, constraints)
        case _:
            return


def _rule(constraint: Constraint) -> str:
    if constraint.value is True:
        return comment_words(constraint.name.replace("-", " "))
    value = str(constraint.value)
    shown = comment_words(value) if isinstance(constraint.value, int | float) else comment_code(value)
    return f"{comment_words(constraint.name.replace('-', ' '))} {shown}"


def _member_names(shape: Shape) -> Iterator[str]:
    if isinstance(shape, Enum):
        names: Mapping[str, str] = {member.value_json: member.name for member in shape.members if member.name}
        if any(name.casefold() != value.strip('"').casefold() for value, name in names.items()):
            yield from (f"- {comment_code(value)}: {comment_words(name)}" for value, name in sorted(names.items()))
