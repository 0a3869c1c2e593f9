"""
The operation of a context: ``GET ctx/<name>/``.
"""

from __future__ import annotations

from typing import Any

from mizan.dispatch.gates import gate_of
from mizan.openapi.envelopes import ALWAYS, ENVELOPES, FAILURE, JSON
from mizan.openapi.extension import context_extension
from mizan.openapi.operations import OperationSchema, described
from mizan.protocol.names import ERRORS_KEY, EXTENSION, ONLY_PARAMETER


class ContextSchema(OperationSchema):
    """``GET ctx/<name>/``."""

    def lets_anybody_in(self) -> bool:
        return any(gate_of(reader).is_open for reader in self.view.context.readers.values())

    def operation(self) -> dict[str, Any]:
        context = self.view.context
        readers = [(name, endpoint) for name, endpoint in context.readers.items()]
        return {
            "operationId": f"ctx.{context.name}",
            "summary": f"Every function of the context {context.name}",
            "description": f"Every function of the context `{context.name}` in one request.",
            "tags": sorted({endpoint.spec.app for _, endpoint in readers}),
            "parameters": [*self._parameters(), self._only()],
            "responses": {"200": self._success(), **self.failures(ALWAYS)},
            EXTENSION: context_extension(context.name, {name: endpoint.parameter_names for name, endpoint in readers}),
        }

    def _parameters(self) -> list[dict[str, Any]]:
        schemas: dict[str, Any] = {}
        for endpoint in self.view.context.readers.values():
            schemas = {**self.description.argument_schemas(endpoint), **schemas}
        return [
            {
                "name": parameter.name,
                "in": "query",
                "required": parameter.is_required,
                "schema": self.as_input(schemas.get(parameter.name, {})),
                **described(schemas.get(parameter.name, {})),
            }
            for parameter in self.view.context.group.parameters
        ]

    def _only(self) -> dict[str, Any]:
        return {
            "name": ONLY_PARAMETER,
            "in": "query",
            "required": False,
            "description": "Only these functions, separated by commas.",
            "style": "form",
            "explode": False,
            "schema": {
                "type": "array",
                "items": {"type": "string", "enum": list(self.view.context.readers)},
                "minItems": 1,
                "uniqueItems": True,
            },
            EXTENSION: {"kind": "only"},
        }

    def _success(self) -> dict[str, Any]:
        readers = self.view.context.readers
        properties = {name: self.complete(self.description.result(readers[name])) for name in readers}
        failure = self.component(FAILURE, ENVELOPES[FAILURE])
        properties[ERRORS_KEY] = {"type": "object", "additionalProperties": failure}
        schema = {"type": "object", "properties": properties}
        return {"description": "The result of each function, by its name.", "content": {JSON: {"schema": schema}}}
