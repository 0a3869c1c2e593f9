"""
``wrap_asgi``: HTTP as it was, and an answer for what Django's application refuses to know.
"""

from __future__ import annotations

from typing import Any

import pytest
from asgiref.testing import ApplicationCommunicator
from django.core.asgi import get_asgi_application

from mizan import wrap_asgi

HTTP = {
    "type": "http",
    "http_version": "1.1",
    "method": "POST",
    "path": "/api/mizan/call/",
    "query_string": b"",
    "headers": [(b"content-type", b"application/json"), (b"host", b"testserver")],
}


async def test_http_passes_through() -> None:
    """To Django, which serves Mizan's addresses among its own."""
    server = ApplicationCommunicator(wrap_asgi(get_asgi_application()), HTTP)
    await server.send_input({"type": "http.request", "body": b'{"fn": "nobody"}'})

    start = await server.receive_output()
    body = await server.receive_output()

    assert start["status"] == 404
    assert b'"code":"NOT_FOUND"' in body["body"]


async def test_a_socket_is_refused_by_name() -> None:
    """Rather than with an exception in the log."""
    server = ApplicationCommunicator(wrap_asgi(get_asgi_application()), {"type": "websocket", "path": "/"})
    await server.send_input({"type": "websocket.connect"})

    assert await server.receive_output() == {"type": "websocket.close", "code": 4404}


async def test_a_server_may_start_and_stop_it() -> None:
    """Servers ask for a ``lifespan``; Django's own application raises."""
    server = ApplicationCommunicator(wrap_asgi(get_asgi_application()), {"type": "lifespan"})

    await server.send_input({"type": "lifespan.startup"})
    assert await server.receive_output() == {"type": "lifespan.startup.complete"}
    await server.send_input({"type": "lifespan.shutdown"})
    assert await server.receive_output() == {"type": "lifespan.shutdown.complete"}
    await server.wait()


async def test_another_protocol_is_an_error() -> None:
    """Of whoever configured the server."""

    async def nothing(*args: Any) -> None: ...

    with pytest.raises(ValueError, match="mqtt"):
        await wrap_asgi(nothing)({"type": "mqtt"}, nothing, nothing)
