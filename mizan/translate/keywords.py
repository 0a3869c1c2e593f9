"""
The JSON Schema keywords that the translator knows, and the names that rules have in the IR.
"""

from __future__ import annotations

from typing import Final

# Say nothing about which values are valid.
ANNOTATIONS: Final = frozenset(
    {
        "$comment",
        "default",
        "deprecated",
        "description",
        "discriminator",
        "example",
        "examples",
        "externalDocs",
        "nullable",
        "readOnly",
        "title",
        "writeOnly",
        "xml",
    }
)

# Facets of each type; a facet of another type says nothing (JSON Schema 2020-12, validation, section 6).
STRING_FACETS: Final = {"maxLength": "max-length", "minLength": "min-length", "pattern": "pattern"}
NUMBER_FACETS: Final = {
    "exclusiveMaximum": "lt",
    "exclusiveMinimum": "gt",
    "maximum": "max",
    "minimum": "min",
    "multipleOf": "multiple-of",
}
# Bounds of numbers that travel as text, and so do their bounds.
TEXT_NUMBER_FACETS: Final = {
    "x-decimal-places": "decimal-places",
    "x-exclusiveMaximum": "lt",
    "x-exclusiveMinimum": "gt",
    "x-max-digits": "max-digits",
    "x-maximum": "max",
    "x-minimum": "min",
}
LIST_FACETS: Final = {"maxItems": "max-items", "minItems": "min-items", "uniqueItems": "unique"}
MAP_FACETS: Final = {"maxProperties": "max-items", "minProperties": "min-items"}

TEXT_FACETS: Final = STRING_FACETS | TEXT_NUMBER_FACETS

_STRING_WORDS: Final = frozenset({"contentEncoding", "contentMediaType", "contentSchema", "format"})
_ARRAY_WORDS: Final = frozenset({"items", "prefixItems"})
OBJECT_WORDS: Final = frozenset(
    {"additionalProperties", "patternProperties", "properties", "propertyNames", "required"}
)
APPLICATORS: Final = frozenset({"$ref", "allOf", "anyOf", "const", "enum", "oneOf", "type"})

FACETS: Final = frozenset({*STRING_FACETS, *NUMBER_FACETS, *LIST_FACETS, *MAP_FACETS})

# Keywords that a schema without a type needs one for.
TYPED: Final = _STRING_WORDS | _ARRAY_WORDS | OBJECT_WORDS | FACETS

KNOWN: Final = ANNOTATIONS | APPLICATORS | TYPED

# By type and format; other formats of strings stay formats.
STRING_SCALARS: Final = {
    "bigint": "bigint",
    "binary": "file",
    "byte": "bytes",
    "date": "date",
    "date-time": "datetime",
    "decimal": "decimal",
    "duration": "duration",
    "time": "time",
    "time-local": "time",
    "uuid": "uuid",
}
