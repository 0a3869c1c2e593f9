"""
A PostgreSQL of the tests' own.
"""

from __future__ import annotations

import copy
import os
import pwd
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from tests.conftest import require_program
from tests.waiting import wait_until

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

    def lets_in() -> bool:
        if server.poll() is not None:
            pytest.fail(f"postgres did not start:\n{log.read_text()}")
        try:
            psycopg.connect(host=str(folder), user="mizan", dbname="postgres").close()
        except psycopg.OperationalError:
            return False
        return True

    wait_until(lets_in, 20, "postgres lets somebody in")
