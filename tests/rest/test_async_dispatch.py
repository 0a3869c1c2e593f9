"""
DRF's dispatch for views that await.
"""

from __future__ import annotations

import asyncio
import threading
from typing import Any

from django.test import AsyncClient
from rest_framework.permissions import BasePermission

from mizan.client import client
from tests.api import PREFIX, Api, code_of


async def test_permissions_run_in_a_thread_and_the_function_on_the_loop(api: Api) -> None:
    """They may ask the database, and it awaits."""
    noted: dict[str, threading.Thread] = {}

    class Noting(BasePermission):
        def has_permission(self, request: Any, view: Any) -> bool:
            noted["permission"] = threading.current_thread()
            return True

    @client(auth=Noting)
    async def echo(request: Any) -> None:
        noted["function"] = threading.current_thread()

    api.serve(echo)
    response = await AsyncClient().post(f"{PREFIX}call/echo/", {}, content_type="application/json")

    assert response.status_code == 200
    assert noted["function"] is threading.current_thread() is not noted["permission"]


async def test_other_methods_are_answered_as_by_any_view(api: Api) -> None:
    """What is not awaited, and what there is not."""

    @client(auth=False)
    async def echo(request: Any) -> None: ...

    api.serve(echo)
    http = AsyncClient()

    options = await http.options(f"{PREFIX}call/echo/")
    refused = await http.delete(f"{PREFIX}call/echo/")

    assert (options.status_code, options.headers["Allow"]) == (200, "POST, OPTIONS")
    assert (refused.status_code, code_of(refused)) == (405, "METHOD_NOT_ALLOWED")


async def test_a_task_that_is_cancelled_leaves_no_function_running(api: Api) -> None:
    """Nobody waits for its answer."""
    has_begun, is_over = asyncio.Event(), asyncio.Event()

    @client(auth=False)
    async def slow(request: Any) -> None:
        has_begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            is_over.set()

    api.serve(slow)
    task = asyncio.create_task(AsyncClient().post(f"{PREFIX}call/slow/", {}, content_type="application/json"))
    await asyncio.wait_for(has_begun.wait(), 20)
    task.cancel()
    await asyncio.wait([task])

    assert is_over.is_set()
    assert task.cancelled()
