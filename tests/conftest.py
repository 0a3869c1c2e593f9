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

import pytest

from mizan.protocol.registry import FunctionRegistry, default_registry


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds ``--update-golden``; see tests/golden."""
    parser.addoption("--update-golden", action="store_true", help="make the golden files what they are now")


@pytest.fixture
def registry() -> Iterator[FunctionRegistry]:
    """An empty function registry; what the test registers is gone afterwards."""
    with default_registry.isolated() as fresh:
        yield fresh


def require_program(name: str, package: str) -> str:
    """The path of a system program. Where it is missing the test is skipped, in CI it fails."""
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


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Redis of its own for the tests, which keeps nothing."""
    program, port = require_program("redis-server", "redis-server"), free_port()
    command = [program, "--port", str(port), "--save", "", "--appendonly", "no", "--bind", "127.0.0.1"]
    server = subprocess.Popen(command, cwd=tmp_path_factory.mktemp("redis"), stdout=subprocess.DEVNULL)
    try:
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        server.terminate()
        server.wait()
