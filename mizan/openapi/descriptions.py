"""
The types of a whole service as components, described in one pass, and findings for those that cannot be served.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http.response import HttpResponseBase
from pydantic.fields import FieldInfo
from pydantic_core import ValidationError

from mizan.openapi.model_classes import class_for, class_name, models_in
from mizan.protocol.errors import E_RAISES, E_UNSERVABLE_TYPE, W_DEFAULT, Finding, MizanError
from mizan.protocol.references import resolved, used_schemas
from mizan.protocol.shown_types import shown_type
from mizan.protocol.signature import MISSING, Parameter
from mizan.service.current import Service
from mizan.service.endpoints import Endpoint
from mizan.wire.components import UNDESCRIBABLE, Components, Entry, Mode, build_components
from mizan.wire.types import WireType

_RESULT = "The result"


@dataclass(frozen=True, slots=True)
class Description:
    """
    Components of every function and declared error of a service.
    """

    components: Components
    findings: tuple[Finding, ...]

    def arguments(self, endpoint: Endpoint) -> dict[str, Any]:
        """The schema of the arguments: a reference to ``EchoArgs``."""
        return self.components.schemas[f"{endpoint.name} arguments", "validation"]

    def argument_schemas(self, endpoint: Endpoint) -> dict[str, Any]:
        """The schema of each argument, by its name."""
        schema = resolved(self.arguments(endpoint), self.components.definitions)
        properties: dict[str, Any] = schema.get("properties", {})
        return properties

    def takes_files(self, endpoint: Endpoint) -> bool:
        """Whether a file can be sent in one of the arguments, or in a part of one."""
        used = used_schemas(self.arguments(endpoint), self.components.definitions)
        return any(schema.get("format") == "binary" for schema in used)

    def result(self, endpoint: Endpoint) -> dict[str, Any]:
        return self.components.schemas[f"{endpoint.name} result", "serialization"]

    def details(self, error: type[MizanError]) -> dict[str, Any] | None:
        """The schema of an error's ``details``, or None."""
        return self.components.schemas.get((f"{error.code} details", "serialization"))


def describe(service: Service) -> Description:
    """The description of *service*, made once."""
    return service.derive(_describe)


def _describe(service: Service) -> Description:
    findings: list[Finding] = []
    entries: list[Entry] = []
    for endpoint in (*service.functions.values(), *service.view_functions.values()):
        entries += _function_entries(endpoint, findings)
    names: dict[type, str] = {}
    for error in service.graph.errors.values():
        if error.Details is not None:
            entries += _details_entries(error, error.Details, names, findings)
    components = build_components(entries, names)
    return Description(components, (*findings, *components.findings))


def _function_entries(endpoint: Endpoint, findings: list[Finding]) -> Iterator[Entry]:
    """The arguments and the result, or findings that say which of the annotations cannot be served."""
    broken = False
    for parameter in endpoint.signature.parameters:
        if parameter.annotation is MISSING:
            broken = True  # the graph has a finding for it
        else:
            wire = WireType(parameter.annotation)
            problem = _problem(wire, "validation")
            if problem:
                broken = True
                findings.append(_finding(f"The parameter {parameter.name!r}", endpoint, parameter.annotation, problem))
            elif isinstance(parameter.default, FieldInfo):
                broken = True  # the graph has a finding for it
            elif not _fits(wire, parameter.default):
                findings.append(_default_finding(parameter, endpoint))
    if not broken:
        yield Entry(f"{endpoint.name} arguments", "validation", endpoint.arguments.core)
    if endpoint.signature.returns is not MISSING and not endpoint.spec.is_view:
        problem = _problem(endpoint.result, "serialization")
        if problem:
            findings.append(_finding(_RESULT, endpoint, endpoint.signature.returns, problem))
        else:
            yield Entry(f"{endpoint.name} result", "serialization", endpoint.result.core)


def _details_entries(
    error: type[MizanError], details: type[Any], names: dict[type, str], findings: list[Finding]
) -> Iterator[Entry]:
    """The details of a declared error, under a name that says whose they are."""
    wire = WireType(details)
    problem = _problem(wire, "serialization")
    if problem:
        what = f"The Details of the error {shown_type(error)} cannot be sent: {problem}"
        findings.append(Finding(E_RAISES, what, "Write class Details(BaseModel): with fields of Python's plain types."))
    else:
        names[details] = f"{error.__name__}Details"
        yield Entry(f"{error.code} details", "serialization", wire.core)


def _problem(wire: WireType, mode: Mode) -> str:
    try:
        build_components([Entry("probe", mode, wire.core)])
        _ = wire.input if mode == "validation" else wire.serializer
    except UNDESCRIBABLE as error:
        # Pydantic's advice after this would lead away from what the wire needs.
        return str(error).splitlines()[0].partition(" Set `")[0]
    except Exception as error:  # whatever the type's own code raises
        return f"its own code raises {type(error).__name__}: {error}"
    return ""


def _fits(wire: WireType, default: Any) -> bool:
    """Whether *default* is a value of the type. Nobody validates it: the function gets it as it is."""
    if default is MISSING or wire.needs_thread:
        return True
    try:
        return bool(wire.input.validate_python(default) == default)
    except ValidationError:
        return False
    except Exception:  # the type has a validator of its own, written for what clients send
        return True


def _default_finding(parameter: Parameter, endpoint: Endpoint) -> Finding:
    kind = shown_type(parameter.annotation)
    hint = f"Write {parameter.name}: {kind} | None = None" if parameter.default is None else f"Write a value of {kind}."
    message = f"The default {parameter.default!r} of the parameter {parameter.name!r} of {endpoint.spec.located} is no {kind}."
    return Finding(W_DEFAULT, message, hint)


def _finding(what: str, endpoint: Endpoint, annotation: Any, problem: str) -> Finding:
    models = list(models_in(annotation))
    if models:
        return _model_finding(what, endpoint, annotation, models[0])
    hint = "Use a pydantic model, a dataclass, a TypedDict, a DRF serializer or one of Python's plain types."
    if isinstance(annotation, type) and issubclass(annotation, HttpResponseBase):
        hint = f'Write @client(route="/…/") above {endpoint.spec.function.__name__}: a view function may return a response.'
    if "typing_extensions.TypedDict" in problem:
        hint = "Write from typing_extensions import TypedDict: before Python 3.12 typing's own says too little."
    return Finding(
        E_UNSERVABLE_TYPE,
        f"{what} of {endpoint.spec.located} cannot be served as {shown_type(annotation)}: {problem}",
        hint,
    )


def _model_finding(what: str, endpoint: Endpoint, annotation: Any, model: type[Any]) -> Finding:
    """A Django model where a class with the fields belongs: the commonest mistake of all."""
    is_input = what != _RESULT
    name = class_name(model, is_input=is_input)
    written = shown_type(annotation).replace(f"{model.__module__}.{model.__qualname__}", model.__name__)
    use = f"def {endpoint.spec.function.__name__}(request, …"
    kind = re.sub(rf"\b{model.__name__}\b", name, written)
    if is_input:
        argument = what.split("'")[1]
        use += f", {argument}: {kind}) -> …:"
    else:
        use += f") -> {kind}:  # what it returns may stay a {model.__name__}"
    return Finding(
        E_UNSERVABLE_TYPE,
        f"{what} of {endpoint.spec.located} cannot be served as {written}: {model.__name__} is a Django model, which does "
        "not say which of its fields clients may have.",
        "Write them down, in a pydantic model as here or in a DRF serializer, without those that are nobody's business:\n"
        f"\n{class_for(model, is_input=is_input)}\n\n{use}",
    )
