"""
A context of two functions and a mutation that makes it stale, and bare views that do the same by hand.
"""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django_redis import get_redis_connection
from pydantic import BaseModel

from mizan.client import client
from mizan.setup import register

HIT_KEY = "bare:hit"


class Profile(BaseModel):
    id: int
    name: str
    email: str


class Purchase(BaseModel):
    id: int
    title: str
    price: float


def _profile(id: int) -> dict[str, Any]:
    return {"id": id, "name": f"name {id}", "email": f"p{id}@example.com"}


def _purchases(id: int) -> list[dict[str, Any]]:
    return [{"id": number, "title": f"a thing called {number}", "price": number / 4} for number in range(20)]


@client(auth=False, context="user")
def profile(request: Any, id: int) -> Profile:
    return Profile(**_profile(id))


@client(auth=False, context="user")
def purchases(request: Any, id: int) -> list[Purchase]:
    return [Purchase(**one) for one in _purchases(id)]


@client(auth=False, context="board")
def board(request: Any) -> int:
    return 1


@client(auth=False, affects=["user", "board"])
def rename(request: Any, id: int, name: str) -> None: ...


for function in (profile, purchases, board, rename):
    register(function)


def bare_hit(request: HttpRequest) -> HttpResponse:
    return HttpResponse(get_redis_connection("default").get(HIT_KEY), content_type="application/json")


def bare_hit_member(request: HttpRequest) -> HttpResponse:
    if not request.user.is_authenticated:
        return HttpResponse(status=401)
    return bare_hit(request)


def bare_miss(request: HttpRequest) -> JsonResponse:
    """Look, compute, store."""
    redis, id = get_redis_connection("default"), int(request.GET["id"])
    found = redis.get(f"bare:{id}")
    if found is not None:
        return JsonResponse(json.loads(found))
    response = JsonResponse({"profile": _profile(id), "purchases": _purchases(id)})
    redis.set(f"bare:{id}", response.content, ex=60)
    return response


def bare_rename(request: HttpRequest) -> JsonResponse:
    """The keys of what has changed are known here, so they are deleted one by one."""
    data = json.loads(request.body)
    if not isinstance(data["id"], int) or not isinstance(data["name"], str):
        return JsonResponse({"error": "id, name"}, status=422)
    redis = get_redis_connection("default")
    redis.delete(f"bare:{data['id']}")
    redis.delete("bare:board")
    return JsonResponse({"result": None, "invalidate": [{"context": "user", "params": {"id": data["id"]}}, "board"]})
