"""
A PostgreSQL of its own for the tests whose subject is transactions, and a database alias that leads there.
"""

from __future__ import annotations

import copy
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connections

from tests.conftest import require_program

ALIAS = "postgres"
PACKAGE = "postgresql"
DEBIAN = Path("/usr/lib/postgresql")
OPTIONS = {
    "listen_addresses": "",  # a socket in the folder and no port, so that several may run at once
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "16MB",
    "max_connections": "50",
    "deadlock_timeout": "50ms",
}


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


@contextmanager
def database(settings: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """`ALIAS` among the connections of every thread meanwhile; gives its settings."""
    complete = connections.configure_settings({"default": {}, ALIAS: copy.deepcopy(settings)})
    connections.settings[ALIAS] = complete[ALIAS]
    try:
        yield complete[ALIAS]
    finally:
        forget_connection()
        del connections.settings[ALIAS]


def forget_connection() -> None:
    """This thread connects anew, with the settings as they are then."""
    connections[ALIAS].close()
    del connections[ALIAS]


def in_thread(work: Callable[[], Any]) -> Any:
    """What *work* returns or raises, in a thread with its own connections."""
    return start(work).result(20)


def start(work: Callable[[], Any]) -> Future[Any]:
    """`in_thread`, without waiting for it."""
    outcome: Future[Any] = Future()

    def run() -> None:
        try:
            result = work()
        except BaseException as error:
            connections.close_all()
            outcome.set_exception(error)
        else:
            connections.close_all()
            outcome.set_result(result)

    Thread(target=run, daemon=True).start()
    return outcome


def program(name: str) -> str:
    """A program of PostgreSQL, which Debian does not put on the PATH; of several versions the newest."""
    found = sorted(DEBIAN.glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    return str(found[-1]) if found else require_program(name, PACKAGE)


def unprivileged(folder: Path) -> dict[str, Any]:
    """Arguments for `subprocess` with which *folder* belongs to the user who runs the program: never root."""
    if os.geteuid() != 0:
        return {}
    try:
        user = pwd.getpwnam("postgres")
    except KeyError:
        user = pwd.getpwnam("nobody")
    os.chown(folder, user.pw_uid, user.pw_gid)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def wait_for_postgres(server: subprocess.Popen[bytes], folder: Path, log: Path) -> None:
    """Return once *server* lets somebody in; fails with its log where it does not."""
    psycopg = pytest.importorskip("psycopg")
    deadline = time.monotonic() + 20
    while server.poll() is None and time.monotonic() < deadline:
        try:
            psycopg.connect(host=str(folder), user="mizan", dbname="postgres").close()
        except psycopg.OperationalError:
            time.sleep(0.02)
        else:
            return
    pytest.fail(f"postgres did not start:\n{log.read_text()}")
