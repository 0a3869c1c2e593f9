"""
The benchmarked project behind its WSGI handler: what every request of a benchmark goes through.
"""

from __future__ import annotations

import io
import itertools
import json
import os
from collections.abc import Callable
from typing import Any

CSRF_TOKEN = "a" * 32
VISITOR = f"csrftoken={CSRF_TOKEN}"


def start_project() -> tuple[Any, str]:
    """
    The project as `startproject` makes it, with an empty database.

    Returns:
        Its WSGI handler, and the cookies of somebody who is logged in.
    """
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
    import django

    django.setup()
    from django.contrib.auth.models import User
    from django.core.handlers.wsgi import WSGIHandler
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client

    call_command("migrate", verbosity=0)
    # The in-memory database goes away with its connection, which the handler would close after each request.
    connection.inc_thread_sharing()
    connection.close_if_unusable_or_obsolete = lambda: None  # type: ignore[method-assign]  # see above
    browser = Client()
    browser.force_login(User.objects.create_user("ann"))
    session = browser.cookies["sessionid"].value
    return WSGIHandler(), f"sessionid={session}; {VISITOR}"


def request_to(
    handler: Any, address: str, body: Any = None, cookies: str = VISITOR, expected: int = 200
) -> Callable[[], bytes]:
    """
    A function that sends a request: a POST of *body*, or a GET where there is none. A ``{}`` in the address is another number
    each time.

    Raises:
        SystemExit: the first answer has another status than *expected*.
    """
    path, _, template = address.partition("?")
    numbers = itertools.count(1)
    raw = b"" if body is None else json.dumps(body).encode()
    environ = {
        "REQUEST_METHOD": "GET" if body is None else "POST",
        "PATH_INFO": path,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "wsgi.url_scheme": "http",
        "wsgi.errors": io.StringIO(),
        "HTTP_ACCEPT": "application/json",
        "HTTP_COOKIE": cookies,
        "HTTP_HOST": "localhost",
    }
    if body is not None:
        environ |= {
            "CONTENT_TYPE": "application/json",
            "CONTENT_LENGTH": str(len(raw)),
            "HTTP_X_CSRFTOKEN": CSRF_TOKEN,
        }
    statuses: list[str] = []

    def start_response(status: str, headers: Any) -> None:
        statuses.append(status)

    def request() -> bytes:
        statuses.clear()
        query = template.format(next(numbers))
        response = handler({**environ, "QUERY_STRING": query, "wsgi.input": io.BytesIO(raw)}, start_response)
        content = b"".join(response)
        response.close()
        return content

    answer = request()
    if not statuses[0].startswith(str(expected)):
        raise SystemExit(f"{address} answered {statuses[0]}: {answer[:200]!r}")
    return request
