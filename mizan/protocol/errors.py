"""
Errors of three kinds: what crosses the wire (`MizanError`), what a developer must mend (`Finding`, `ConfigError`), and the
one table of wire codes and HTTP statuses. Turning other exceptions into these is the work of `mizan.dispatch.failures`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from pydantic import BaseModel

from mizan.protocol.casing import upper_snake

STATUS_BY_CODE: Mapping[str, int] = {
    "BAD_REQUEST": 400,
    "CONFLICT": 409,
    "CSRF_FAILED": 403,
    "FORBIDDEN": 403,
    "INTERNAL_ERROR": 500,
    "METHOD_NOT_ALLOWED": 405,
    "NOT_ACCEPTABLE": 406,
    "NOT_FOUND": 404,
    "NOT_IMPLEMENTED": 501,
    "PAYLOAD_TOO_LARGE": 413,
    "TOO_MANY_REQUESTS": 429,
    "UNAUTHORIZED": 401,
    "UNSUPPORTED_MEDIA_TYPE": 415,
    "VALIDATION_ERROR": 422,
}


class MizanError(Exception):
    """
    An error that reaches the caller with its own code, status and details.

    Subclass it for what can go wrong in your functions and name the subclass in ``raises=``; the generated client then
    has a class for it. Unless set, ``code`` is the class's name in upper snake case and ``status`` is 400.

    ::

        class InsufficientFunds(MizanError):
            status = 409
            message = "The balance is too low."

            class Details(BaseModel):
                balance: Decimal
                needed: Decimal

        raise InsufficientFunds(balance=account.balance, needed=amount)

    Args:
        message: Text for the person who reads it, instead of the class's own.
        details: Fields of ``Details``; they are validated by it.

    Raises:
        TypeError: details are given but the class declares no ``Details``.
    """

    code: ClassVar[str] = "BAD_REQUEST"
    status: ClassVar[int] = 400
    message: str = "The request could not be served."
    Details: ClassVar[type[BaseModel] | None] = None

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "code" not in cls.__dict__:
            cls.code = upper_snake(cls.__name__)
        if "status" not in cls.__dict__:
            cls.status = STATUS_BY_CODE.get(cls.code, cls.status)

    def __init__(self, message: str | None = None, /, **details: Any) -> None:
        if message is not None:
            self.message = message
        super().__init__(self.message)
        if details and self.Details is None:
            raise TypeError(f"{type(self).__name__} declares no Details, so it takes no {', '.join(sorted(details))}.")
        self.details = None if self.Details is None else self.Details(**_with_texts(details))

    def wire_details(self) -> dict[str, Any] | None:
        """The ``details`` of the envelope: JSON data, or None."""
        if self.details is None:
            return None
        # A default is not validated, so it may be a lazy text.
        return self.details.model_dump(mode="json", by_alias=True, warnings=not lazy_texts, fallback=str)


lazy_texts: set[type] = set()
"""The types of texts that are translated only when they are read; an adapter adds those of its framework."""


def _with_texts(value: Any) -> Any:
    match value:
        case dict():
            return {_with_texts(key): _with_texts(item) for key, item in value.items()}
        case list() | tuple():
            return [_with_texts(item) for item in value]
        case _:
            return str(value) if isinstance(value, tuple(lazy_texts)) else value


class BadRequest(MizanError):
    """The request as a whole makes no sense; nothing was done."""

    message = "The request is malformed."


class Unauthorized(MizanError):
    """Credentials are needed and were missing or refused."""

    message = "Log in to do this."


class Forbidden(MizanError):
    """The caller is known and may not do this."""

    message = "You do not have permission to do this."


class NotFound(MizanError):
    """There is no such function, context or object; a private one answers the same."""

    message = "Not found."


class Conflict(MizanError):
    """The request is fine, but the current state does not allow it."""

    message = "The current state does not allow this."


class NotImplementedByServer(MizanError):
    """The function exists and has no implementation here."""

    code = "NOT_IMPLEMENTED"
    status = 501
    message = "This is not implemented."


@dataclass(frozen=True, slots=True)
class Finding:
    """
    One thing a developer must mend: *id* (``mizan.E004``), *message* (what and where), *hint* (the line to write instead).
    """

    id: str
    message: str
    hint: str = ""

    @property
    def is_error(self) -> bool:
        return self.id.startswith("mizan.E")

    def __str__(self) -> str:
        hint = "\n".join(f"    {line}".rstrip() for line in f"HINT: {self.hint}".splitlines())
        return f"{self.message} ({self.id})" + (f"\n{hint}" if self.hint else "")


class ConfigError(Exception):
    """
    The project cannot be served as it is declared. ``manage.py check`` lists the same findings.
    """

    def __init__(self, *findings: Finding) -> None:
        super().__init__("\n".join(map(str, findings)))
        self.findings = findings


E_NO_RETURN_TYPE = "mizan.E001"
E_UNSERVABLE_TYPE = "mizan.E002"
E_DUPLICATE_FUNCTION = "mizan.E003"
E_UNKNOWN_AFFECTS = "mizan.E004"
E_DUPLICATE_MODEL = "mizan.E005"
E_CONTEXT_PARAMETER = "mizan.E006"
E_NAME = "mizan.E007"
E_AUTH = "mizan.E008"
E_SIGNATURE = "mizan.E009"
E_ROUTE = "mizan.E010"
E_OPTIONS = "mizan.E011"
E_MERGE = "mizan.E012"
E_RAISES = "mizan.E013"
E_THROTTLE = "mizan.E014"
E_SECRET = "mizan.E015"  # noqa: S105 - the id of a check
E_CACHE = "mizan.E016"
E_WATCH = "mizan.E017"
E_SHARED_SECRET = "mizan.E018"  # noqa: S105 - as above
E_DECORATED = "mizan.E019"
E_METHOD = "mizan.E020"
E_CLIENT_NAME = "mizan.E021"
E_GLOBAL_PARAMETER = "mizan.E022"
E_NOT_INSTALLED = "mizan.E023"
W_OPEN = "mizan.W001"
W_NOT_MOUNTED = "mizan.W002"
W_ROUTES_NOT_MOUNTED = "mizan.W003"
W_MIDDLEWARE = "mizan.W004"
W_LOCAL_CACHE = "mizan.W005"
W_WEAK_SECRET = "mizan.W006"  # noqa: S105 - as above
W_DEFAULT = "mizan.W007"
W_NULL = "mizan.W008"
W_SYNC_WRAPPER = "mizan.W009"
W_PROXIES = "mizan.W010"
W_MADE_DEFAULT = "mizan.W011"
