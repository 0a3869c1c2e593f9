"""
Text of a schema made harmless in TypeScript: one function for each place that such text can stand in.

There is none for template literals, because generated code has none.
"""

from __future__ import annotations

import inspect
import re

_PLAIN_KEY = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*")
_PLAIN_ATTRIBUTE = re.compile(r"[A-Za-z0-9/_.:~-]*")
_SHORT = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "<": "\\u003c"}
# `</script>` and `<!--` would end or change an inline script that a bundle is put in.
_UNSAFE_IN_STRING = re.compile(r'["\\]|<(?=[/!])|[^ -~]')
# At the start of a word `@` begins a tag; bundlers obey `@jsx`, `#__PURE__` and `# sourceMappingURL` in any comment.
_TAG = re.compile(r"(?<!\w)@")
_PRAGMA = re.compile(r"([@#]\s*)(?=jsx|__|sourceMappingURL)")
# Joiners shape emoji and several scripts; every other invisible character could make a comment look like code.
_JOINERS = "\u200c\u200d"


def string_literal(value: str) -> str:
    """
    A double-quoted literal whose value is *value*, whatever it holds; invisible characters are written as escapes.
    """
    return f'"{_UNSAFE_IN_STRING.sub(_escape_character, value)}"'


def property_key(name: str) -> str:
    """
    *name* as a key of an interface or an object literal.

    ``__proto__`` is written computed, since an object literal takes the plain key for the prototype.
    """
    if name == "__proto__":
        return '["__proto__"]'
    return name if _PLAIN_KEY.fullmatch(name) else string_literal(name)


def jsx_attribute(value: str) -> str:
    """
    A string as the value of a JSX attribute, quotes or braces included.
    """
    return f'"{value}"' if _PLAIN_ATTRIBUTE.fullmatch(value) else f"{{{string_literal(value)}}}"


def comment_lines(text: str) -> tuple[str, ...]:
    """
    A docstring as lines for a comment, without its indentation and surrounding blank lines.
    """
    return tuple(_comment_line(line) for line in inspect.cleandoc(text).strip().splitlines())


def comment_words(text: str) -> str:
    """
    *text* on one line of a comment.
    """
    return _comment_line(" ".join(text.split()))


def comment_code(text: str) -> str:
    """
    *text* as a code span in a comment; its own backticks become quotes.
    """
    return f"`{comment_words(text).replace('`', chr(39))}`"


def _escape_character(match: re.Match[str]) -> str:
    character = match[0]
    if character in _SHORT:
        return _SHORT[character]
    if character.isprintable():
        return character
    units = character.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[start : start + 4]}" for start in range(0, len(units), 4))


def _comment_line(line: str) -> str:
    visible = line.rstrip()
    if not visible.isprintable():
        visible = "".join(map(_visible, visible))
    if "@" in visible or "#" in visible:
        visible = _PRAGMA.sub(r"\1\\", _TAG.sub(r"\\@", visible))
    return visible.replace("*/", "*\\/")


def _visible(character: str) -> str:
    if character.isprintable() or character in _JOINERS:
        return character
    return " " if character.isspace() else f"\\u{{{ord(character):x}}}"
