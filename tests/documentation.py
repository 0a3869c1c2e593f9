"""
The documentation as what it shows: its blocks, the projects in them, and programs that run them.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.management import call_command

ROOT = Path(__file__).parent.parent


PAGES = {page.name: page for page in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))}


# Both say how to set up a whole project.
TUTORIALS = ("README.md", "getting-started.md")


BLOCK = re.compile(r"^```(?P<info>[^\n]*)\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE)


FILE = re.compile(r"# (?:backend/)?(my(?:project|app)/\w+\.py)$")


VISITOR, ANN, STAFF = None, "ann", "staff"


PROGRAM = '''
"""Serve chapters of requests, which come as JSON, each by the app that it names; print the answers as JSON."""

import contextlib
import importlib
import io
import json
import sys
import traceback

import django

django.setup()

from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.test import Client
from django.test.utils import setup_test_environment

from mizan.protocol.registry import default_registry
from mizan.setup import mizan_clients


def check():
    output = io.StringIO()
    try:
        call_command("check", fail_level="WARNING", stdout=output, stderr=output)
    except CommandError as error:
        return str(error)
    return ""


def send(method, path, body, user):
    client = Client(raise_request_exception=False)
    if user is not None:
        client.force_login(users[user])
    response = client.generic(method, path, json.dumps(body) if body is not None else "", "application/json")
    text = response.content.decode()
    is_json = response["Content-Type"].startswith("application/json")
    return {"status": response.status_code, "body": json.loads(text) if is_json else text}


def serve(app, requests):
    try:
        if app is not None:
            mizan_clients(app)
        return {
            "problems": check(),
            "served": [spec.name for spec in default_registry],
            "answers": [send(*request) for request in requests],
        }
    except Exception:
        # The other snippets are worth a look all the same.
        return {"problems": traceback.format_exc(), "served": [], "answers": []}


setup_test_environment()
application = importlib.import_module("myproject.asgi").application
call_command("migrate", verbosity=0)
create = get_user_model().objects.create_user
users = {"ann": create("ann"), "staff": create("staff", is_staff=True)}
chapters = []
for app, requests in json.load(sys.stdin):
    with default_registry.isolated() if app is not None else contextlib.nullcontext():
        chapters.append(serve(app, requests))
print(json.dumps({"is_asgi": callable(application), "chapters": chapters}))
'''


@dataclass(frozen=True)
class Request:
    """One request of a page, below the address where it includes ``mizan.urls``."""

    method: str
    path: str
    body: Any = None
    user: str | None = VISITOR

    def wire(self) -> tuple[str, str, Any, str | None]:
        path = self.path if self.path.startswith("/") else f"/api/mizan/{self.path}"
        return self.method, path, self.body, self.user


def text_of(page: str) -> str:
    return PAGES[page].read_text(encoding="utf-8")


def blocks(page: str, info: str) -> list[str]:
    """The blocks of code on *page* whose fence says *info*."""
    return [block["text"] for block in BLOCK.finditer(text_of(page)) if block["info"] == info]


def json_blocks(page: str) -> list[Any]:
    return [json.loads(block) for block in blocks(page, "json")]


def run_snippets() -> list[tuple[str, str, str]]:
    """Every snippet to run: its page, its number there, its text."""
    return [
        (page, f"{Path(page).stem.lower().replace('-', '_')}_{number}", text)
        for page in PAGES
        for number, text in enumerate(blocks(page, "python run"), 1)
    ]


def start_project(folder: Path, files: Mapping[str, str]) -> None:
    """What ``startproject`` and ``startapp`` make, with *files* as a page shows them."""
    call_command("startproject", "myproject", str(folder))
    (folder / "myapp").mkdir()
    call_command("startapp", "myapp", str(folder / "myapp"))
    settings = folder / "myproject" / "settings.py"
    for name, text in files.items():
        if folder / name == settings:
            # The page shows the apps to add, and says that the others stay.
            before = settings.read_text(encoding="utf-8")
            rest = "INSTALLED_APPS += [app for app in _BEFORE if app not in INSTALLED_APPS]\n"
            settings.write_text(f"{before}\n_BEFORE = INSTALLED_APPS\n{text}\n{rest}", encoding="utf-8")
        else:
            (folder / name).write_text(text, encoding="utf-8")


def files_of(page: str) -> dict[str, str]:
    """The files of a project that *page* shows, by their path in the backend."""
    texts = [*blocks(page, "python"), *blocks(page, "python run")]
    named = [(FILE.match(text.partition("\n")[0]), text) for text in texts]
    return {found[1]: text for found, text in named if found}


def serve(folder: Path, chapters: Sequence[tuple[str | None, Sequence[Request]]]) -> list[dict[str, Any]]:
    """What the project in *folder* answers, chapter by chapter."""
    (folder / "converse.py").write_text(PROGRAM, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "converse.py"],
        cwd=folder,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "myproject.settings",
            "PYTHONPATH": str(ROOT),
            "PYTHONDONTWRITEBYTECODE": "1",
        },
        input=json.dumps([(app, [request.wire() for request in requests]) for app, requests in chapters]),
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    answered = json.loads(done.stdout.splitlines()[-1])
    assert answered["is_asgi"]
    return answered["chapters"]


def without_event(body: dict[str, Any]) -> dict[str, Any]:
    """An answer without the number of its event, which is random."""
    assert body["event"]
    return {name: value for name, value in body.items() if name != "event"}
