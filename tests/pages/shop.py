"""
A shop to draw and to list: two contexts and three mutations.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from mizan.client import GlobalContext, MizanError, client
from tests.api import Api


class SoldOut(MizanError):
    """Nothing is left."""

    status = 409
    message = "Sold out."


def serve_shop(api: Api) -> None:
    """Two contexts and three mutations."""

    @client(auth=False, context=GlobalContext)
    def current_user(request: Any) -> str:
        """Who is logged in."""
        return ""

    @client(auth=False, context="order")
    def order(request: Any, id: int) -> int:
        return id

    @client(auth=False, context="order")
    def order_lines(request: Any, id: int, page: int = 1) -> list[int]:
        return []

    @client(auth=True, affects=GlobalContext)
    def logout(request: Any) -> None: ...

    @client(auth="staff", affects=["order", "global"])
    def restock(request: Any, sku: str) -> None:
        """Fills the shelf."""

    @client(auth=False, affects=order_lines, merge=order, raises=SoldOut)
    def place_order(request: Any, id: int) -> int:
        return id

    @client(auth=True, route="/orders/<int:id>/print/")
    def print_order(request: Any, id: int) -> HttpResponse:
        return HttpResponse()

    @client(auth=False, private=True)
    def hidden(request: Any) -> None: ...

    api.serve(current_user, order, order_lines, logout, restock, place_order, print_order, hidden)
