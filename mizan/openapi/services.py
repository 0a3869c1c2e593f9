"""
The operations of Mizan's own views: ``session/`` and ``token/``.
"""

from __future__ import annotations

from typing import Any

from mizan import conf
from mizan.openapi.envelopes import JSON
from mizan.openapi.operations import OperationSchema
from mizan.protocol.names import EXTENSION


class SessionSchema(OperationSchema):
    """``GET session/``."""

    def operation(self) -> dict[str, Any]:
        schema = {"type": "object", "properties": {"csrfToken": {"type": "string"}}, "required": ["csrfToken"]}
        return {
            "operationId": "session",
            "summary": "The CSRF token",
            "description": "The CSRF token to send as `X-CSRFToken`, and its cookie.",
            "tags": ["mizan"],
            "responses": {"200": {"description": "The token.", "content": {JSON: {"schema": schema}}}},
            EXTENSION: {"kind": "service"},
        }


class TokenSchema(OperationSchema):
    """``POST token/``, where the project issues tokens."""

    def is_excluded(self) -> bool:
        return not conf.get("MIZAN_MWT_SECRET")

    def operation(self) -> dict[str, Any]:
        properties = {"token": {"type": "string"}, "expires_in": {"type": "integer"}}
        schema = {"type": "object", "properties": properties, "required": ["token", "expires_in"]}
        return {
            "operationId": "token",
            "summary": "A Mizan Web Token",
            "description": "A token for the session's user, to send as `X-Mizan-Token`; `expires_in` in seconds.",
            "tags": ["mizan"],
            "responses": {
                "200": {"description": "The token.", "content": {JSON: {"schema": schema}}},
                **self.failures(("401", "403", "500")),
            },
            EXTENSION: {"kind": "service"},
        }
