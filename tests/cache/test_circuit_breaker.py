"""
A Redis that fails: reads come from the origin at once, mutations commit, and nothing stale is served when it is back.
"""

from __future__ import annotations

import itertools
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import redis
from django.conf import LazySettings

import mizan
from mizan.cache import circuit_breaker
from mizan.cache.counters import counters
from mizan.cache.current import current_cache
from mizan.client import client
from tests.api import SECRET, CachedApi
from tests.conftest import free_port, require_program, wait_for_redis
from tests.waiting import wait_until


class Server:
    """A Redis that can be stopped, held and started again at the same address."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        program = require_program("redis-server", "redis-server")
        log = self.folder / "log"
        options = ["--port", str(self.port), "--dir", str(self.folder), "--save", "", "--logfile", str(log)]
        self.process = subprocess.Popen([program, *options])
        wait_for_redis(self.process, self.port, log)

    def stop(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGCONT)
            self.process.kill()
            self.process.wait()
            self.process = None

    def hold(self, is_held: bool) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP if is_held else signal.SIGCONT)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """Running, and empty."""
    server = Server(tmp_path)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def counted(server: Server, settings: LazySettings, api: Any, monkeypatch: pytest.MonkeyPatch) -> CachedApi:
    """A context whose answer is another one each time it is computed, and a mutation of it; nothing catches up by itself."""
    settings.MIZAN_CACHE_SECRET, settings.MIZAN_CACHE_REDIS_URL = SECRET, server.url
    monkeypatch.setattr(circuit_breaker.CircuitBreaker, "_keep_catching_up", lambda self: None)
    monkeypatch.setattr("mizan.cache.redis_store.SOCKET_SECONDS", 2.0)  # a busy machine is no fault
    counters.reset()
    numbers = itertools.count(1)

    @client(auth=False, context="count")
    def number(request: Any) -> int:
        return next(numbers)

    @client(auth=False, affects="count")
    def change(request: Any) -> str:
        return "changed"

    counted = CachedApi()
    counted.serve(number, change)
    return counted


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Let time pass for the breaker; it stands still otherwise."""
    passed = [0.0]
    monkeypatch.setattr(circuit_breaker, "time", SimpleNamespace(monotonic=lambda: passed[0], sleep=time.sleep))

    def pass_(seconds: float) -> None:
        passed[0] += seconds

    return pass_


def test_while_it_is_away(
    counted: CachedApi, server: Server, later: Callable[[float], None], caplog: pytest.LogCaptureFixture
) -> None:
    """Answers come from the functions, mutations succeed, and what was cached before is not believed afterwards."""
    counted.read("count/")
    assert counted.read("count/") == ("HIT", {"number": 1})
    server.hold(True)
    begun = time.monotonic()
    assert counted.read("count/") == ("BYPASS", {"number": 2})
    assert counted.call("change").json()["result"] == "changed"
    assert [counted.read("count/")[0] for _ in range(100)] == ["BYPASS"] * 100
    assert time.monotonic() - begun < 10, "one time-out, and not one for each request"
    assert counters.snapshot()["failures"] == 1
    assert counters.snapshot()["invalidations_owed"] == 1
    assert "reading from the origin" in caplog.text

    server.hold(False)
    assert counted.read("count/")[0] == "BYPASS", "it is left alone for a while"
    later(0.6)
    assert counted.read("count/")[0] == "MISS", "what it had is stale, as it has been told by now"
    assert counted.read("count/")[0] == "HIT"
    assert "answers again; 1 tags invalidated" in caplog.text


@pytest.mark.parametrize("after", ["restart", "refusal"])
def test_a_server_that_is_not_there(
    counted: CachedApi, server: Server, later: Callable[[float], None], after: str
) -> None:
    """It is asked once for each pause, which doubles up to ten seconds."""
    counted.read("count/")
    server.stop()
    for _ in range(50):
        assert counted.read("count/")[0] == "BYPASS"
    assert counters.snapshot()["failures"] == 1
    for pause in (0.5, 1, 2, 4, 8, 10, 10):
        later(pause - 0.3)
        counted.read("count/")
        later(0.4)
        before = counters.snapshot()["failures"]
        for _ in range(5):
            counted.read("count/")
        assert counters.snapshot()["failures"] == before + 1
    if after == "restart":
        server.start()
        later(11)
        assert [counted.read("count/")[0] for _ in range(2)] == ["MISS", "HIT"]


def test_what_is_owed_is_bounded(
    counted: CachedApi, server: Server, later: Callable[[float], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of too many tags the whole contexts are remembered."""

    @client(auth=False, context="page")
    def page(request: Any, id: int) -> float:
        return time.monotonic()

    counted.serve(page)
    monkeypatch.setattr(circuit_breaker, "REMEMBERED_TAGS", 10)
    for id in (1, 500):
        counted.read(f"page/?id={id}")
    server.hold(True)
    for id in range(20):
        mizan.invalidate("page", id=id)
    server.hold(False)
    later(60)
    cache: Any = current_cache()
    assert len(cache.entries.breaker._owed) <= 11
    assert [counted.read(f"page/?id={id}")[0] for id in (1, 500)] == ["MISS", "MISS"]


def test_it_catches_up_by_itself(counted: CachedApi, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that never uses the cache again tells it all the same."""
    monkeypatch.undo()  # the clock is the real one, and the thread runs
    monkeypatch.setattr(circuit_breaker, "CATCH_UP_SECONDS", 0.05)
    monkeypatch.setattr(circuit_breaker, "FIRST_PAUSE_SECONDS", 0.1)
    cache: Any = current_cache()
    tag = cache.keys.tag("count")
    counted.read("count/")
    raw = redis.Redis.from_url(server.url)
    before = raw.get(tag)
    server.hold(True)
    mizan.invalidate("count")
    server.hold(False)

    wait_until(lambda: raw.get(tag) not in (None, before), 10, "the tag has a new version")


@pytest.mark.parametrize("lost", ["everything", "a tag", "the entry"])
def test_what_is_lost_is_computed_again(counted: CachedApi, server: Server, lost: str) -> None:
    """Nothing that is left of it makes a hit."""
    counted.read("count/")
    raw = redis.Redis.from_url(server.url)
    patterns = {"everything": "*", "a tag": "mizan:*:t:*", "the entry": "mizan:*:e:*"}
    raw.delete(*raw.keys(patterns[lost]))

    assert counted.read("count/") == ("MISS", {"number": 2})
    assert counted.read("count/") == ("HIT", {"number": 2})


@pytest.mark.parametrize("setting", [("maxmemory", "1"), ("min-replicas-to-write", "1")])
def test_a_server_that_takes_no_writes(
    counted: CachedApi, server: Server, setting: tuple[str, str], later: Callable[[float], None]
) -> None:
    """It is out of memory, or a replica by now: no answer is an error, and none is stale."""
    counted.read("count/")
    raw = redis.Redis.from_url(server.url)
    raw.config_set(*setting)

    assert counted.call("change").status_code == 200
    assert counted.read("count/")[1] == {"number": 2}
    later(60)
    assert counted.read("count/")[1] == {"number": 3}

    raw.config_set(setting[0], "0")
    later(60)
    assert counted.read("count/") == ("MISS", {"number": 4})
    assert counted.read("count/") == ("HIT", {"number": 4})
