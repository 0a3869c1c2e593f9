from __future__ import annotations

import pytest

from mizan.codegen.typescript.layout import WIDTH
from mizan.codegen.typescript.printer import print_module
from mizan.codegen.typescript.tree import (
    Alias,
    ArrayOf,
    Call,
    Constant,
    Dictionary,
    Element,
    ErrorClass,
    ExportAll,
    ExportNames,
    Function,
    Interface,
    Intersection,
    Keyword,
    ListValue,
    Local,
    Module,
    Named,
    ObjectOf,
    ObjectValue,
    Parameter,
    PartialDictionary,
    Property,
    StringType,
    Symbol,
    Text,
    TupleOf,
    Union,
)

STRING, NUMBER, NULL = Keyword("string"), Keyword("number"), Keyword("null")
LONG = tuple(StringType(f"member number {number}") for number in range(8))
LONG_NAME = "a" * 60


def printed(*declarations, directive=None, path="x.ts"):
    text = print_module(Module(path, declarations, directive), "// header", {}, lambda module: module)
    return text.removeprefix("// header\n").removeprefix("\n")


def alias(type):
    return printed(Alias("A", type))


@pytest.mark.parametrize(
    ("type", "expected"),
    [
        (STRING, "string"),
        (StringType('a"b'), '"a\\"b"'),
        (ArrayOf(STRING), "string[]"),
        (ArrayOf(Union((STRING, NULL))), "(string | null)[]"),
        (ArrayOf(Intersection((STRING, NULL))), "(string & null)[]"),
        (ArrayOf(ArrayOf(STRING)), "string[][]"),
        (Union((ArrayOf(STRING), Intersection((STRING, NULL)))), "string[] | string & null"),
        (Intersection((Union((STRING, NULL)), NUMBER)), "(string | null) & number"),
        (TupleOf((STRING, Union((NUMBER, NULL)))), "[string, number | null]"),
        (TupleOf(()), "[]"),
        (Dictionary(Union((STRING, NULL))), "{ [key: string]: string | null }"),
        (PartialDictionary(StringType("a"), NUMBER), '{ [key in "a"]?: number }'),
        (ObjectOf(()), "{}"),
        (ObjectOf((Property("a", STRING), Property("b-c", NUMBER, is_optional=True))), '{ a: string; "b-c"?: number }'),
        (Named(Symbol("", "Promise", is_type=True), (STRING, NULL)), "Promise<string, null>"),
    ],
)
def test_types_stand_on_one_line_with_brackets_where_their_structure_needs_them(type, expected):
    """Brackets come from structure, never from looking at text."""
    assert alias(type) == f"export type A = {expected}\n"


@pytest.mark.parametrize(
    ("type", "expected"),
    [
        (Union((STRING, *LONG)), 'export type A =\n  | string\n  | "member number 0"\n'),
        (ArrayOf(Union(LONG)), 'export type A = (\n  | "member number 0"\n'),
        (ArrayOf(TupleOf(LONG)), 'export type A = [\n  "member number 0",\n'),
        (TupleOf((Union(LONG), *LONG)), 'export type A = [\n    | "member number 0"\n'),
        (Intersection((*LONG, Union((STRING, NULL)))), 'export type A =\n  & "member number 0"\n'),
        (Dictionary(Union(LONG)), 'export type A = {\n  [key: string]:\n    | "member number 0"\n'),
        (
            PartialDictionary(StringType("a"), Union(LONG)),
            'export type A = {\n  [key in "a"]?:\n    | "member number 0"\n',
        ),
        (
            ObjectOf(tuple(Property(f"member_number_{number}", STRING) for number in range(8))),
            "export type A = {\n  member_number_0: string\n",
        ),
        (Named(Symbol("", "Promise"), LONG), 'export type A = Promise<\n  "member number 0",\n'),
    ],
)
def test_a_type_that_is_too_long_is_broken_at_its_outermost_level(type, expected):
    """Lines stay below the limit, and a change to one member is a change to one line."""
    text = alias(type)

    assert text.startswith(expected)
    assert max(map(len, text.splitlines())) <= WIDTH


