"""
JSON Schema as shapes of the IR. Objects and arrays are in `containers`, fixed values in `literals`, the rest is here.
"""

from __future__ import annotations

from collections.abc import Mapping

from mizan.ir.model import (
    AllOf,
    Enum,
    Literal,
    Nullable,
    OneOf,
    Ref,
    Scalar,
    Shape,
    TypeDeclaration,
)
from mizan.protocol.names import EXTENSION
from mizan.translate import containers
from mizan.translate.document import Document, Node
from mizan.translate.keywords import ANNOTATIONS, KNOWN, OBJECT_WORDS, TYPED
from mizan.translate.literals import fixed_values, joined_values
from mizan.translate.place import Place
from mizan.translate.scalars import number_scalar, string_scalar

ANY = Scalar("any")
NULL = Scalar("null")


class Shapes:
    """
    Translates schemas of one *document*; remembers which components they name, so that only those become types.
    """

    def __init__(self, document: Document) -> None:
        self.document = document
        self._places: dict[str, Place] = {}
        self._waiting: list[str] = []
        self._declared: dict[str, TypeDeclaration] = {}

    def shape(self, schema: object, place: Place, *, declared: bool = False) -> Shape:
        """
        The shape of *schema*; where there is none, a finding, and any value in its stead.

        Args:
            declared: It is a component itself: fixed values are then an enum.
        """
        if schema is True:
            return ANY
        if not isinstance(schema, Mapping):
            problem = "is the schema false, which no value fits" if schema is False else f"is no schema: {schema!r}"
            self.document.note(place, f"{problem}.", "Take it out.")
            return ANY
        for keyword in schema:
            if keyword not in KNOWN and not keyword.startswith("x-"):
                hint = "Say it with the keywords in docs/ir.md, or leave it to the server to check."
                self.document.note(place, f"the keyword {keyword!r} has no meaning in the IR.", hint)
        if schema.get("nullable") is True:
            return nullable(self._concrete(schema, place, declared))
        return self._concrete(schema, place, declared)

    def reference(self, reference: object, place: Place) -> Shape:
        """
        A use of the component that *reference* names, which thereby becomes a type.
        """
        name = self.document.schema_name(reference, place)
        if name is None:
            return ANY
        self.want(name, place)
        return Ref(name)

    def want(self, name: str, place: Place) -> None:
        if name not in self._places:
            self._places[name] = place / name
            self._waiting.append(name)

    def declare(self, declaration: TypeDeclaration, place: Place) -> Ref:
        """
        Add a type that no component is.
        """
        name = declaration.name
        if name in self.document.schemas or name in self._declared:
            self.document.note(place, f"needs a type {name!r} for its arguments, and there is one.", "Rename that.")
        self._declared[name] = declaration
        return Ref(name)

    def declarations(self) -> tuple[TypeDeclaration, ...]:
        """
        Every type that was named up to now, sorted, with those that they name in turn.
        """
        while self._waiting:
            name = self._waiting.pop()
            schema, place = self.document.schemas[name], self._places[name]
            doc = None
            if isinstance(schema, Mapping):
                doc = self.document.text(schema, "description", place)
                if EXTENSION in schema:
                    self.document.note(place, "is an envelope of the protocol, not a type.", "Name the type inside.")
            self._declared[name] = TypeDeclaration(name, self.shape(schema, place, declared=True), doc or None)
        return tuple(self._declared[name] for name in sorted(self._declared))

    def _concrete(self, schema: Node, place: Place, declared: bool) -> Shape:
        if "$ref" in schema:
            return self._with_rest(self.reference(schema["$ref"], place), schema, "$ref", place)
        if "allOf" in schema:
            members = [self.shape(member, place) for member in self.document.items(schema, "allOf", place)]
            return self._with_rest(self._all_of(members, place), schema, "allOf", place)
        for keyword in ("anyOf", "oneOf"):
            if keyword in schema:
                return self._with_rest(self._one_of(schema, keyword, place, declared), schema, keyword, place)
        if "enum" in schema or "const" in schema:
            shape, has_null = fixed_values(schema, self.document, place, declared)
            return shape if shape is NULL or not has_null else nullable(shape)
        if isinstance(schema.get("type"), list):
            return self._types(schema, place)
        return self._typed(schema, place)

    def _with_rest(self, shape: Shape, schema: Node, keyword: str, place: Place) -> Shape:
        """*shape*, and at once what the keywords beside *keyword* ask for."""
        rest = {key: value for key, value in schema.items() if key != keyword and key in KNOWN}
        if rest.keys() <= ANNOTATIONS:
            return shape
        rest.pop("nullable", None)
        other = self.shape(rest, place)
        return AllOf((*_parts(shape), *_parts(other)))

    def _all_of(self, members: list[Shape], place: Place) -> Shape:
        if not members:
            self.document.note(place, "allOf has no members.", "Take it out.")
            return ANY
        return members[0] if len(members) == 1 else AllOf(tuple(members))

    def _one_of(self, schema: Node, keyword: str, place: Place, declared: bool) -> Shape:
        alternatives = self.document.items(schema, keyword, place)
        if not alternatives:
            self.document.note(place, f"{keyword} has no members.", "Take it out.")
            return ANY
        members: dict[Shape, None] = {}
        has_null = False
        for alternative in alternatives:
            if self._is_null(alternative, place):
                has_null = True
                continue
            member = self.shape(alternative, place)
            has_null = has_null or isinstance(member, Nullable)
            members[member.item if isinstance(member, Nullable) else member] = None
        if not members:
            return NULL
        shape = self._alternatives(schema, tuple(members), place, declared)
        return nullable(shape) if has_null else shape

    def _alternatives(self, schema: Node, members: tuple[Shape, ...], place: Place, declared: bool) -> Shape:
        if len(members) == 1:
            return members[0]
        fixed = [member for member in members if isinstance(member, Literal | Enum)]
        if len(fixed) == len(members):
            return joined_values(fixed, declared or "x-enum-varnames" in schema)
        discriminator = self.document.mapping(schema, "discriminator", place)
        return OneOf(members, self.document.text(discriminator, "propertyName", place))

    def _is_null(self, schema: object, place: Place) -> bool:
        if not isinstance(schema, Mapping):
            return False
        if set(schema) == {"$ref"}:
            name = self.document.schema_name(schema["$ref"], place)
            schema = None if name is None else self.document.schemas.get(name)
            if not isinstance(schema, Mapping):
                return False
        return schema.get("type") == "null" or schema.get("enum") == [None] or schema.get("const", 0) is None

    def _types(self, schema: Node, place: Place) -> Shape:
        names = self.document.strings(schema, "type", place)
        shapes = [self._typed({**schema, "type": name}, place) for name in names if name != "null"]
        if not shapes:
            return NULL
        shape = shapes[0] if len(shapes) == 1 else OneOf(tuple(shapes))
        return nullable(shape) if "null" in names else shape

    def _typed(self, schema: Node, place: Place) -> Shape:
        match schema.get("type"):
            case "string":
                return string_scalar(schema, self.document, place)
            case "integer" | "number" as name:
                return number_scalar(name, schema, self.document, place)
            case "boolean":
                return Scalar("boolean")
            case "null":
                return NULL
            case "array":
                return containers.array(schema, self, place)
            case "object":
                return containers.object_(schema, self, place)
            case None:
                return self._untyped(schema, place)
            case other:
                hint = "Types are array, boolean, integer, null, number, object and string."
                self.document.note(place, f"there is no type {other!r}.", hint)
                return ANY

    def _untyped(self, schema: Node, place: Place) -> Shape:
        if not OBJECT_WORDS.isdisjoint(schema):
            return containers.object_(schema, self, place)
        if "items" in schema or "prefixItems" in schema:
            return containers.array(schema, self, place)
        words = sorted(TYPED & schema.keys())
        if words:
            self.document.note(place, f"has {', '.join(words)} and no type.", 'Add "type" to it.')
        return ANY


def nullable(shape: Shape) -> Shape:
    """
    *shape* or null, said once.
    """
    return shape if isinstance(shape, Nullable) or shape in (ANY, NULL) else Nullable(shape)


def _parts(shape: Shape) -> tuple[Shape, ...]:
    return shape.members if isinstance(shape, AllOf) else (shape,)
