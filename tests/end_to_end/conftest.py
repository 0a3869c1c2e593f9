"""
Fixtures of the browser tests: the built demo, one server for each test, and somebody who clicks through it.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.conftest import require_program
from tests.end_to_end.server import (
    build_frontend,
    build_with_development_react,
    load_sample_data,
    served_demo,
)
from tests.end_to_end.visitor import Visitor

CHROMIUM_OPTIONS = [
    "--no-sandbox",
    "--headless",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium as the system has it."""
    program = require_program("chromium", "chromium")
    expect.set_options(timeout=10_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=CHROMIUM_OPTIONS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def npm() -> str:
    """npm, which builds the frontend."""
    require_program("node", "nodejs")
    return require_program("npm", "npm")


@pytest.fixture(scope="session")
def production_build(npm: str) -> Path:
    """The frontend as users get it."""
    return build_frontend(npm)


@pytest.fixture(scope="session")
def development_build(npm: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The frontend with React's own checks."""
    return build_with_development_react(npm, tmp_path_factory.mktemp("frontend") / "dist")


@pytest.fixture
def build(request: pytest.FixtureRequest) -> Path:
    """The frontend that is served: the one with React's own checks, unless a test asks for the other."""
    return request.getfixturevalue(getattr(request, "param", "development_build"))


@pytest.fixture(scope="session")
def sample_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database and files as every test finds them."""
    return load_sample_data(tmp_path_factory.mktemp("sample_data"))


@pytest.fixture
def server_environment() -> dict[str, str]:
    """What else the server has in its environment: nothing, unless a test module says so."""
    return {}


@pytest.fixture
def address(build: Path, sample_data: Path, tmp_path: Path, server_environment: dict[str, str]) -> Iterator[str]:
    """Where the demo is served, with fresh sample data."""
    shutil.copytree(sample_data, tmp_path, dirs_exist_ok=True)
    with served_demo(tmp_path, build, server_environment) as address:
        yield address


@pytest.fixture
def visitor(browser: Browser, address: str) -> Iterator[Visitor]:
    """Somebody on the demo's page; fails a test whose browser complained."""
    with browser.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce") as context:
        visitor = Visitor(context.new_page(), address)
        visitor.page.set_default_timeout(10_000)
        visitor.open()
        yield visitor
        assert visitor.complaints() == []
