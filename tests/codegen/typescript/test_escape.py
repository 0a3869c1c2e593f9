from __future__ import annotations

import json
import re

from hypothesis import given, settings
from hypothesis import strategies as st

from mizan.codegen.typescript.escape import (
    comment_code,
    comment_lines,
    comment_words,
    jsx_attribute,
    property_key,
    string_literal,
)
from tests.codegen.javascript import evaluate

PIECES = [
    "*/",
    "/*",
    "*/**",
    "`",
    "```",
    "${",
    "${x}",
    "</script>",
    "</SCRIPT",
    "<!--",
    "-->",
    '"',
    "'",
    "\\",
    "\\u0041",
    "\n",
    "\r",
    "\r\n",
    "\t",
    "\u2028",
    "\u2029",
    "\u202e",
    "\x00",
    "\x7f",
    "\ufeff",
    "�",
    "�",
    "😀",
    "@ts-ignore",
    "@deprecated",
    "@jsx",
    "#__PURE__",
    "{@link",
    "}",
    "//",
    "#",
    "sourceMappingURL=x",
    "__proto__",
    "ß",
    "日本",
    "\x85",
    "/",
] + [" ", ""]
NASTY = st.lists(st.sampled_from(PIECES), max_size=8).map("".join)
ANY_TEXT = st.text(st.characters(exclude_categories=()))
TEXTS = st.lists(NASTY | ANY_TEXT, min_size=1, max_size=150)


@settings(max_examples=12)
@given(TEXTS)
def test_a_string_literal_has_exactly_the_value_it_was_made_of(texts):
    """No text of a schema changes on its way into the client or gets out of its quotes."""
    literals = [string_literal(text) for text in texts]

    # Compared as what JSON makes of them, which writes a pair of surrogates as the character it is.
    assert evaluate(literals) == [json.loads(json.dumps(text)) for text in texts]


@given(NASTY | ANY_TEXT)
def test_a_string_literal_is_one_visible_line_that_a_script_element_can_hold(text):
    """Neither an editor, nor a line-based tool, nor an inline script sees anything but a literal."""
    literal = string_literal(text)

    assert literal.isprintable()
    assert "</" not in literal
    assert "<!" not in literal


@settings(max_examples=12)
@given(TEXTS)
def test_a_property_key_names_exactly_that_property(texts):
    """Keys that are no identifiers, or that an object literal treats in its own way, are still only keys."""
    sources = [f"Object.keys({{ {property_key(text)}: 1 }})" for text in texts]

    assert evaluate(sources) == [[json.loads(json.dumps(text))] for text in texts]


def test_a_property_key_is_quoted_only_where_it_must_be():
    """Generated types read as if written by hand."""
    keys = ["user_id", "$ref", "class", "user-id", "1", "", "größe", "__proto__"]

    assert [property_key(key) for key in keys] == [
        "user_id",
        "$ref",
        "class",
        '"user-id"',
        '"1"',
        '""',
        '"größe"',
        '["__proto__"]',
    ]


@settings(max_examples=12)
@given(TEXTS)
def test_a_jsx_attribute_has_exactly_the_value_it_was_made_of(texts):
    """A plain attribute takes no escapes and would decode entities, so all but plain text is a literal in braces."""
    attributes = [jsx_attribute(text) for text in texts]
    literals = [attribute[1:-1] if attribute.startswith("{") else attribute for attribute in attributes]

    assert evaluate(literals) == [json.loads(json.dumps(text)) for text in texts]
    assert all("&" not in attribute for attribute in attributes if attribute.startswith('"'))


def test_a_plain_jsx_attribute_needs_no_braces():
    """The base path is written as one would write it."""
    assert jsx_attribute("/api/mizan") == '"/api/mizan"'
    assert jsx_attribute("/a b") == '{"/a b"}'


@settings(max_examples=12)
@given(TEXTS)
def test_a_comment_ends_only_where_it_was_meant_to(texts):
    """A docstring is never code, whatever it holds."""
    sources = []
    for text in texts:
        block = "\n".join(["/**", *(f" * {line}" for line in comment_lines(text)), " */"])
        sources += [f"{block}\n7", f"/** {comment_words(text)} */ 7", f"/** {comment_code(text)} */ 7"]

    assert evaluate(sources) == [7] * len(sources)


@given(NASTY | ANY_TEXT)
def test_a_comment_holds_no_tag_and_no_instruction(text):
    """``@deprecated`` or ``@ts-ignore`` in a docstring is text, and so is what bundlers look for in comments."""
    for line in [*comment_lines(text), comment_words(text), comment_code(text)]:
        assert line.replace("\u200c", "").replace("\u200d", "").isprintable()
        assert "*/" not in line
        assert not re.search(r"(?<![\w\\])@", line)
        assert not re.search(r"[@#]\s*(jsx|__|sourceMappingURL)", line)


def test_a_docstring_keeps_its_shape_without_its_indentation():
    """Comments read as the docstring does."""
    doc = """

        Says the text back.

            indented

        Mail to a@b.c, see @client.
    """

    assert comment_lines(doc) == (
        "Says the text back.",
        "",
        "    indented",
        "",
        "Mail to a@b.c, see \\@client.",
    )
    assert comment_lines("  \n ") == ()


def test_a_family_emoji_survives_in_a_comment():
    """Joiners are part of writing; other invisible characters are shown as what they are."""
    assert comment_words("👨\u200d👩 \u202e x\u2028y") == "👨\u200d👩 \\u{202e} x y"


def test_a_code_span_has_no_backticks_of_its_own():
    """A wire name cannot end the span that it stands in."""
    assert comment_code("a`b") == "`a'b`"
