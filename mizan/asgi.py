"""
``wrap_asgi``: the project's ASGI application with Mizan in front.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]


def wrap_asgi(application: Application) -> Application:
    """
    Serve *application*; HTTP passes through to it.

    ::

        application = wrap_asgi(get_asgi_application())

    A WebSocket handshake is refused with close code 4404 and a ``lifespan`` is answered, because Django's own
    application knows neither.

    Source: README "Setup".
    """

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        match scope["type"]:
            case "http":
                await application(scope, receive, send)
            case "lifespan":
                await _live(receive, send)
            case "websocket":
                await receive()
                await send({"type": "websocket.close", "code": 4404})
            case kind:
                raise ValueError(f"Mizan's ASGI application does not serve {kind!r}.")

    return serve


async def _live(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
