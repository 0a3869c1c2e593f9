"""
The operation of a function: ``POST call/<name>/``.
"""

from __future__ import annotations

from typing import Any

from mizan.drf.permissions import auth_level
from mizan.openapi.envelopes import ALWAYS, ENVELOPES, FAILURE, FAILURES, JSON, NULL, WITH_BODY
from mizan.openapi.extension import function_extension
from mizan.openapi.operations import OperationSchema, texts
from mizan.protocol.casing import pascal
from mizan.protocol.names import EXTENSION
from mizan.service.endpoints import Endpoint


class FunctionSchema(OperationSchema):
    """``POST call/<name>/``."""

    @property
    def endpoint(self) -> Endpoint:
        endpoint: Endpoint = self.view.endpoint
        return endpoint

    def operation(self) -> dict[str, Any]:
        spec = self.endpoint.spec
        return {
            "operationId": spec.name,
            **texts(spec),
            "tags": [spec.app],
            "requestBody": self._body(),
            "deprecated": True if spec.deprecated else None,
            "responses": {"200": self._success(), **self._declared()},
            EXTENSION: function_extension(
                spec,
                auth_level=auth_level(spec.auth),
                affects=self.endpoint.affects,
                merges=self.endpoint.merges,
            ),
        }

    def _body(self) -> dict[str, Any] | None:
        if not self.endpoint.signature.parameters:
            return None
        schema = self.as_input(self.description.arguments(self.endpoint))
        media = "multipart/form-data" if self.description.takes_files(self.endpoint) else JSON
        required = any(parameter.is_required for parameter in self.endpoint.signature.parameters)
        return {"content": {media: {"schema": schema}}, "required": required}

    def _success(self) -> dict[str, Any]:
        result = self.description.result(self.endpoint)
        properties: dict[str, Any] = {"result": NULL if result == {"type": "null"} else result}
        if self.endpoint.affects or self.endpoint.merges:
            stale = self.component("MizanInvalidation", ENVELOPES["MizanInvalidation"])
            properties["invalidate"] = {"type": "array", "items": stale}
            properties["event"] = {"type": "string"}
        if self.endpoint.merges:
            properties["merge"] = {"type": "array", "items": self.component("MizanMerge", ENVELOPES["MizanMerge"])}
        schema = {"type": "object", "properties": properties, "required": ["result"], EXTENSION: {"kind": "envelope"}}
        schema = self.own_component(f"{pascal(self.endpoint.name)}Result", schema)
        return {"description": "The function's result.", "content": {JSON: {"schema": schema}}}

    def _declared(self) -> dict[str, Any]:
        failures = self.failures(ALWAYS + (WITH_BODY if self.endpoint.signature.parameters else ()))
        for error in sorted(self.endpoint.spec.raises, key=lambda error: error.code):
            status = str(error.status)
            usual = FAILURES[status][1] if status in failures and status in FAILURES else ""
            known = failures.get(status, {}).get("description", usual)
            failures[status] = {
                "description": f"{known}\n\n`{error.code}`: {error.message}".strip(),
                "content": {JSON: {"schema": self.component(FAILURE, ENVELOPES[FAILURE])}},
            }
        return dict(sorted(failures.items()))
