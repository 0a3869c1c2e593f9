"""
Putting functions in service: by hand, by app, and by themselves.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import run_checks

from mizan.client import client
from mizan.protocol.registry import default_registry
from mizan.setup import mizan_clients, register
from tests.api import Api

ROOT = Path(__file__).resolve().parents[1]
APP = {
    "__init__.py": "",
    "models.py": "",
    "clients/__init__.py": """
from mizan.client import client
from mizan.setup import register

@client(auth=False)
def plain(request) -> str:
    return "plain"

@client(auth=False)
def renamed(request) -> str:
    return "renamed"

register(renamed, "by.hand")
""",
    "clients/deep/__init__.py": "",
    "clients/deep/more.py": """
from mizan.client import client
from ..  import plain

@client(auth=False)
def deep(request) -> str:
    return plain(request)
""",
}


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An app called ``shop`` whose ``clients`` is a package."""
    for name, text in APP.items():
        path = tmp_path / "shop" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    with default_registry.isolated():
        yield "shop"
    for name in [name for name in sys.modules if name.split(".")[0] == "shop"]:
        del sys.modules[name]


def answers(*names: str) -> dict[str, int]:
    return {name: Api().call(name).status_code for name in names}


def test_an_app_serves_what_its_clients_declare(app: str) -> None:
    """In every module of the package, and under the name given by hand only."""
    mizan_clients(app)

    assert answers("plain", "deep", "by.hand", "renamed") == {"plain": 200, "deep": 200, "by.hand": 200, "renamed": 404}
    mizan_clients(app)
    assert not [finding for finding in run_checks(tags=["mizan"]) if finding.id == "mizan.E003"]


DECORATED = """
from django.contrib.admin.views.decorators import staff_member_required
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.views.decorators.csrf import csrf_exempt
from mizan.client import client
from mizan.setup import register

@login_required
@client(auth=False)
def logged_in(request) -> str:
    return "secret"

@staff_member_required
@client(auth=False)
def for_staff(request) -> str:
    return "secret"

@transaction.atomic
@client(auth=False)
def atomic(request) -> str:
    return "secret"

@login_required
@register
@client(auth=False)
def registered(request) -> str:
    return "secret"

@client(auth=False)
@csrf_exempt
def below(request) -> str:
    return "served"

also_below = login_required(below)
register(logged_in)
"""


def test_a_function_below_a_decorator_is_never_served(app: str, tmp_path: Path) -> None:
    """Whatever the decorator checks, a call of the function would go past it; functools.wraps hides that."""
    (tmp_path / "shop" / "clients" / "guarded.py").write_text(DECORATED)

    mizan_clients(app)

    names = ("logged_in", "for_staff", "atomic", "registered")
    assert answers(*names, "below") == {**dict.fromkeys(names, 404), "below": 200}
    found = {str(finding.msg).split()[0]: finding for finding in run_checks() if finding.id == "mizan.E019"}
    assert set(found) == {f"shop.clients.guarded.{name}" for name in names}
    assert "(shop/clients/guarded.py:9)" in str(found["shop.clients.guarded.logged_in"].msg)
    assert "@client(auth=True)" in str(found["shop.clients.guarded.logged_in"].hint)
    assert "below @client" in str(found["shop.clients.guarded.atomic"].hint)


def test_a_bound_method_is_not_the_function_that_was_decorated() -> None:
    """Its spec is the function's, which takes one argument more."""

    class Shop:
        @client(auth=False)
        def total(self, request: Any) -> int: ...

    with default_registry.isolated():
        register(Shop().total)

        assert list(default_registry) == []
        assert [finding.id for finding in default_registry.conflicts()] == ["mizan.E019"]


def test_an_app_without_clients_is_an_error() -> None:
    """Where somebody names it; discovery passes over it."""
    with pytest.raises(ModuleNotFoundError, match="tests.things.clients"):
        mizan_clients("tests.things")


def test_registering_what_is_no_client_says_what_to_write() -> None:
    """The line above the function."""
    with pytest.raises(TypeError, match="Write @client above it"):
        register(len)


def test_a_function_has_one_name() -> None:
    """The last that somebody gave it: what `affects=` names by the function must be one reader."""

    @client(auth=False)
    def greet(request: Any) -> str:
        return "hello"

    with default_registry.isolated():
        register(greet)
        register(greet, "welcome")

        assert answers("greet", "welcome") == {"greet": 404, "welcome": 200}


@pytest.mark.parametrize(
    ("setting", "served"), [("", ["plain", "by.hand", "deep"]), ("MIZAN_AUTODISCOVER = False", [])]
)
def test_installed_apps_are_found(app: str, tmp_path: Path, setting: str, served: list[str]) -> None:
    """Without a line in ``ready()``, unless the project wants to write it; a process of its own starts Django anew."""
    (tmp_path / "shop_settings.py").write_text(
        "from tests.settings import *\nINSTALLED_APPS = [*INSTALLED_APPS, 'shop']\n" + setting
    )
    program = (
        "import django; django.setup()\n"
        "from mizan.protocol.registry import default_registry\n"
        "print(sorted(spec.name for spec in default_registry))"
    )
    environment = {"DJANGO_SETTINGS_MODULE": "shop_settings", "PYTHONPATH": f"{tmp_path}:{ROOT}"}

    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=environment, check=False)

    assert run.stderr == ""
    assert run.stdout.strip() == str(sorted(served))


