"""
What keeps a function's signature from being served. Reading the signature itself is `signature`'s work.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator

from pydantic.fields import FieldInfo

from mizan.protocol.errors import E_NO_RETURN_TYPE, E_SIGNATURE, E_UNSERVABLE_TYPE, W_SYNC_WRAPPER, Finding
from mizan.protocol.shown_types import shown_parameter
from mizan.protocol.signature import MISSING, Parameter, Signature
from mizan.protocol.specs import FunctionSpec


def unreadable_hints(spec: FunctionSpec, error: Exception) -> Finding:
    """Reading the type hints of *spec* raised *error*."""
    return Finding(
        E_UNSERVABLE_TYPE,
        f"The type hints of {spec.located} cannot be read: {error}.",
        "Import the type at the top of the module, not only under TYPE_CHECKING.",
    )


def signature_findings(spec: FunctionSpec, signature: Signature) -> Iterator[Finding]:
    """What is wrong with the parameters and the return type of one function."""
    for problem in signature.problems:
        yield Finding(
            E_SIGNATURE,
            f"{spec.located} cannot be called by a client: {problem}.",
            f"Write def {spec.function.__name__}(request, text: str) -> …: the request, then named, typed arguments.",
        )
    for parameter in signature.parameters:
        yield from _parameter_findings(spec, parameter)
    if signature.returns is MISSING and not spec.is_view:
        yield Finding(
            E_NO_RETURN_TYPE,
            f"{spec.located} has no return type, so its result cannot be described.",
            f"Write def {spec.function.__name__}(request, …) -> ResultType: (or -> None).",
        )
    if not spec.is_async and inspect.iscoroutinefunction(inspect.unwrap(spec.function)):
        yield Finding(
            W_SYNC_WRAPPER,
            f"{spec.located} is async def, but the decorator below its @client made a plain function of it: unless that "
            "one runs it, callers get a coroutine, which is no result.",
            "Write the decorator's inner function as async def, and await the function in it.",
        )


def _parameter_findings(spec: FunctionSpec, parameter: Parameter) -> Iterator[Finding]:
    if isinstance(parameter.default, FieldInfo):
        yield Finding(
            E_SIGNATURE,
            f"The default of the parameter {parameter.name!r} of {spec.located} is a pydantic Field, which would "
            "be handed to the function as it is.",
            f"Write {shown_parameter(parameter)}.",
        )
    if parameter.annotation is MISSING:
        yield Finding(
            E_UNSERVABLE_TYPE,
            f"The parameter {parameter.name!r} of {spec.located} has no type.",
            f"Write its type: {parameter.name}: str",
        )
