"""
A PostgreSQL of its own for the tests whose subject is transactions, and a database alias that leads there.
"""

from __future__ import annotations

import copy
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connections

from tests.api import CachedApi
from tests.topologies.postgres.rows import LEVELS, Things
from tests.topologies.postgres.server import (
    ALIAS,
    OPTIONS,
    database,
    forget_connection,
    program,
    unprivileged,
    wait_for_postgres,
)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[dict[str, Any]]:
    """
    A cluster for this test process, as DATABASES describes one. It is started when a test first asks for it.
    """
    initdb, server_program = program("initdb"), program("postgres")
    # Not below pytest's own folder: PostgreSQL does not run as root, and nobody else may enter that. A short path, too:
    # a socket's may have no more than 107 characters.
    folder = Path(tempfile.mkdtemp(prefix="mizan-pg-"))
    identity = unprivileged(folder)
    log = folder / "log"
    try:
        subprocess.run(
            [initdb, "--pgdata", folder / "data", "--username", "mizan", "--auth", "trust", "--encoding", "UTF8"]
            + ["--locale", "C", "--no-sync", "--no-instructions"],
            cwd=folder,
            check=True,
            capture_output=True,
            **identity,
        )
        options = [part for name, value in OPTIONS.items() for part in ("-c", f"{name}={value}")]
        with log.open("wb") as output:
            server = subprocess.Popen(
                [server_program, "-D", folder / "data", "-k", folder, *options],
                cwd=folder,
                stdout=output,
                stderr=output,
                **identity,
            )
        try:
            wait_for_postgres(server, folder, log)
            yield {"ENGINE": "django.db.backends.postgresql", "HOST": str(folder), "NAME": "postgres", "USER": "mizan"}
        finally:
            server.send_signal(signal.SIGINT)  # "fast"; SIGTERM would wait for every connection to be closed
            server.wait(20)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_tables(postgres_server: dict[str, Any], django_db_setup: None, django_db_blocker: Any) -> dict[str, Any]:
    """`postgres_server` with the tables of every app."""
    with django_db_blocker.unblock(), database(postgres_server):
        call_command("migrate", database=ALIAS, run_syncdb=True, verbosity=0)
    return postgres_server


@pytest.fixture(scope="module")
def postgres_database(postgres_tables: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """
    `ALIAS` among the databases of a module: pytest-django must know it before a test begins, and no other module needs it.
    """
    with database(postgres_tables) as settings:
        yield settings


@pytest.fixture
def postgres(postgres_database: dict[str, Any]) -> Iterator[str]:
    """
    The alias of an empty database, for tests marked ``django_db(transaction=True, databases=["default", "postgres"])``.
    Its settings may be changed; they are as before afterwards.
    """
    before = copy.deepcopy(postgres_database)
    yield ALIAS
    postgres_database.clear()
    postgres_database.update(before)
    forget_connection()


@pytest.fixture
def things(postgres: str, cached: CachedApi) -> Things:
    """Whose names have all been read, so that every first read in a test is a hit."""
    made = Things(cached, postgres)
    for which in range(3):
        assert made.read(which) == ("MISS", "old")
        assert made.read(which, "watched") == ("MISS", "old")
    return made


@pytest.fixture
def use_level(things: Things) -> Callable[[str], None]:
    """Makes an isolation level that of every connection from now on."""

    def use(level: str) -> None:
        connections.settings[things.alias]["OPTIONS"]["isolation_level"] = LEVELS[level]
        forget_connection()

    return use