def test_type_arguments_have_no_comma_after_the_last():
    """TypeScript refuses it there, and only there."""
    assert alias(Named(Symbol("", "Promise"), LONG)).endswith('  "member number 7"\n>\n')
    assert alias(TupleOf(LONG)).endswith('  "member number 7",\n]\n')


def test_a_single_word_that_is_too_long_stays_as_it_is():
    """There is nowhere to break it."""
    long = StringType("x" * 130)

    assert alias(long) == f'export type A = "{"x" * 130}"\n'
    assert alias(Union((long, NULL))) == f'export type A =\n  | "{"x" * 130}"\n  | null\n'


def test_an_object_with_a_comment_inside_is_never_flat():
    """A comment belongs above its property."""
    type = ArrayOf(Union((ObjectOf((Property("a", STRING, comment=("The a.",)),)), NULL)))

    assert alias(type) == "export type A = (\n  | {\n      /** The a. */\n      a: string\n    }\n  | null\n)[]\n"


def test_an_interface_has_a_line_for_each_member():
    """Interfaces are never flat: a new field is a new line."""
    interface = Interface(
        "A",
        (Property("a", STRING, comment=("One.",)), Property("b", Union(LONG), True, ("One.", "", "Two."))),
        ("Doc.",),
    )

    assert printed(interface).startswith(
        "/** Doc. */\nexport interface A {\n  /** One. */\n  a: string\n"
        '  /**\n   * One.\n   *\n   * Two.\n   */\n  b?:\n    | "member number 0"\n'
    )
    assert printed(Interface("Empty", ())) == "export interface Empty {}\n"


def test_a_comment_too_long_for_one_line_becomes_a_block():
    """The limit holds for comments as far as their own lines keep it."""
    line = "x" * (WIDTH - len("/**  */"))

    assert printed(Alias("A", STRING, (line,))).startswith(f"/** {line} */\n")
    assert printed(Alias("A", STRING, (line + "x",))).startswith(f"/**\n * {line}x\n */\n")


def test_a_function_has_its_parameters_on_one_line_or_one_each():
    """Both forms are what a formatter would write."""
    promise = Named(Symbol("", "Promise"), (STRING,))
    options = Parameter("options", STRING, is_optional=True)
    short = Function(
        "f",
        (Parameter("args", STRING, default=ObjectValue(())), options),
        promise,
        Call(Symbol("./k", "call"), (Text("f"),)),
        ("Doc.",),
    )
    long = Function(
        LONG_NAME,
        (Parameter("args", Named(Symbol("", LONG_NAME)), default=ObjectValue(())), options),
        promise,
        Local("args"),
    )
    bare = Function("g", (), Union((*LONG, NULL)), Local("args"))

    text = printed(short, long, bare)

    assert (
        '/** Doc. */\nexport function f(args: string = {}, options?: string): Promise<string> {\n  return call("f")\n}\n'
        in text
    )
    assert (
        f"export function {LONG_NAME}(\n  args: {LONG_NAME} = {{}},\n  options?: string,\n): Promise<string> {{\n"
        in text
    )
    assert 'export function g():\n  | "member number 0"\n' in text
    assert "  | null {\n  return args\n}\n" in text


