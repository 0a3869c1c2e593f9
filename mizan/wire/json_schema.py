"""
JSON Schema as Mizan writes it: exact scalars, present fields required, no guessed titles.
"""

from __future__ import annotations

from enum import Flag, FlagBoundary
from functools import reduce
from operator import or_
from typing import Any

from pydantic.json_schema import CoreModeRef, DefsRef, GenerateJsonSchema, JsonSchemaValue
from pydantic_core import (
    CoreSchema,
    SchemaError,
    SchemaSerializer,
    SchemaValidator,
    ValidationError,
    core_schema,
)

from mizan.wire.fixed_values import key_form, wire_form
from mizan.wire.policy import for_output

_BOUNDS = {"ge": "x-minimum", "gt": "x-exclusiveMinimum", "le": "x-maximum", "lt": "x-exclusiveMaximum"}


class WireJsonSchema(GenerateJsonSchema):
    """
    Pydantic's generator with Mizan's wire forms. Definitions keep a key of their own for each core reference and mode
    (see `origins`), because pydantic's short names merge or rename models without saying so.
    """

    ignored_warning_kinds = {"skipped-choice", "non-serializable-default"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.origins: dict[str, CoreModeRef] = {}

    def get_defs_ref(self, core_mode_ref: CoreModeRef) -> DefsRef:
        key = super().get_defs_ref(core_mode_ref)
        self.origins[key] = core_mode_ref
        self._prioritized_defsref_choices[key] = [key]
        return key

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False

    def field_is_required(self, field: Any, total: bool) -> bool:
        if self.mode == "serialization" and field["type"] != "typed-dict-field":
            return field.get("serialization_exclude_if") is None
        return super().field_is_required(field, total)

    def decimal_schema(self, schema: core_schema.DecimalSchema) -> JsonSchemaValue:
        result: JsonSchemaValue = {"type": "string", "format": "decimal"}
        if (digits := schema.get("max_digits")) is not None:
            result["x-max-digits"] = digits
        if (places := schema.get("decimal_places")) is not None:
            result["x-decimal-places"] = places
        result.update({key: str(schema[bound]) for bound, key in _BOUNDS.items() if schema.get(bound) is not None})  # type: ignore[literal-required]  # keys of the table
        return result

    def bytes_schema(self, schema: core_schema.BytesSchema) -> JsonSchemaValue:
        return {"type": "string", "format": "byte", "contentEncoding": "base64"}

    def time_schema(self, schema: core_schema.TimeSchema) -> JsonSchemaValue:
        # JSON Schema's "time" has an offset from UTC, which a time of day has not.
        return {"type": "string", "format": "time" if "tz_constraint" in schema else "time-local"}

    def timedelta_schema(self, schema: core_schema.TimedeltaSchema) -> JsonSchemaValue:
        return {"type": "string", "format": "duration"}

    def enum_schema(self, schema: core_schema.EnumSchema) -> JsonSchemaValue:
        members = schema["members"]
        if issubclass(schema["cls"], Flag):
            result = _flag(schema["cls"])
        else:
            result = one_type_each([wire_form(member) for member in members], [member.name for member in members])
        doc = (schema["cls"].__doc__ or "").strip()
        return {**result, **({"description": doc} if _is_own_doc(schema["cls"]) else {})}

    def literal_schema(self, schema: core_schema.LiteralSchema) -> JsonSchemaValue:
        return one_type_each([wire_form(value) for value in schema["expected"]])

    def dict_schema(self, schema: core_schema.DictSchema) -> JsonSchemaValue:
        result = super().dict_schema(schema)
        keys: Any = self.resolve_ref_schema(dict(schema.get("keys_schema") or core_schema.str_schema()))
        fixed = {"literal": "expected", "enum": "members"}.get(keys["type"])
        values = [wire_form(value) for value in keys[fixed]] if fixed else []
        is_flag = fixed == "enum" and issubclass(keys["cls"], Flag)
        if is_flag:
            result["propertyNames"] = {"type": "string"}
        elif values and (fixed == "literal" or not all(isinstance(value, str) for value in values)):
            # Keys are text, so a component of numbers would refuse all of them.
            result["propertyNames"] = {"type": "string", "enum": [key_form(value) for value in values]}
        return result

    def ser_schema(self, schema: Any) -> JsonSchemaValue | None:
        if schema["type"] in ("function-plain", "function-wrap") and schema.get("return_schema") is None:
            return {}  # a serializer without return type may write anything, whatever the type of the field is
        return super().ser_schema(schema)

    def tagged_union_schema(self, schema: core_schema.TaggedUnionSchema) -> JsonSchemaValue:
        result = super().tagged_union_schema(schema)
        mapping = result.get("discriminator", {}).get("mapping", {})
        if not all(isinstance(target, str) for target in mapping.values()):
            # A member is a union itself, which OpenAPI's mapping has no word for; the tag is still required.
            result["discriminator"] = {"propertyName": result["discriminator"]["propertyName"]}
        return result

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        if self.mode == "serialization":  # a result always has the field, so its default says nothing
            return self.generate_inner(schema["schema"])
        result = super().default_schema(schema)
        if "default" in result:
            fits, value = _on_the_wire(schema["schema"], schema["default"], result["default"])
            result["default"] = value
            if not fits or (value is None and result.get("type", "null") != "null"):
                del result["default"]  # clients may leave the field out, but not send this value
        return result

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        result = super().model_schema(schema)
        if result.get("title") == schema["cls"].__name__:
            del result["title"]
        return result

    def dataclass_schema(self, schema: core_schema.DataclassSchema) -> JsonSchemaValue:
        result = super().dataclass_schema(schema)
        result.pop("title", None)
        if str(result.get("description", "")).startswith(f"{schema['cls'].__name__}("):
            del result["description"]  # the signature that @dataclass writes where there is no docstring
        return result

    def named_tuple_schema(self, schema: Any) -> JsonSchemaValue:
        result = super().named_tuple_schema(schema)
        items = [
            {key: value for key, value in item.items() if key != "default"} for item in result.get("prefixItems", ())
        ]
        # Every client gets and sends all items, those with a default too.
        return {**result, "prefixItems": items, "minItems": len(items)} if items else result

    def typed_dict_schema(self, schema: core_schema.TypedDictSchema) -> JsonSchemaValue:
        result = super().typed_dict_schema(schema)
        result.pop("title", None)
        return result


def _on_the_wire(schema: CoreSchema, default: Any, guess: Any) -> tuple[bool, Any]:
    """
    Whether *default* is a value of *schema*, and the default as JSON data.

    Args:
        guess: The default as pydantic writes it, which looks at the value and not at its type.
    """
    try:
        wire = for_output(schema)
        validator, serializer = SchemaValidator(wire), SchemaSerializer(wire)
    except SchemaError:  # the schema refers to definitions, which are not here
        return True, guess
    try:
        return True, serializer.to_python(validator.validate_python(default), mode="json")
    except ValidationError:
        return False, None
    except Exception:  # a validator of the type's own, written for what clients send
        return True, guess


def _is_own_doc(cls: type) -> bool:
    doc = cls.__doc__
    return bool(doc) and doc != "An enumeration." and all(doc != base.__doc__ for base in cls.__mro__[1:])


_TYPE_NAMES: dict[type, str] = {bool: "boolean", int: "integer", float: "number", str: "string", type(None): "null"}


def _flag(cls: type[Flag]) -> JsonSchemaValue:
    """Every combination of the members, as the sum of their values."""
    largest = reduce(or_, (member.value for member in cls), 0)
    is_open = getattr(cls, "_boundary_", None) is FlagBoundary.KEEP
    return {"type": "integer", "minimum": 0, **({} if is_open else {"maximum": largest})}


def one_type_each(values: list[Any], names: list[str] | None = None) -> JsonSchemaValue:
    """
    The schema of some fixed *values*: an ``enum`` for each JSON type among *values*: not every tool takes an enum of mixed types.

    Args:
        names: What each value is called, for ``x-enum-varnames``.
    """
    by_type: dict[str, dict[str, list[Any]]] = {}
    for value, name in zip(values, names or values, strict=True):
        group = by_type.setdefault(_TYPE_NAMES.get(type(value), "array"), {"enum": [], "x-enum-varnames": []})
        group["enum"].append(value)
        group["x-enum-varnames"].append(name)
    schemas: list[JsonSchemaValue] = []
    for kind, group in by_type.items():
        if kind == "null":
            schemas.append({"type": kind})
            continue
        fixed: JsonSchemaValue = {"const": values[0]} if len(values) == 1 else {"enum": group["enum"]}
        schemas.append({"type": kind, **fixed, **({"x-enum-varnames": group["x-enum-varnames"]} if names else {})})
    return schemas[0] if len(schemas) == 1 else {"anyOf": schemas}
