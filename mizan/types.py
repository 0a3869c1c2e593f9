"""
Annotations for what Python's own types do not say. Framework-free: models may be declared without Django.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

__all__ = ["BigInt", "Upload"]

BIG_INTEGER_MARK = "mizan_big_integer"


class _BigIntegerText:
    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        number: dict[str, Any] = dict(handler(source))
        number["metadata"] = {**number.get("metadata", {}), BIG_INTEGER_MARK: True}
        number["serialization"] = core_schema.to_string_ser_schema(when_used="json")
        return number

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        bounds = {f"x-{name}": str(value) for name, value in handler(schema).items() if name.endswith("imum")}
        return {"type": "string", "format": "bigint", **bounds}


class _UploadedFile:
    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(_require_file)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"type": "string", "format": "binary"}


def _require_file(value: Any) -> Any:
    if hasattr(value, "read") and hasattr(value, "name"):
        return value
    raise PydanticCustomError("file_type", "Send a file, as a part of multipart/form-data")


BigInt = Annotated[int, _BigIntegerText()]
"""An ``int`` of any size: a string on the wire, because JavaScript's numbers are exact only up to 2**53 - 1."""

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile as Upload
else:
    Upload = Annotated[Any, _UploadedFile()]
    """A file that the client sends; Django's ``UploadedFile`` in Python, a ``Blob`` in TypeScript."""
