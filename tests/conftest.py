"""
Fixtures and options that tests of every layer share.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import redis
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.core.cache import cache
from django.core.cache.backends import db, filebased, locmem
from django.core.cache.backends.locmem import LocMemCache
from django.utils import timezone
from hypothesis import settings as hypothesis_settings

from mizan.apps import watch_data
from mizan.cache.counters import counters
from mizan.client import client
from mizan.protocol.registry import FunctionRegistry, default_registry
from tests.api import SECRET, Api, CachedApi
from tests.tokens import NEW, OLD
from tests.waiting import wait_until

# A busy machine is no failure of the code under test, so no example has a deadline of wall-clock time. Everything else is as
# Hypothesis has it: random examples where somebody works, the same ones each time in CI.
for _profile in ("default", "ci"):
    hypothesis_settings.register_profile(_profile, hypothesis_settings.get_profile(_profile), deadline=None)
hypothesis_settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "default"))


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds ``--update-golden``. Here, because pytest asks for options before it looks into folders; see tests/golden."""
    parser.addoption("--update-golden", action="store_true", help="make the golden files what they are now")


@pytest.fixture
def registry() -> Iterator[FunctionRegistry]:
    """
    An empty function registry; what the test registers is gone afterwards.
    """
    with default_registry.isolated() as fresh:
        yield fresh


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """
    The address of a Redis of its own for this test process, which keeps nothing.
    """
    program = require_program("redis-server", "redis-server")
    port, folder = free_port(), tmp_path_factory.mktemp("redis")
    log = folder / "log"
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--logfile", str(log)]
    server = subprocess.Popen([program, *options], cwd=folder)
    try:
        wait_for_redis(server, port, log)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        server.terminate()
        server.wait()


@pytest.fixture
def api() -> Iterator[Api]:
    """A server with no function yet."""
    with default_registry.isolated():
        yield Api()


@pytest.fixture
def redis_client(redis_server: str) -> Iterator[redis.Redis]:
    """The Redis of this test process, empty."""
    client = redis.Redis.from_url(redis_server)
    client.flushall()
    yield client
    client.flushall()


@pytest.fixture(params=["redis", "memory"])
def cached(request: pytest.FixtureRequest, settings: LazySettings, api: Api) -> Iterator[CachedApi]:
    """A server with a cache and no function yet."""
    if request.param == "redis":
        request.getfixturevalue("redis_client")
        settings.MIZAN_CACHE_REDIS_URL = request.getfixturevalue("redis_server")
    else:
        LocMemCache("mizan", {}).clear()
    settings.MIZAN_CACHE_SECRET = SECRET
    watch_data()  # as at the start of a process with these settings
    counters.reset()
    return CachedApi()


@pytest.fixture
def let_seconds_pass(
    request: pytest.FixtureRequest, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> Callable[[float], None]:
    """
    Makes what is cached as old as if so many seconds had passed: in the backends of Django's, and in `redis_client`.
    """

    def pass_(seconds: float) -> None:
        now, moment = time.time() + seconds, timezone.now() + timedelta(seconds=seconds)
        for backend in (locmem, filebased):
            monkeypatch.setattr(backend, "time", SimpleNamespace(time=lambda: now))
        monkeypatch.setattr(db, "tz_now", lambda: moment)
        if getattr(settings, "MIZAN_CACHE_REDIS_URL", None) or "redis" in str(settings.CACHES):
            client = request.getfixturevalue("redis_client")
            for key in client.scan_iter("*"):
                if 0 <= client.pttl(key) <= seconds * 1000:
                    client.delete(key)

    return pass_


@pytest.fixture
def token_api(api: Api, settings: Any) -> Api:
    """A server with tokens, and a function that says who calls."""
    settings.MIZAN_MWT_SECRET = {"new": NEW, "old": OLD}
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()

    @client(auth=True)
    def me(request: Any) -> str:
        return str(request.user.get_username())

    @client(auth="things.add_thing")
    def add(request: Any) -> None: ...

    @client(auth=False)
    def who(request: Any) -> str:
        return str(request.user.get_username())

    api.serve(me, add, who)
    return api


@pytest.fixture
def ann(token_api: Api) -> User:
    return User.objects.create_user("ann")


def require_program(name: str, package: str) -> str:
    """The path of a system program. Where it is missing the test is skipped; in CI it fails."""
    found = shutil.which(name)
    if found is None:
        message = f"{name} is not installed: sudo apt-get install {package}"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return found


def free_port() -> int:
    """A TCP port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for_redis(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    """Return once *server* answers a PING; fails with its log where it does not."""

    def answers() -> bool:
        if server.poll() is not None:
            pytest.fail(f"redis-server did not start:\n{log.read_text() if log.exists() else ''}")
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
        except OSError:
            return False

    wait_until(answers, 10, f"redis-server answers at port {port}")
