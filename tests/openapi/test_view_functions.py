"""
The operations of a view function.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from mizan.client import client
from tests.openapi.documents import document_of


def test_each_method_is_an_operation() -> None:
    """With what is in the address, and what is in the query or in the body."""

    @client(auth=False, route="/orders/<int:id>/", methods=["GET", "POST"])
    def order(request: Any, id: int, tab: str = "lines") -> HttpResponse:
        """An order."""
        return HttpResponse()

    [(path, operations)] = [
        (path, one) for path, one in document_of(order)["paths"].items() if path.startswith("/orders/")
    ]

    assert path == "/orders/{id}/"
    assert {method: one["operationId"] for method, one in operations.items()} == {
        "get": "order.get",
        "post": "order.post",
    }
    places = {
        method: {(one["name"], one["in"]) for one in operation["parameters"]}
        for method, operation in operations.items()
    }
    assert places["get"] == {("id", "path"), ("tab", "query")}
    assert places["post"] == {("id", "path")}
    assert "requestBody" in operations["post"]
    assert "requestBody" not in operations["get"]
    assert "text/html" in operations["get"]["responses"]["200"]["content"]
