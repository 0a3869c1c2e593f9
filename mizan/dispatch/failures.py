"""
The one mapping from exceptions to the failure that a client sees, with its side effects.
"""

from __future__ import annotations

import logging
import math
import uuid
from dataclasses import dataclass, field, replace
from typing import Any

from django.core.exceptions import (
    ObjectDoesNotExist,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
    ValidationError,
)
from django.core.signals import got_request_exception
from django.db import DataError, IntegrityError
from django.http import Http404, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from pydantic_core import PydanticSerializationError, to_json
from rest_framework import exceptions as drf

from mizan.drf.authentication import authentication_classes
from mizan.drf.errors import flatten
from mizan.protocol.envelope import failure
from mizan.protocol.errors import STATUS_BY_CODE, Forbidden, MizanError, NotFound, Unauthorized
from mizan.wire.problems import NON_FIELD, InvalidInput, MalformedInput, bounded, grouped

logger = logging.getLogger("mizan")

_CODE_BY_STATUS = {
    400: "BAD_REQUEST",
    401: "UNAUTHORIZED",
    403: "FORBIDDEN",
    404: "NOT_FOUND",
    405: "METHOD_NOT_ALLOWED",
    406: "NOT_ACCEPTABLE",
    409: "CONFLICT",
    413: "PAYLOAD_TOO_LARGE",
    415: "UNSUPPORTED_MEDIA_TYPE",
    422: "VALIDATION_ERROR",
    429: "TOO_MANY_REQUESTS",
    501: "NOT_IMPLEMENTED",
}

INTERNAL_ERROR = "INTERNAL_ERROR"
INVALID_INPUT = "The input is not valid."


class CsrfFailed(drf.PermissionDenied):
    """The CSRF token is missing, wrong or rotated: the client fetches ``session/`` and tries once more."""

    default_code = "csrf_failed"


@dataclass(frozen=True, slots=True)
class Failure:
    """
    What went wrong, for a client: the wire's *code* and *message*, the HTTP *status*, *details* as JSON data.
    """

    code: str
    message: str
    status: int
    details: dict[str, Any] | None = None
    headers: dict[str, str] = field(default_factory=dict)

    def body(self) -> dict[str, Any]:
        """The failure envelope."""
        return failure(self.code, self.message, self.details)


def failure_of(error: Exception, *, where: str, request: Any = None) -> Failure:
    """
    What a client sees of *error*, and what belongs to that: the log, Django's signal, the challenge of a 401.

    An exception that no client is meant to see becomes ``INTERNAL_ERROR``. It is logged once, with the id that the client gets,
    and sent as ``got_request_exception``.

    Args:
        where: The function or route being served, for the log.
        request: DRF's request, where there is one.
    """
    if isinstance(error, drf.NotAuthenticated | drf.AuthenticationFailed) and request is not None:
        vars(error)["auth_header"] = _challenge(request)  # where DRF puts it
    known = _expected(error)
    if known is not None:
        return _writable(known)
    error_id = uuid.uuid4().hex
    logger.error("Internal error %s in %s", error_id, where, exc_info=error)
    if request is not None:
        got_request_exception.send(sender=None, request=getattr(request, "_request", request))
    status = error.status_code if isinstance(error, drf.APIException) else 500
    return Failure(INTERNAL_ERROR, "Something went wrong on the server.", status, {"error_id": error_id})


def _challenge(request: Any) -> str | None:
    """What the first authentication class says in ``WWW-Authenticate``, also where a test has forced a user."""
    authenticators = [one for one in getattr(request, "authenticators", ()) if hasattr(one, "authenticate_header")]
    header: str | None = (authenticators or [authentication_classes()[0]()])[0].authenticate_header(request)
    return header


def _writable(failure: Failure) -> Failure:
    """*failure* with a question mark for each half of a surrogate pair: a message about a bad text may quote it."""
    try:
        to_json([failure.message, failure.details])
    except (UnicodeEncodeError, PydanticSerializationError):
        return replace(
            failure, message=_without_surrogates(failure.message), details=_without_surrogates(failure.details)
        )
    return failure


