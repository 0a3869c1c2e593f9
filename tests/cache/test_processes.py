"""
Several processes with one Redis: a worker under WSGI, one under ASGI, and programs that only change something.
"""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
import redis

ROOT = Path(__file__).parents[2]
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

leases.LEASE_SECONDS, leases.RENEW_SECONDS = float(os.environ["SHOP_LEASE"]), float(os.environ["SHOP_RENEW"])
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


@pytest.fixture(scope="module")
def project(redis_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    made = Project(tmp_path_factory.mktemp("shop"), redis_server)
    yield made
    made.desk.close()


@pytest.fixture(scope="module")
def started(project: Project) -> Iterator[Workers]:
    one, other = Worker(project, "wsgi.py"), Worker(project, "asgi.py")
    try:
        with ThreadPoolExecutor(3 * READERS) as pool:
            yield Workers(project, one.wait_until_ready(), other.wait_until_ready(), pool)
    finally:
        one.end()
        other.end()


@pytest.fixture
def workers(started: Workers, redis_client: redis.Redis) -> Workers:
    """Two workers and an empty Redis."""
    return started


@pytest.fixture
def thing(workers: Workers) -> int:
    """A row that is called "old", as everybody has read."""
    with sqlite3.connect(workers.project.folder / "db") as connection:
        row = connection.execute("INSERT INTO things_thing (name, price) VALUES ('old', 1)").lastrowid
    connection.close()
    assert row is not None
    for context in ("thing", "watched"):
        assert workers.one.read(f"{context}/?id={row}") == ("MISS", "old")
        assert workers.other.read(f"{context}/?id={row}") == ("HIT", "old")
    return row


@pytest.mark.parametrize("turned", [False, True], ids=["WSGI to ASGI", "ASGI to WSGI"])
def test_a_mutation_in_one_is_seen_by_the_other(workers: Workers, thing: int, turned: bool) -> None:
    """In its next read; what it then computes is the other's, too."""
    writer, reader = reversed([*workers]) if turned else workers
    writer.call("rename", id=thing, name="new")

    assert reader.read(f"thing/?id={thing}") == ("MISS", "new")
    assert writer.read(f"thing/?id={thing}") == ("HIT", "new")


def test_a_mutation_that_fails_is_nothing_to_see(workers: Workers, thing: int) -> None:
    """In neither."""
    with pytest.raises(HTTPError) as failed:
        workers.one.call("rename_and_fail", id=thing, name="new")
    failed.value.close()
    assert [worker.read(f"thing/?id={thing}") for worker in workers] == [("HIT", "old")] * 2


INVALIDATE = "import mizan; mizan.invalidate('thing')"
IN_A_TRANSACTION = f"from django.db import transaction\nwith transaction.atomic():\n    {INVALIDATE}"
SAVE = "from tests.things.models import Thing; thing = Thing.objects.get(pk={id}); thing.name = 'new'; thing.save()"
SETUP = "import django; django.setup(); "


@pytest.mark.parametrize(
    ("command", "stale"),
    [
        (["manage.py", "shell", "-c", INVALIDATE], {"thing": "old"}),
        (["-c", SETUP + IN_A_TRANSACTION], {"thing": "old"}),
        (["manage.py", "shell", "-c", SAVE], {"watched": "new"}),
    ],
    ids=["a command invalidates", "a script invalidates", "a command saves"],
)
def test_a_program_that_serves_nothing_is_heard(
    workers: Workers, thing: int, command: list[str], stale: dict[str, str]
) -> None:
    """By both workers, and it may have ended long before they ask."""
    workers.project.run(*(part.replace("{id}", str(thing)) for part in command))

    for context in ("thing", "watched"):
        path = f"{context}/?id={thing}"
        expected = ("MISS", stale[context]) if context in stale else ("HIT", "old")
        assert workers.other.read(path) == expected
        assert workers.one.read(path) == ("HIT", expected[1])


def test_a_program_that_is_killed_in_a_transaction_has_changed_nothing(workers: Workers, thing: int) -> None:
    """It was never committed."""
    killed = workers.project.start(
        "-c",
        f"{SETUP}from django.db import transaction; import os, signal\nwith transaction.atomic():\n"
        f"    {SAVE.format(id=thing)}; os.kill(os.getpid(), signal.SIGKILL)",
    )
    assert killed.wait(PATIENCE) < 0
    assert [worker.read(f"watched/?id={thing}") for worker in workers] == [("HIT", "old")] * 2


@pytest.mark.parametrize("context", ["slow", "aslow"])
class TestSingleFlight:
    """A function that one process runs is not run by another."""

    def test_one_of_all_readers_computes(self, workers: Workers, context: str) -> None:
        """Of both workers; for longer than a claim lasts, since a process that lives renews it."""
        before = workers.waits()
        readers = [reader for worker in workers for reader in workers.start(READERS, worker, f"{context}/?topic=a")]
        workers.wait_for_run("a")
        until(lambda: workers.waits() - before == 2 * (READERS - 1))
        time.sleep(LEASE_SECONDS * 1.5)
        workers.let_end("a", count=2 * READERS)

        assert [reader.result(PATIENCE) for reader in readers] == [("MISS", 1)] * 2 * READERS
        assert workers.runs("a") == 1
        assert [worker.read(f"{context}/?topic=a") for worker in workers] == [("HIT", 1)] * 2

    @pytest.mark.parametrize("turned", [False, True], ids=["WSGI", "ASGI"])
    def test_after_a_failure_the_other_computes(self, workers: Workers, context: str, turned: bool) -> None:
        """The failure is that of those who waited beside it; the claim goes at once."""
        failing, waiting = reversed([*workers]) if turned else workers
        path = f"{context}/?topic=b"
        before = workers.waits()
        first = workers.start(2, failing, path)
        assert workers.wait_for_run("b") == failing.process.pid
        others = workers.start(2, waiting, path)
        until(lambda: workers.waits() - before == 2)
        workers.let_end("b", "fail")
        workers.let_end("b", count=3)

        assert [reader.result(PATIENCE) for reader in first] == [("", "INTERNAL_ERROR")] * 2
        assert [reader.result(PATIENCE) for reader in others] == [("MISS", 2)] * 2
        assert workers.wait_for_run("b") == waiting.process.pid
        assert workers.runs("b") == 2


@pytest.mark.parametrize(("program", "context"), [("wsgi.py", "slow"), ("asgi.py", "aslow")])
def test_from_a_process_that_is_killed_another_takes_over(workers: Workers, program: str, context: str) -> None:
    """Once its claim has run out, and only one of the others."""
    path = f"{context}/?topic=c"
    doomed = Worker(workers.project, program).wait_until_ready()
    try:
        before = workers.waits()
        [lost] = workers.start(1, doomed, path)
        assert workers.wait_for_run("c") == doomed.process.pid
        others = [reader for worker in workers for reader in workers.start(2, worker, path)]
        until(lambda: workers.waits() - before == 2)
    finally:
        doomed.end()
    killed_at = time.monotonic()
    assert isinstance(lost.exception(PATIENCE), OSError)
    workers.wait_for_run("c")
    assert time.monotonic() - killed_at < LEASE_SECONDS + 1
    workers.let_end("c", count=4)

    assert [reader.result(PATIENCE) for reader in others] == [("MISS", 2)] * 4
    assert workers.runs("c") == 2


def test_who_comes_after_an_invalidation_waits_for_no_other_process(workers: Workers) -> None:
    """What that one computes is of before, and nobody gets it afterwards."""
    path = "slow/?topic=d"
    [before] = workers.start(1, workers.one, path)
    workers.wait_for_run("d")
    workers.one.call("change", topic="d")
    [after] = workers.start(1, workers.other, path)
    workers.wait_for_run("d")
    workers.let_end("d", count=4)

    [(_, old), (_, new)] = [reader.result(PATIENCE) for reader in (before, after)]
    assert {old, new} == {1, 2}
    assert old not in [worker.read(path)[1] for worker in workers]


def test_a_personal_answer_stays_in_its_process(workers: Workers) -> None:
    """Who waited for it in another one computes their own."""
    before = workers.waits()
    readers = [
        workers.pool.submit(worker.read, "own/?topic=e", **{"X-Reader": f"{number}"})
        for number, worker in enumerate([*workers, *workers])
    ]
    workers.wait_for_run("e")
    until(lambda: workers.waits() - before == 2)
    workers.let_end("e", count=8)

    assert [reader.result(PATIENCE)[1] for reader in readers] == ["0", "1", "2", "3"]


def until(is_so: Callable[[], bool]) -> None:
    """Ask other processes again and again; there is no event to wait for."""
    deadline = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.01)
