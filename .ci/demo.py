"""
``make demo``: everything from a fresh clone to a running demo at one address.

Each part is skipped when it was made before and nothing it is made of has changed.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time

from environment import PYTHON, ensure_environment
from node import ensure_frontend, ensure_node
from progress import ROOT, StepError, complain, run_quietly, say, seconds_since, step

HOST = os.environ.get("LISTEN") or "127.0.0.1"
PORT = os.environ.get("PORT") or "8000"
PATIENCE = 30


def main() -> int:
    start = time.monotonic()
    try:
        ensure_port_is_free()
        ensure_node()
        ensure_environment("demo")
        ensure_frontend()
        ensure_database()
        return serve(start)
    except StepError as error:
        return complain(error)
    except KeyboardInterrupt:
        say("\nStopped.")
        return 130


def ensure_port_is_free() -> None:
    """
    Asked first, so that nobody waits for a build only to read that the port is taken.
    """
    if not PORT.isascii() or not PORT.isdigit() or not 0 < int(PORT) < 65536:
        raise StepError(f"PORT={PORT} is no port: give a number from 1 to 65535, such as make demo PORT=8001.")
    try:
        with socket.create_server((HOST, int(PORT))):
            pass
    except OSError as error:
        # The text of the error itself repeats the address.
        reason = os.strerror(error.errno) if error.errno and error.errno > 0 else str(error)
        raise StepError(
            f"Cannot serve at {HOST}:{PORT}: {reason}.\n"
            f"Stop what listens there, or choose another port: make demo PORT={int(PORT) % 65535 + 1}"
        ) from error


def ensure_database() -> None:
    """
    Bring the tables up to date and put the sample data in; data that is there stays.
    """
    with step("Preparing the database and its sample data"):
        run_quietly([PYTHON, "manage.py", "migrate", "--no-input", "--verbosity", "0"])
        told = run_quietly([PYTHON, "manage.py", "load_sample_data"])
    for line in told.splitlines():
        say(f"  {line}")


def serve(start: float) -> int:
    """
    Run the server until it is interrupted; prints the address once the server answers there.
    """
    command = [str(PYTHON), "-m", "uvicorn", "demo_project.asgi:application", "--host", HOST, "--port", PORT]
    say("→ Starting the server …")
    server = subprocess.Popen([*command, "--log-level", "warning"], cwd=ROOT)
    # Terminated as a job ends, the demo takes its server along.
    signal.signal(signal.SIGTERM, lambda *_: server.terminate())
    try:
        wait_until_answering(server)
        say(f"  ready after {seconds_since(start)} in all")
        say(f"\nMizan's demo is at  http://{HOST}:{PORT}/   (Ctrl-C stops it)\n")
        return server.wait()
    except KeyboardInterrupt:
        # A terminal has sent the interrupt to the server too.
        with contextlib.suppress(KeyboardInterrupt):
            server.wait()
        say("\nStopped.")
        return 0
    finally:
        if server.poll() is None:
            server.terminate()
            server.wait()


def wait_until_answering(server: subprocess.Popen[bytes]) -> None:
    """
    Raises:
        StepError: The server ended, or did not listen in time.
    """
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise StepError(f"The server ended at once (status {server.returncode}); what it said stands above.")
        with contextlib.suppress(OSError), socket.create_connection((HOST, int(PORT)), timeout=1):
            return
        time.sleep(0.1)
    raise StepError(f"The server did not answer at {HOST}:{PORT} within {PATIENCE} seconds.")


if __name__ == "__main__":
    sys.exit(main())