def _without_surrogates(value: Any) -> Any:
    match value:
        case str():
            return value.encode("utf-8", "replace").decode()
        case dict():
            return {_without_surrogates(key): _without_surrogates(item) for key, item in value.items()}
        case list() | tuple():
            return [_without_surrogates(item) for item in value]
        case _:
            return value


def _expected(error: Exception) -> Failure | None:
    if isinstance(error, MizanError):
        return Failure(error.code, str(error.message), error.status, error.wire_details())
    if isinstance(error, InvalidInput):
        return invalid(error.fields)
    if isinstance(error, MalformedInput):
        return _plain("BAD_REQUEST", str(error))
    if isinstance(error, drf.APIException):
        return _from_drf(error)
    if isinstance(error, ValidationError):
        return invalid(_django_fields(error))
    return _from_django(error)


def _plain(code: str, message: str) -> Failure:
    return Failure(code, message, STATUS_BY_CODE[code])


def invalid(fields: dict[str, list[str]]) -> Failure:
    """``VALIDATION_ERROR`` with messages by path."""
    return Failure("VALIDATION_ERROR", INVALID_INPUT, 422, {"fields": fields})


def _from_drf(error: drf.APIException) -> Failure | None:
    if isinstance(error, drf.ValidationError):
        return invalid(grouped(flatten(error.detail)))
    if isinstance(error, CsrfFailed):
        return _plain("CSRF_FAILED", str(error.detail))
    if isinstance(error, drf.Throttled):
        seconds = getattr(error, "wait", None)
        wait = 1 if seconds is None else math.ceil(seconds)
        return Failure(
            "TOO_MANY_REQUESTS",
            f"Too many requests. Try again in {wait} s.",
            429,
            {"retry_after": wait},
            {"Retry-After": str(wait)},
        )
    if isinstance(error, drf.NotFound):
        return _plain("NOT_FOUND", NotFound.message)
    if error.status_code >= 500:
        return None
    if isinstance(error.detail, dict | list):
        fields = grouped(flatten(error.detail))
        message = "; ".join(text for messages in fields.values() for text in messages)
        code = _CODE_BY_STATUS.get(error.status_code, "BAD_REQUEST")
        return Failure(code, message, error.status_code, {"fields": fields})
    code = _CODE_BY_STATUS.get(error.status_code, "BAD_REQUEST")
    auth_header = getattr(error, "auth_header", None)
    headers = {"WWW-Authenticate": auth_header} if auth_header else {}
    if isinstance(error, drf.NotAuthenticated):
        return Failure(code, Unauthorized.message, error.status_code, None, headers)
    return Failure(code, str(error.detail), error.status_code, None, headers)


def _from_django(error: Exception) -> Failure | None:
    match error:
        case Http404() | ObjectDoesNotExist():
            return _plain("NOT_FOUND", NotFound.message)
        case PermissionDenied():
            return _plain("FORBIDDEN", str(error) or Forbidden.message)
        case RequestDataTooBig() | TooManyFilesSent() | TooManyFieldsSent():
            return _plain("PAYLOAD_TOO_LARGE", "The request is larger than this server takes.")
        case SuspiciousOperation() | UnreadablePostError() | MultiPartParserError():
            return _plain("BAD_REQUEST", "The request is malformed.")
        case IntegrityError():
            # Mostly a name that is taken. Where it is the function's own fault, the log has the traceback.
            logger.warning("The database refused a change", exc_info=error)
            return _plain("CONFLICT", "This clashes with what is stored already.")
        case DataError():
            # The database refuses a value that the declared types let through: too long, or out of its range.
            logger.warning("The database refused a value", exc_info=error)
            return invalid({NON_FIELD: ["A value is too large or too long to be stored."]})
        case _:
            return None


def _django_fields(error: ValidationError) -> dict[str, list[str]]:
    if hasattr(error, "error_dict"):
        named = {NON_FIELD if name == "__all__" else name: messages for name, messages in error.message_dict.items()}
        return bounded(named)
    return bounded({NON_FIELD: error.messages})
