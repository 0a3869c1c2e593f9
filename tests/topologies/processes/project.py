"""
A project, and processes that run it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
import redis

ROOT = Path(__file__).parents[3]


PATIENCE = 20


LEASE_SECONDS, RENEW_SECONDS = 1.0, 0.2


READERS = 15
"""In each worker."""


PROJECT = {
    "manage.py": """
import sys
from django.core.management import execute_from_command_line

execute_from_command_line(sys.argv)
""",
    "shop/__init__.py": "",
    "shop/settings.py": """
import os
from tests.settings import *

INSTALLED_APPS = [*INSTALLED_APPS, "shop"]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": os.environ["SHOP_DATABASE"]}}
MIZAN_CACHE_SECRET = "of-the-shop-0123456789abcdefghijklmnop"
MIZAN_CACHE_REDIS_URL = os.environ["SHOP_REDIS"] + "/0"
""",
    "shop/clients.py": """
import os
import redis
import redis.asyncio
from django.http import HttpRequest
from mizan.cache import leases
from mizan.cache.counters import counters
from mizan.client import client
from tests.things.models import Thing

leases.LEASE_SECONDS = float(os.environ["SHOP_LEASE"])
leases.RENEW_SECONDS = float(os.environ["SHOP_RENEW"])
desk = redis.Redis.from_url(os.environ["SHOP_REDIS"] + "/1", socket_timeout=30)


@client(auth=False, context="thing")
def name(request: HttpRequest, id: int) -> str:
    return Thing.objects.get(pk=id).name

@client(auth=False, affects="thing")
def rename(request: HttpRequest, id: int, name: str) -> None:
    Thing.objects.filter(pk=id).update(name=name)

@client(auth=False, affects="thing")
def rename_and_fail(request: HttpRequest, id: int, name: str) -> None:
    raise ValueError

@client(auth=False, context="watched", watch={Thing: "pk"})
def watched_name(request: HttpRequest, id: int) -> str:
    return Thing.objects.get(pk=id).name


@client(auth=False, context="slow")
def slow(request: HttpRequest, topic: str) -> int:
    run = desk.incr(f"{topic}:runs")
    desk.rpush(f"{topic}:begun", os.getpid())
    if desk.blpop(f"{topic}:may-end", 20)[1] == b"fail":
        raise ValueError
    return run

@client(auth=False, context="aslow")
async def aslow(request: HttpRequest, topic: str) -> int:
    async with redis.asyncio.Redis.from_url(os.environ["SHOP_REDIS"] + "/1", socket_timeout=30) as desk:
        run = await desk.incr(f"{topic}:runs")
        await desk.rpush(f"{topic}:begun", os.getpid())
        if (await desk.blpop(f"{topic}:may-end", 20))[1] == b"fail":
            raise ValueError
        return run

@client(auth=False, context="own")
def own(request: HttpRequest, topic: str) -> str:
    slow(request, topic)
    return request.headers["X-Reader"]

@client(auth=False, affects="slow")
def change(request: HttpRequest, topic: str) -> None: ...

@client(auth=False)
def waits(request: HttpRequest) -> int:
    return counters.snapshot().get("waits", 0)
""",
    "wsgi.py": """
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application

class Server(ThreadingMixIn, WSGIServer):
    daemon_threads, request_queue_size = True, 100

class Quiet(WSGIRequestHandler):
    def log_message(self, *args): ...

application = get_wsgi_application()
call_command("migrate", run_syncdb=True, verbosity=0)
server = make_server("127.0.0.1", 0, application, Server, Quiet)
print(server.server_port, flush=True)
server.serve_forever()
""",
    "asgi.py": """
import socket
import uvicorn
from django.core.asgi import get_asgi_application

listener = socket.create_server(("127.0.0.1", 0), backlog=100)
server = uvicorn.Server(uvicorn.Config(get_asgi_application(), loop="asyncio", lifespan="off", log_level="warning"))
print(listener.getsockname()[1], flush=True)
server.run(sockets=[listener])
""",
}


class Worker:
    """
    A server process. It listens once `port` is known.
    """

    def __init__(self, project: Project, program: str) -> None:
        self.process = project.start(program, stdout=subprocess.PIPE)
        self.port = 0

    def wait_until_ready(self) -> Worker:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            pytest.fail(f"The worker ended with {self.process.wait()}")
        self.port = int(line)
        return self

    def end(self) -> None:
        self.process.kill()
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()

    def read(self, path: str, **headers: str) -> tuple[str, Any]:
        """How the only function of a context is answered, and with what; with the code where it fails."""
        # The host is part of a cache key; behind a load balancer it is that of the site.
        request = Request(
            f"http://127.0.0.1:{self.port}/api/mizan/ctx/{path}", headers={"Host": "shop.test", **headers}
        )
        try:
            with urlopen(request, timeout=PATIENCE) as response:
                [answer] = json.load(response).values()
                return response.headers["X-Mizan-Cache"], answer
        except HTTPError as error:
            with error:
                return "", json.load(error)["code"]

    def call(self, function: str, **arguments: Any) -> Any:
        request = Request(
            f"http://127.0.0.1:{self.port}/api/mizan/call/{function}/",
            json.dumps(arguments).encode(),
            {"Content-Type": "application/json"},
        )
        with urlopen(request, timeout=PATIENCE) as response:
            return json.load(response).get("result")


class Project:
    """
    The files of a project, its database, and processes that run them.
    """

    def __init__(self, folder: Path, redis_url: str) -> None:
        for name, text in PROJECT.items():
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
        self.folder = folder
        server = redis_url.removesuffix("/0")
        self.desk = redis.Redis.from_url(f"{server}/1", socket_timeout=30)
        self.environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "shop.settings",
            "PYTHONPATH": os.pathsep.join([str(folder), str(ROOT)]),
            "SHOP_DATABASE": str(folder / "db"),
            "SHOP_REDIS": server,
            "SHOP_LEASE": str(LEASE_SECONDS),
            "SHOP_RENEW": str(RENEW_SECONDS),
        }

    def start(self, *command: str, **options: Any) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, *command], cwd=self.folder, env=self.environment, **options)

    def run(self, *command: str) -> None:
        """A program from its start to its end."""
        assert self.start(*command).wait(PATIENCE) == 0


class Workers:
    """
    One worker under WSGI, one under ASGI, and the desk at which a slow function says that it has begun and may end.
    """

    def __init__(self, project: Project, one: Worker, other: Worker, pool: ThreadPoolExecutor) -> None:
        self.project, self.one, self.other = project, one, other
        self.pool = pool
        self.desk = project.desk

    def __iter__(self) -> Iterator[Worker]:
        yield from (self.one, self.other)

    def waits(self) -> int:
        """How many readers have waited so far for another one in their process."""
        return sum(worker.call("waits") for worker in self)

    def start(self, count: int, worker: Worker, path: str) -> list[Future[tuple[str, Any]]]:
        """*count* readers who ask *worker* at the same time."""
        return [self.pool.submit(worker.read, path) for _ in range(count)]

    def wait_for_run(self, topic: str) -> int:
        """The process that has begun to compute."""
        begun = self.desk.blpop([f"{topic}:begun"], PATIENCE)
        assert begun is not None
        return int(begun[1])

    def runs(self, topic: str) -> int:
        return int(self.desk.get(f"{topic}:runs") or 0)

    def let_end(self, topic: str, how: str = "well", count: int = 1) -> None:
        self.desk.rpush(f"{topic}:may-end", *[how] * count)
