"""
The operations of a view function: each of its methods at its ``route=``.
"""

from __future__ import annotations

from typing import Any

from mizan.drf.permissions import auth_level
from mizan.openapi.envelopes import ALWAYS, JSON, WITH_BODY
from mizan.openapi.extension import view_extension
from mizan.openapi.operations import OperationSchema, described, texts
from mizan.protocol.names import EXTENSION
from mizan.protocol.signature import Parameter
from mizan.service.endpoints import Endpoint


class ViewFunctionSchema(OperationSchema):
    """A view function at its route."""

    def operation(self) -> dict[str, Any]:
        spec = self.view.endpoint.spec
        methods = list(spec.methods or ("GET",))
        return {
            "operationId": spec.name if len(methods) == 1 else f"{spec.name}.{self.method.lower()}",
            **texts(spec),
            "tags": [spec.app],
            "parameters": self._parameters(),
            "requestBody": self._body(),
            "responses": {
                "200": {"description": "A page.", "content": {"text/html": {"schema": {"type": "string"}}}},
                **self.failures(ALWAYS + (WITH_BODY if self._has_body() else ())),
            },
            EXTENSION: view_extension(spec, auth_level=auth_level(spec.auth), affects=self.view.endpoint.affects),
        }

    @property
    def _endpoint(self) -> Endpoint:
        endpoint: Endpoint = self.view.endpoint
        return endpoint

    def _has_body(self) -> bool:
        return self.method != "GET" and bool(self._sent())

    def _in_path(self) -> list[str]:
        return [name for name in self.path_names() if name in self._endpoint.parameter_names]

    def _sent(self) -> list[Parameter]:
        """The arguments that are not part of the address."""
        return [parameter for parameter in self._endpoint.signature.parameters if parameter.name not in self._in_path()]

    def _parameters(self) -> list[dict[str, Any]]:
        schemas = self.description.argument_schemas(self._endpoint)
        parameters = [(name, "path", True) for name in self._in_path()]
        if self.method == "GET":
            parameters += [(parameter.name, "query", parameter.is_required) for parameter in self._sent()]
        return [
            {
                "name": name,
                "in": location,
                "required": is_required,
                "schema": self.as_input(schemas.get(name, {})),
                **described(schemas.get(name, {})),
            }
            for name, location, is_required in parameters
        ]

    def _body(self) -> dict[str, Any] | None:
        if not self._has_body():
            return None
        schemas = self.description.argument_schemas(self._endpoint)
        required = [parameter.name for parameter in self._sent() if parameter.is_required]
        properties = {parameter.name: self.as_input(schemas.get(parameter.name, {})) for parameter in self._sent()}
        schema = {"type": "object", "properties": properties, **({"required": required} if required else {})}
        media = (
            ["multipart/form-data"]
            if self.description.takes_files(self._endpoint)
            else ["application/x-www-form-urlencoded", "multipart/form-data", JSON]
        )
        return {"content": {one: {"schema": schema} for one in media}, "required": bool(required)}