def run_project(program: str, settings: str, folder: Path) -> str:
    """What *program* prints in a process of its own, in the tests' project with *settings* besides."""
    (folder / "own_settings.py").write_text(f"from tests.settings import *\n{settings}")
    environment = {"DJANGO_SETTINGS_MODULE": "own_settings", "PYTHONPATH": f"{folder}:{ROOT}"}
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=environment, check=True)
    return run.stdout


def test_serving_does_not_wait_for_what_describes(tmp_path: Path) -> None:
    """drf-spectacular is a fifth of a start; it is loaded when somebody asks for the document."""
    program = (
        "import django, sys; django.setup()\n"
        "from django.test import Client\n"
        "from mizan.client import client\n"
        "from mizan.setup import register\n"
        "@client(auth=False)\n"
        "def echo(request, text: str) -> str: return text\n"
        "register(echo)\n"
        "print(Client().post('/api/mizan/call/echo/', {'text': 'hi'}, content_type='application/json').json())\n"
        "print('drf_spectacular.openapi' in sys.modules)\n"
        "print(Client().get('/api/mizan/schema/').status_code)\n"
    )
    assert run_project(program, "MIZAN_SHOW_DOCS = True", tmp_path).splitlines() == ["{'result': 'hi'}", "False", "200"]


def test_the_projects_own_document_knows_mizans_tokens(tmp_path: Path) -> None:
    """Where the project describes its own views with drf-spectacular."""
    program = (
        "import django; django.setup()\n"
        "from django.urls import path\n"
        "from drf_spectacular.generators import SchemaGenerator\n"
        "from rest_framework.response import Response\n"
        "from rest_framework.views import APIView\n"
        "from drf_spectacular.utils import extend_schema\n"
        "from mizan.rest.authentication import MWTAuthentication\n"
        "class Own(APIView):\n"
        "    authentication_classes = [MWTAuthentication]\n"
        "    @extend_schema(responses=int)\n"
        "    def get(self, request): return Response(1)\n"
        "document = SchemaGenerator(patterns=[path('own/', Own.as_view())]).get_schema(None, True)\n"
        "print(list(document['components']['securitySchemes']))\n"
    )
    own = (
        "INSTALLED_APPS = [*INSTALLED_APPS, 'drf_spectacular']\n"
        "REST_FRAMEWORK = {'DEFAULT_SCHEMA_CLASS': 'drf_spectacular.openapi.AutoSchema'}"
    )
    printed = run_project(program, own, tmp_path)
    assert printed.strip() == "['mizanToken']"


def test_the_projects_own_document_stays_valid(tmp_path: Path) -> None:
    """Mizan's operations are OpenAPI 3.1, and the project's hooks do not know them."""
    program = (
        "import django; django.setup()\n"
        "from django.core.management import call_command\n"
        "from mizan.client import client\n"
        "from mizan.setup import register\n"
        "@client(auth=False)\n"
        "def echo(request, pair: tuple[int, str | None]) -> str: ...\n"
        "register(echo)\n"
        "call_command('spectacular', '--validate', '--fail-on-warn', '--format', 'openapi-json')\n"
    )
    own = (
        "INSTALLED_APPS = [*INSTALLED_APPS, 'rest_framework', 'drf_spectacular']\n"
        "REST_FRAMEWORK = {'DEFAULT_SCHEMA_CLASS': 'drf_spectacular.openapi.AutoSchema'}\n"
    )

    document = json.loads(run_project(program, own, tmp_path))

    assert document["paths"] == {}


def test_what_the_project_says_of_its_api_is_kept(tmp_path: Path) -> None:
    """In ``SPECTACULAR_SETTINGS``: words, servers and tags. What would change the operations is not."""
    program = (
        "import django; django.setup()\n"
        "from mizan.client import client\n"
        "from mizan.export.text import openapi_text\n"
        "from mizan.setup import register\n"
        "@client(auth=False)\n"
        "def echo(request, some_text: str) -> str: ...\n"
        "register(echo)\n"
        "print(openapi_text())\n"
    )
    said = {
        "DESCRIPTION": "All we sell.",
        "TOS": "https://shop.example/terms",
        "CONTACT": {"email": "api@shop.example"},
        "LICENSE": {"name": "MIT"},
        "EXTERNAL_DOCS": {"url": "https://shop.example/docs"},
        "SERVERS": [{"url": "https://shop.example"}],
        "TAGS": [{"name": "shop", "description": "What is sold."}],
        "EXTENSIONS_INFO": {"x-logo": {"url": "logo.svg"}},
        "EXTENSIONS_ROOT": {"x-audience": "partners"},
        "APPEND_PATHS": {"/other/": {}},
        "CAMELIZE_NAMES": True,
    }

    document = json.loads(run_project(program, f"SPECTACULAR_SETTINGS = {said}\n", tmp_path))

    assert document["info"] == {
        "title": "Mizan",
        "version": "1.0.0",
        "x-logo": {"url": "logo.svg"},
        "description": "All we sell.",
        "termsOfService": "https://shop.example/terms",
        "contact": {"email": "api@shop.example"},
        "license": {"name": "MIT"},
    }
    assert document["servers"] == [{"url": "https://shop.example"}]
    assert document["tags"] == [{"name": "shop", "description": "What is sold."}]
    assert document["externalDocs"] == {"url": "https://shop.example/docs"}
    assert document["x-audience"] == "partners"
    assert set(document["paths"]) == {"/api/mizan/call/echo/", "/api/mizan/session/"}
    assert list(document["components"]["schemas"]["EchoArgs"]["properties"]) == ["some_text"]
