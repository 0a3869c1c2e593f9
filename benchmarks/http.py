"""
Calls through the whole WSGI stack: ``python -m benchmarks.http [--quick] [--output FILE]``.
"""

from __future__ import annotations

import argparse
import io
import json
import os
from collections.abc import Callable
from typing import Any

import pyperf

from benchmarks.alternation import measure, ratios

WAYS = {"bare Django": "/bare/{}/", "Mizan": "/api/mizan/call/{}/", "DRF": "/drf/{}/"}

ORDER = {
    "order": {
        "customer": "Ann",
        "items": [{"sku": f"sku-{n}", "amount": n + 1, "price": "1.50"} for n in range(99)]
        + [{"sku": "x", "amount": 1, "price": "1.50"}],
    }
}

WORKLOADS: dict[str, tuple[Any, bool]] = {
    "W1 echo": ({"text": "hello"}, False),
    "W1a echo_member": ({"text": "hello"}, True),
    "W2 rows": ({}, False),
    "W3 order": (ORDER, False),
}
TARGETS = {"W1 echo": 1.15, "W1a echo_member": 1.06, "W2 rows": 0.52, "W3 order": 1.0}


def main() -> None:
    """Measure every workload and print each way as a multiple of the bare view."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a quarter of the rounds")
    parser.add_argument("--output", metavar="FILE", help="also write the samples, for pyperf's tools")
    options = parser.parse_args()
    handler, cookies = _project()
    suite: list[pyperf.Benchmark] = []
    print(f"{'workload':<18}{'bare Django':>14}{'Mizan':>9}{'DRF':>9}{'target':>9}")
    for name, (body, logged_in) in WORKLOADS.items():
        path = name.split()[1]
        ways = {
            way: _request(handler, address.format(path), body, cookies if logged_in else "csrftoken=" + "a" * 32)
            for way, address in WAYS.items()
        }
        bare = ways.pop("bare Django")
        found = {}
        for way, work in ways.items():
            # In pairs: CPython specialises the code that DRF's view and ours share for whichever ran last.
            pair = measure(name, {"bare Django": bare, way: work}, rounds=10 if options.quick else 40)
            suite += pair if way == "Mizan" else pair[1:]
            found[way] = list(ratios(pair).values())[1]
        print(f"{name:<18}{1.0:>14.2f}{found['Mizan']:>9.2f}{found['DRF']:>9.2f}{TARGETS[name]:>9.2f}", flush=True)
    if options.output:
        pyperf.BenchmarkSuite(suite).dump(options.output, replace=True)


def _project() -> tuple[Any, str]:
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
    return WSGIHandler(), f"sessionid={session}; csrftoken={'a' * 32}"


def _request(handler: Any, path: str, body: Any, cookies: str) -> Callable[[], bytes]:
    raw = json.dumps(body).encode()
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": path,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "wsgi.url_scheme": "http",
        "wsgi.errors": io.StringIO(),
        "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": str(len(raw)),
        "HTTP_ACCEPT": "application/json",
        "HTTP_COOKIE": cookies,
        "HTTP_X_CSRFTOKEN": "a" * 32,
        "HTTP_HOST": "localhost",
    }
    expected = 422 if path.endswith("/order/") else 200
    statuses: list[str] = []

    def start_response(status: str, headers: Any) -> None:
        statuses.append(status)

    def request() -> bytes:
        statuses.clear()
        response = handler({**environ, "wsgi.input": io.BytesIO(raw)}, start_response)
        content = b"".join(response)
        response.close()
        return content

    answer = request()
    if not statuses[0].startswith((str(expected), "400")):
        raise SystemExit(f"{path} answered {statuses[0]}: {answer[:200]!r}")
    return request


if __name__ == "__main__":
    main()
