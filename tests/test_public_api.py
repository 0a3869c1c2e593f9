"""
The names that projects import, by hand: whoever takes one away, or adds one, does so here too.
"""

from __future__ import annotations

import importlib
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import pytest
from django.template import Engine
from django.urls import URLPattern, URLResolver, include, path, reverse

ROOT = Path(__file__).resolve().parents[1]

FACADES = {
    "mizan": ["ainvalidate", "invalidate", "wrap_asgi"],
    "mizan.client": [
        "BadRequest",
        "Conflict",
        "Forbidden",
        "GlobalContext",
        "MizanError",
        "NotFound",
        "NotImplementedByServer",
        "ReactContext",
        "Unauthorized",
        "client",
    ],
    "mizan.identity": ["issue_token", "revoke_tokens"],
    "mizan.ir": ["Finding", "IR_VERSION", "IrError", "SCALARS", "Schema", "check", "read", "write"],
    "mizan.rest.authentication": ["MWTAuthentication"],
    "mizan.setup": ["mizan_clients", "register"],
    "mizan.testing": ["CallFailed", "Caller", "Envelope"],
    "mizan.types": ["BigInt", "Upload"],
}
"""Modules that hold nothing but what projects import: all of their names."""

OTHERS = {
    "mizan.cache.redis_store": ["ClusterConnectionFactory"],  # by its path, in CACHES
    "mizan.codegen.generator": ["build_client", "read_schema"],
}
"""Modules that have more besides: those of their names that the documentation shows."""

ADDRESSES = ["asset", "call", "docs", "index", "schema", "session", "token"]
"""The names that ``reverse("mizan:…")`` knows without arguments or with one."""


@pytest.mark.parametrize("module", FACADES)
def test_a_facade_has_these_names_and_no_other(module: str) -> None:
    """A name that goes breaks a project; one that comes must be meant, documented and kept."""
    assert sorted(importlib.import_module(module).__all__) == FACADES[module]


@pytest.mark.parametrize(
    ("module", "name"), [(module, name) for module, names in {**FACADES, **OTHERS}.items() for name in names]
)
def test_what_projects_import_is_there(module: str, name: str) -> None:
    """Also where it is imported only when somebody asks for it."""
    assert getattr(importlib.import_module(module), name) is not None


def test_what_the_readme_imports_is_there() -> None:
    """Under the names that projects write."""
    program = (
        "import django; django.setup()\n"
        "from mizan import ainvalidate, invalidate, wrap_asgi\n"
        "from mizan.client import BadRequest, Conflict, Forbidden, GlobalContext, MizanError, NotFound\n"
        "from mizan.client import NotImplementedByServer, ReactContext, Unauthorized, client\n"
        "from mizan.setup import mizan_clients, register\n"
        "from mizan.types import BigInt, Upload\n"
    )
    environment = {"DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONPATH": str(ROOT)}
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=environment, check=False)
    assert (run.returncode, run.stderr) == (0, "")


def test_a_name_that_there_is_not_says_so() -> None:
    """As every module does, although this one imports its names late."""
    with pytest.raises(AttributeError, match="module 'mizan' has no attribute 'nothing'"):
        _ = importlib.import_module("mizan").nothing


@pytest.mark.parametrize("module", ["mizan.urls", "mizan.routes"])
def test_the_addresses_can_be_included(module: str) -> None:
    """With the one line that the documentation shows."""
    assert isinstance(path("api/", include(module)), URLResolver)


@pytest.mark.parametrize("name", ADDRESSES)
def test_an_address_is_found_by_its_name(name: str) -> None:
    """By the templates of a project."""
    arguments = ["mizan.css"] if name == "asset" else []

    assert reverse(f"mizan:{name}", args=arguments).startswith("/api/mizan/")


def test_no_other_address_has_a_name() -> None:
    """Beside the one that answers whatever is not there."""
    patterns = importlib.import_module("mizan.urls").urlpatterns
    named = [pattern.name for pattern in patterns if isinstance(pattern, URLPattern)]

    assert sorted(named) == sorted([*ADDRESSES, "unknown"])


def test_the_generator_is_a_program() -> None:
    """``mizan-generate`` is on the path of whoever installs Mizan."""
    [program] = [point for point in entry_points(group="console_scripts") if point.name == "mizan-generate"]

    assert program.value == "mizan.codegen.cli:main"
    assert callable(program.load())


def test_the_template_tag_is_found() -> None:
    """By ``{% load mizan %}``."""
    library = importlib.import_module("mizan.templatetags.mizan").register

    assert sorted(library.tags) == ["mizan_hydration"]
    assert not library.filters
    Engine(libraries={"mizan": "mizan.templatetags.mizan"}).from_string("{% load mizan %}{% mizan_hydration %}")


def test_the_commands_are_found() -> None:
    """By ``manage.py``."""
    from django.core.management import get_commands

    assert sorted(name for name, app in get_commands().items() if app == "mizan") == ["export_mizan_ir", "mizan_cache"]
