"""
Mizan's operations for drf-spectacular. Its schema comes from the types themselves, never from DRF's fields.
"""

from __future__ import annotations

import re
from typing import Any

from mizan import conf
from mizan.bridge.components import REFERENCE
from mizan.dispatch.endpoints import Endpoint
from mizan.protocol.graph import Target
from mizan.protocol.names import ERRORS_KEY, EXTENSION, ONLY_PARAMETER
from mizan.protocol.signature import Parameter
from mizan.rest.descriptions import Description
from mizan.rest.operations import ALWAYS, ENVELOPES, FAILURE, JSON, WITH_BODY, OperationSchema
from mizan.rest.permissions import auth_level
from mizan.rest.short import is_open


def _targets(targets: tuple[Target, ...]) -> list[dict[str, Any]]:
    return [
        {
            "context": target.context,
            **({"function": target.function} if target.function else {}),
            **({"params": list(target.params)} if target.params else {}),
        }
        for target in targets
    ]


def _extension(endpoint: Endpoint) -> dict[str, Any]:
    """What OpenAPI has no words for; what is as the defaults say is left out."""
    spec = endpoint.spec
    said: dict[str, Any] = {
        "kind": "function",
        "name": spec.name,
        "module": spec.module,
        "transports": list(spec.transports),
        "auth": auth_level(spec.auth),
        "permission": spec.auth if auth_level(spec.auth) == "permission" else None,
        "context": spec.context,
        "affects": _targets(endpoint.affects),
        "merge": _targets(endpoint.merges),
        "raises": sorted(error.code for error in spec.raises),
        "rev": spec.rev,
    }
    kept = {key: value for key, value in said.items() if value not in (None, [], 0)}
    if spec.cache is not True:
        kept["cache"] = spec.cache
    return kept


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
            "summary": spec.doc.splitlines()[0] if spec.doc else "",
            "description": spec.doc,
            "tags": [spec.app],
            "requestBody": self._body(),
            "deprecated": True if spec.deprecated else None,
            "responses": {"200": self._success(), **self._declared()},
            EXTENSION: _extension(self.endpoint),
        }

    def _body(self) -> dict[str, Any] | None:
        if not self.endpoint.signature.parameters:
            return None
        schema = self.as_input(self.description.arguments(self.endpoint))
        media = "multipart/form-data" if _takes_files(self.description, self.endpoint) else JSON
        required = any(parameter.is_required for parameter in self.endpoint.signature.parameters)
        return {"content": {media: {"schema": schema}}, "required": required}

    def _success(self) -> dict[str, Any]:
        properties: dict[str, Any] = {"result": self.complete(self.description.result(self.endpoint))}
        if self.endpoint.affects or self.endpoint.merges:
            stale = self.component("MizanInvalidation", ENVELOPES["MizanInvalidation"])
            properties["invalidate"] = {"type": "array", "items": stale}
            properties["event"] = {"type": "string"}
        if self.endpoint.merges:
            properties["merge"] = {"type": "array", "items": self.component("MizanMerge", ENVELOPES["MizanMerge"])}
        schema = {"type": "object", "properties": properties, "required": ["result"]}
        return {"description": "The function's result.", "content": {JSON: {"schema": schema}}}

    def _declared(self) -> dict[str, Any]:
        failures = self.failures(ALWAYS + (WITH_BODY if self.endpoint.signature.parameters else ()))
        for error in sorted(self.endpoint.spec.raises, key=lambda error: error.code):
            status = str(error.status)
            known = failures.get(status, {}).get("description", "")
            failures[status] = {
                "description": f"{known}\n\n`{error.code}`: {error.message}".strip(),
                "content": {JSON: {"schema": self.component(FAILURE, ENVELOPES[FAILURE])}},
            }
        return dict(sorted(failures.items()))


class ContextSchema(OperationSchema):
    """``GET ctx/<name>/``."""

    def lets_anybody_in(self) -> bool:
        return any(is_open(reader) for reader in self.view.readers.values())

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
            EXTENSION: {
                "kind": "context",
                "name": context.name,
                "functions": [
                    {"name": name, **({"params": list(endpoint.signature.names)} if endpoint.signature.names else {})}
                    for name, endpoint in readers
                ],
            },
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
                **_described(schemas.get(parameter.name, {})),
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


class PageSchema(OperationSchema):
    """A view-path function at its route."""

    def operation(self) -> dict[str, Any]:
        spec = self.view.endpoint.spec
        methods = list(spec.methods or ("GET",))
        return {
            "operationId": spec.name if len(methods) == 1 else f"{spec.name}.{self.method.lower()}",
            "summary": spec.doc.splitlines()[0] if spec.doc else "",
            "description": spec.doc,
            "tags": [spec.app],
            "parameters": self._parameters(),
            "requestBody": self._body(),
            "responses": {
                "200": {"description": "A page.", "content": {"text/html": {"schema": {"type": "string"}}}},
                **self.failures(ALWAYS + (WITH_BODY if self._has_body() else ())),
            },
            EXTENSION: {
                "kind": "view",
                "name": spec.name,
                "module": spec.module,
                "route": spec.route,
                "methods": methods,
                "auth": auth_level(spec.auth),
                **({"affects": _targets(self.view.endpoint.affects)} if self.view.endpoint.affects else {}),
            },
        }

    @property
    def _endpoint(self) -> Endpoint:
        endpoint: Endpoint = self.view.endpoint
        return endpoint

    def _has_body(self) -> bool:
        return self.method != "GET" and bool(self._sent())

    def _in_path(self) -> list[str]:
        return re.findall(r"{(\w+)}", self.path)

    def _sent(self) -> list[Parameter]:
        """The arguments that are not part of the address."""
        return [parameter for parameter in self._endpoint.signature.parameters if parameter.name not in self._in_path()]

    def _parameters(self) -> list[dict[str, Any]]:
        schemas = self.description.argument_schemas(self._endpoint)
        said = [(name, "path", True) for name in self._in_path()]
        if self.method == "GET":
            said += [(parameter.name, "query", parameter.is_required) for parameter in self._sent()]
        return [
            {
                "name": name,
                "in": place,
                "required": is_required,
                "schema": self.as_input(schemas.get(name, {})),
                **_described(schemas.get(name, {})),
            }
            for name, place, is_required in said
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
            if _takes_files(self.description, self._endpoint)
            else ["application/x-www-form-urlencoded", "multipart/form-data", JSON]
        )
        return {"content": {one: {"schema": schema} for one in media}, "required": bool(required)}


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


def _described(schema: dict[str, Any]) -> dict[str, str]:
    return {"description": schema["description"]} if "description" in schema else {}


def _takes_files(description: Description, endpoint: Endpoint) -> bool:
    seen: set[str] = set()

    def any_file(node: Any) -> bool:
        if isinstance(node, list):
            return any(map(any_file, node))
        if not isinstance(node, dict):
            return False
        if node.get("format") == "binary":
            return True
        reference = node.get("$ref")
        if isinstance(reference, str) and reference not in seen:
            seen.add(reference)
            return any_file(description.components.definitions.get(reference.removeprefix(REFERENCE), {}))
        return any(map(any_file, node.values()))

    return any_file(description.arguments(endpoint))
