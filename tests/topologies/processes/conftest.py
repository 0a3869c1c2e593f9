"""
One worker under WSGI and one under ASGI, with one Redis.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import redis

from tests.topologies.processes.project import READERS, Project, Worker, Workers


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
