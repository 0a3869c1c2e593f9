"""
Fixtures and options that tests of every layer share.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from mizan.protocol.registry import FunctionRegistry, default_registry


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
    deadline = time.monotonic() + 10
    while server.poll() is None and time.monotonic() < deadline:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
                connection.sendall(b"PING\r\n")
                if connection.recv(16).startswith(b"+PONG"):
                    return
        except OSError:
            time.sleep(0.02)
    pytest.fail(f"redis-server did not start:\n{log.read_text() if log.exists() else ''}")