def test_a_return_type_with_a_comment_inside_is_broken():
    """A type that cannot be flat is not, wherever it stands."""
    type = ObjectOf((Property("a", STRING, comment=("The a.",)),))

    assert printed(Function("f", (Parameter("args", type),), type, Local("args"))) == (
        "export function f(\n  args: {\n    /** The a. */\n    a: string\n  },\n): {\n  /** The a. */\n  a: string\n} {\n  return args\n}\n"
    )


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Text('a"'), '"a\\""'),
        (ListValue(()), "[]"),
        (ListValue((Text("a"), Local("b"))), '["a", b]'),
        (ObjectValue(()), "{}"),
        (ObjectValue((("a", Text("b")), ("c-d", ListValue(())))), '{ a: "b", "c-d": [] }'),
        (Call(Symbol("", "f"), (Local("a"), Symbol("", "g"))), "f(a, g)"),
        (
            Element(Symbol("", "A"), (("b", Text("/c")), ("...", Local("props")), ("d", Local("e")))),
            '<A b="/c" {...props} d={e} />',
        ),
        (Element(Symbol("", "A"), ()), "<A />"),
    ],
)
def test_values_stand_on_one_line(value, expected):
    """What fits is not broken."""
    assert printed(Constant("a", STRING, value)) == f"export const a: string = {expected}\n"


@pytest.mark.parametrize(
    ("value", "start", "end"),
    [
        (ListValue((Text(LONG_NAME), Text(LONG_NAME))), "[\n", ",\n]\n"),
        (ObjectValue((("a", Text(LONG_NAME)), ("b", Text(LONG_NAME)))), '{\n  a: "a', '",\n}\n'),
        (Call(Symbol("", "f"), (Text(LONG_NAME), Text(LONG_NAME))), 'f(\n  "a', '",\n)\n'),
        (
            Element(Symbol("", "A"), (("b", Text(LONG_NAME)), ("c", Text(LONG_NAME)))),
            '(\n  <A\n    b="a',
            '"\n  />\n)\n',
        ),
        (Local(LONG_NAME * 2), LONG_NAME, f"{LONG_NAME}\n"),
    ],
)
def test_a_value_that_is_too_long_is_broken_at_its_outermost_level(value, start, end):
    """Each part has a line of its own with a comma after it."""
    text = printed(Constant("a", STRING, value, is_exported=False)).removeprefix("const a: string = ")

    assert text.startswith(start)
    assert text.endswith(end)


def test_an_error_class_only_adds_its_code():
    """The kernel finds the class for a code by this static."""
    base = Named(Symbol("./kernel/errors", "MizanError"), (StringType('A"'),))

    assert printed(ErrorClass("AError", base, 'A"', ("Doc.",))) == (
        'import { MizanError } from "./kernel/errors"\n\n/** Doc. */\n'
        'export class AError extends MizanError<"A\\""> {\n  static override readonly code = "A\\""\n}\n'
    )


def test_a_file_of_exports_has_one_line_each():
    """The barrel is a list."""
    text = printed(
        ExportAll("./a"),
        ExportAll("./types", is_type=True),
        ExportNames((Symbol("./b", "B", is_type=True), Symbol("./b", "c"))),
        ExportNames((Symbol("./d", "D", is_type=True),)),
    )

    assert text == (
        'export * from "./a"\nexport type * from "./types"\nexport { type B, c } from "./b"\nexport type { D } from "./d"\n'
    )


def test_an_empty_file_is_still_a_module():
    """``export * from`` needs something to export from."""
    assert printed() == "export {}\n"


def test_a_directive_comes_before_the_header():
    """Bundlers look for it at the very start."""
    text = print_module(Module("h.tsx", (Alias("A", STRING),), "use client"), "// header", {}, lambda module: module)

    assert text == '"use client"\n// header\n\nexport type A = string\n'


def test_a_file_knows_how_its_neighbours_import_it():
    """One rule for the specifier of a module, whatever its extension."""
    assert Module("hooks.tsx", ()).specifier == "./hooks"


def test_specifiers_are_written_as_the_project_wants_them():
    """Imports and exports alike go through the one function that knows the extension."""
    module = Module(
        "x.ts",
        (Alias("A", Named(Symbol("./types", "T", is_type=True))), ExportAll("./a"), ExportNames((Symbol("./b", "b"),))),
    )
    text = print_module(module, "// header", {}, lambda module: f"{module}.js")

    assert [line.split('"')[1] for line in text.splitlines() if " from " in line] == ["./types.js", "./a.js", "./b.js"]
