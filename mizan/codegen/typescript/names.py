"""
What TypeScript allows as a name. Which names a client has is decided by its target, for React in `react.names`.
"""

from __future__ import annotations

from mizan.protocol.casing import pascal

# Keywords, words with a meaning in types, and names of built-in types: none of them may name an interface.
RESERVED = frozenset(
    """
    abstract accessor any arguments as asserts assert async await bigint boolean break case catch class const constructor
    continue debugger declare default defer delete do else enum eval export exports extends false finally for from
    function get global globalThis if implements import in infer instanceof interface intrinsic is keyof let module
    namespace never new null number object of out override package private protected public readonly require return
    satisfies set static string super switch symbol this throw true try type typeof undefined unique unknown using var
    void while with yield
    """.split()  # noqa: SIM905 - a hundred quoted words read worse
)


def type_name(name: str) -> str | None:
    """
    The name that a declared type gets.

    It is its own name wherever TypeScript can spell that: ``Order`` stays, ``string`` becomes ``String``, ``Page[Order]``
    becomes ``PageOrder``, ``2FA`` becomes ``_2FA``.

    Returns:
        None where *name* has neither an ASCII letter nor a digit to go by.
    """
    if name.isidentifier() and name not in RESERVED:
        return name
    spelled = pascal(name)
    return f"_{spelled}" if spelled[:1].isdigit() else spelled or None
