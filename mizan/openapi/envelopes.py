"""
The bodies that operations share, as components, and what every failure status means. Shapes only; no framework.
"""

from __future__ import annotations

from typing import Any

from mizan.protocol.names import EXTENSION
from mizan.protocol.references import reference_to

FAILURE = "MizanFailure"
JSON = "application/json"

ENVELOPES: dict[str, dict[str, Any]] = {
    FAILURE: {
        "type": "object",
        "description": "The body of every failure.",
        "properties": {
            "error": {"const": True, "type": "boolean"},
            "code": {"type": "string"},
            "message": {"type": "string"},
            "details": {"type": "object", "additionalProperties": True},
        },
        "required": ["error", "code", "message"],
        EXTENSION: {"kind": "envelope"},
    },
    "MizanInvalidation": {
        "description": "A stale context: its name, or the instances with these parameters, or one function's slot.",
        "anyOf": [
            {"type": "string"},
            reference_to("MizanInvalidatedInstances"),
        ],
        EXTENSION: {"kind": "envelope"},
    },
    "MizanInvalidatedInstances": {
        "type": "object",
        "description": "The instances of a context with these parameters, or one function's slot in them.",
        "properties": {
            "context": {"type": "string"},
            "function": {"type": "string"},
            "params": {"type": "object", "additionalProperties": True},
        },
        "required": ["context"],
        EXTENSION: {"kind": "envelope"},
    },
    "MizanMerge": {
        "type": "object",
        "description": "A value that replaces one function's slot in a context.",
        "properties": {
            "context": {"type": "string"},
            "function": {"type": "string"},
            "params": {"type": "object", "additionalProperties": True},
            "value": {},
        },
        "required": ["context", "function", "value"],
        EXTENSION: {"kind": "envelope"},
    },
}

NULL = {"const": None}
"""The result of a function that returns nothing; code generators stumble over ``{"type": "null"}``."""

FAILURES = {
    "400": ("BadRequest", "The request is malformed (`BAD_REQUEST`)."),
    "401": ("Unauthorized", "Credentials are needed, or were refused (`UNAUTHORIZED`)."),
    "403": ("Forbidden", "Not permitted (`FORBIDDEN`), or the CSRF token is missing or wrong (`CSRF_FAILED`)."),
    "404": ("NotFound", "No such object (`NOT_FOUND`)."),
    "413": ("PayloadTooLarge", "Larger than the server takes (`PAYLOAD_TOO_LARGE`)."),
    "415": ("UnsupportedMediaType", "Neither JSON nor a form (`UNSUPPORTED_MEDIA_TYPE`)."),
    "422": ("ValidationError", "The input is not valid (`VALIDATION_ERROR`); `details.fields` says where."),
    "429": ("TooManyRequests", "Too many requests (`TOO_MANY_REQUESTS`); `details.retry_after` in seconds."),
    "500": ("InternalError", "The server failed (`INTERNAL_ERROR`); `details.error_id` is in its log."),
}
ALWAYS = ("400", "401", "403", "404", "422", "429", "500")
WITH_BODY = ("413", "415")
