"""
The same work three times: a function of Mizan's, a bare Django view and a hand-written DRF view.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any

from django.http import HttpRequest, JsonResponse
from pydantic import BaseModel, Field
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from mizan.client import client
from mizan.setup import register


@dataclass(slots=True)
class Row:
    """A row as an ORM would give it: an object with attributes."""

    id: int
    name: str
    email: str
    price: Decimal
    active: bool
    created: datetime
    score: float
    note: str | None


ROWS = [
    Row(i, f"name {i}", f"p{i}@example.com", Decimal(i) / 4, i % 2 == 0, datetime(2026, 1, 1, tzinfo=UTC), i / 3, None)
    for i in range(1000)
]


class EchoOut(BaseModel):
    message: str


class RowOut(BaseModel):
    id: int
    name: str
    email: str
    price: Decimal
    active: bool
    created: datetime
    score: float
    note: str | None


class Item(BaseModel):
    sku: Annotated[str, Field(min_length=3, max_length=12)]
    amount: Annotated[int, Field(ge=1)]
    price: Decimal


class Order(BaseModel):
    customer: str
    items: list[Item]


@client(auth=False)
def echo(request: Any, text: str) -> EchoOut:
    return EchoOut(message=text)


@client(auth=True)
def echo_member(request: Any, text: str) -> EchoOut:
    return EchoOut(message=text)


@client(auth=False)
def rows(request: Any) -> list[RowOut]:
    return ROWS  # type: ignore[return-value]  # objects that the type is read from


@client(auth=False)
def order(request: Any, order: Order) -> int:
    return len(order.items)


for function in (echo, echo_member, rows, order):
    register(function)


def bare_echo(request: HttpRequest) -> JsonResponse:
    text = json.loads(request.body)["text"]
    if not isinstance(text, str):
        return JsonResponse({"error": "text"}, status=400)
    return JsonResponse({"result": {"message": text}})


def bare_echo_member(request: HttpRequest) -> JsonResponse:
    if not request.user.is_authenticated:
        return JsonResponse({"error": "login"}, status=401)
    return bare_echo(request)


def bare_rows(request: HttpRequest) -> JsonResponse:
    names = ("id", "name", "email", "price", "active", "created", "score", "note")
    return JsonResponse({"result": [{name: getattr(row, name) for name in names} for row in ROWS]})


def bare_order(request: HttpRequest) -> JsonResponse:
    data = json.loads(request.body)["order"]
    errors: dict[str, str] = {}
    if not isinstance(data.get("customer"), str):
        errors["customer"] = "text"
    for index, item in enumerate(data["items"]):
        if not (isinstance(item["sku"], str) and 3 <= len(item["sku"]) <= 12):
            errors[f"items.{index}.sku"] = "3 to 12"
        if not isinstance(item["amount"], int) or item["amount"] < 1:
            errors[f"items.{index}.amount"] = "from 1"
        Decimal(item["price"])
    if errors:
        return JsonResponse({"error": errors}, status=422)
    return JsonResponse({"result": len(data["items"])})


class EchoSerializer(serializers.Serializer[Any]):
    text = serializers.CharField()


class RowSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    email = serializers.EmailField()
    price = serializers.DecimalField(max_digits=8, decimal_places=2)
    active = serializers.BooleanField()
    created = serializers.DateTimeField()
    score = serializers.FloatField()
    note = serializers.CharField(allow_null=True)


class ItemSerializer(serializers.Serializer[Any]):
    sku = serializers.CharField(min_length=3, max_length=12)
    amount = serializers.IntegerField(min_value=1)
    price = serializers.DecimalField(max_digits=8, decimal_places=2)


class OrderSerializer(serializers.Serializer[Any]):
    customer = serializers.CharField()
    items = ItemSerializer(many=True)


class DrfEcho(APIView):
    def post(self, request: Any) -> Response:
        serializer = EchoSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        return Response({"result": {"message": serializer.validated_data["text"]}})


class DrfEchoMember(DrfEcho):
    def post(self, request: Any) -> Response:
        return super().post(request) if request.user.is_authenticated else Response(status=401)


class DrfRows(APIView):
    def post(self, request: Any) -> Response:
        return Response({"result": RowSerializer(ROWS, many=True).data})


class DrfOrder(APIView):
    def post(self, request: Any) -> Response:
        serializer = OrderSerializer(data=request.data["order"])
        serializer.is_valid(raise_exception=True)
        return Response({"result": len(serializer.validated_data["items"])})
