"""
Axe finds nothing to complain about: the demo, and the API pages of its functions and contexts.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.end_to_end.visitor import Visitor

API_PAGES = ["", "call/echo/", "call/edit_task/", "ctx/board/", "ctx/task/?id=1", "ctx/global/"]
SIZES = {"wide": (1440, 900), "phone": (390, 844)}


def problems(page: Page) -> list[str]:
    """What axe finds, each with the elements that have it."""
    found = Axe().run(page).response["violations"]
    return [f"{each['id']}: {', '.join(str(node['target']) for node in each['nodes'])}" for each in found]


@pytest.fixture(params=SIZES)
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """A page of each size. Axe is put into it past the Content Security Policy, which would keep it out."""
    width, height = SIZES[request.param]
    with browser.new_context(
        viewport={"width": width, "height": height}, reduced_motion="reduce", bypass_csp=True
    ) as context:
        yield context.new_page()


def test_the_demo_is_accessible(page: Page, address: str) -> None:
    """To a visitor, to somebody who is logged in, and with a task open."""
    visitor = Visitor(page, address)
    visitor.open()
    found = problems(page)
    visitor.log_in("Jonas Weber")
    found += problems(page)
    page.evaluate("window.location.hash = '/tasks/1'")
    page.get_by_role("dialog").get_by_label("Your comment").wait_for()
    found += problems(page)

    assert found == []


def test_the_api_pages_are_accessible(page: Page, address: str) -> None:
    """The index, a function, a context before and after it was read."""
    found = []
    for path in API_PAGES:
        page.goto(f"{address}/api/mizan/{path}")
        found += [f"{path} {problem}" for problem in problems(page)]

    assert found == []
