"""
What leaves as JSON. A body that pydantic-core wrote goes out as it is.
"""

from __future__ import annotations

import json
from typing import Any

from rest_framework.renderers import JSONRenderer


class Written(bytes):
    """A body that is JSON already."""

    __slots__ = ()


class WrittenJSONRenderer(JSONRenderer):
    """DRF's JSON, with `Written` bodies passed through (and indented where the client asked for that)."""

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        if not isinstance(data, Written):
            return super().render(data, accepted_media_type, renderer_context)
        indent = self.get_indent(accepted_media_type or "", renderer_context or {})
        return data if indent is None else indented(data, indent)


def indented(written: bytes, indent: int = 4) -> bytes:
    """The same JSON for people to read."""
    return json.dumps(json.loads(written), indent=indent, ensure_ascii=False).encode()
