"""
Failures: whatever is raised, one shape is sent.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from pydantic import BaseModel
from rest_framework import exceptions, serializers

from mizan.client import Conflict, MizanError, NotFound, client
from tests.api import Api, code_of
from tests.things.models import Thing


class OutOfStock(MizanError):
    """Nothing left."""

    status = 409
    message = "Sold out."

    class Details(BaseModel):
        remaining: Decimal


class Unreadable(MizanError):
    class Details(BaseModel):
        asked: list[str]


class Unavailable(exceptions.APIException):
    status_code = 503


class Unprocessable(exceptions.APIException):
    status_code = 422
    default_detail = {"a": ["Wrong."]}


@pytest.mark.parametrize(
    ("error", "status", "code", "details"),
    [
        (OutOfStock(remaining=Decimal("0.50")), 409, "OUT_OF_STOCK", {"remaining": "0.50"}),
        (NotFound("No such thing."), 404, "NOT_FOUND", None),
        (Conflict(), 409, "CONFLICT", None),
        (Http404("secret"), 404, "NOT_FOUND", None),
        (Thing.DoesNotExist("secret"), 404, "NOT_FOUND", None),
        (PermissionError("secret"), 500, "INTERNAL_ERROR", "id"),
        (
            ValidationError({"name": ["Too fast_path."]}),
            422,
            "VALIDATION_ERROR",
            {"fields": {"name": ["Too fast_path."]}},
        ),
        (ValidationError("No."), 422, "VALIDATION_ERROR", {"fields": {"": ["No."]}}),
        (serializers.ValidationError({"a": [{"b": ["x"]}]}), 422, "VALIDATION_ERROR", {"fields": {"a.0.b": ["x"]}}),
        (NotImplementedError("secret"), 500, "INTERNAL_ERROR", "id"),
        (UnicodeDecodeError("utf-8", b"secret", 0, 1, "x"), 500, "INTERNAL_ERROR", "id"),
        (exceptions.APIException("secret"), 500, "INTERNAL_ERROR", "id"),
        (Unavailable("secret"), 503, "INTERNAL_ERROR", "id"),
        (Unprocessable(), 422, "VALIDATION_ERROR", {"fields": {"a": ["Wrong."]}}),
        (serializers.ValidationError("half \ud800"), 422, "VALIDATION_ERROR", {"fields": {"": ["half ?"]}}),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else None,
)
def test_what_a_function_raises_becomes_one_shape(
    api: Api, error: Exception, status: int, code: str, details: Any
) -> None:
    """Its own errors whole, everybody's known ones by code, the rest as an id."""

    @client(auth=False)
    def fail(request: Any) -> None:
        raise error

    api.serve(fail)

    response = api.call("fail")

    assert (response.status_code, code_of(response)) == (status, code)
    assert b"secret" not in response.content
    if details == "id":
        assert set(response.json()["details"]) == {"error_id"}
    else:
        assert response.json().get("details") == details


@pytest.mark.parametrize("debug", [False, True])
def test_a_message_may_quote_what_is_no_text(api: Api, settings: Any, debug: bool) -> None:
    """Half a surrogate pair has no UTF-8; what is said of it has."""
    settings.DEBUG = debug

    @client(auth=False)
    def fail(request: Any) -> None:
        raise Unreadable("No \ud800 here.", asked=["\ud800"])

    api.serve(fail)

    assert api.call("fail").json() == {
        "error": True,
        "code": "UNREADABLE",
        "message": "No ? here.",
        "details": {"asked": ["?"]},
    }


def test_an_internal_error_is_logged_once_under_its_id(api: Api, caplog: pytest.LogCaptureFixture) -> None:
    """The id that the client got finds the traceback."""

    @client(auth=False)
    def fail(request: Any) -> None:
        raise RuntimeError("secret")

    api.serve(fail)
    error_id = api.call("fail").json()["details"]["error_id"]

    records = [record for record in caplog.records if error_id in record.getMessage()]
    assert len(records) == 1
    assert records[0].exc_info is not None


@pytest.mark.django_db(transaction=True)
def test_a_failure_takes_back_what_it_wrote(api: Api, settings: Any) -> None:
    """Under ATOMIC_REQUESTS, although the exception becomes a response."""
    databases = transaction.get_connection().settings_dict
    databases["ATOMIC_REQUESTS"] = True

    @client(auth=False)
    def half(request: Any) -> None:
        Thing.objects.create(name="half")
        raise OutOfStock(remaining=0)

    api.serve(half)
    try:
        api.call("half")
    finally:
        databases["ATOMIC_REQUESTS"] = False

    assert not Thing.objects.exists()
