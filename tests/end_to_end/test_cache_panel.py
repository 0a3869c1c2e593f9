"""
The panel of requests: what the server keeps is seen in a browser, and so is that none of it is ever stale.
"""

from __future__ import annotations

import secrets
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.end_to_end.server import manage
from tests.end_to_end.visitor import Visitor


@pytest.fixture
def server_environment(redis_server: str) -> dict[str, str]:
    """A cache that other processes reach; the secret keeps it apart from those of other tests."""
    return {"MIZAN_CACHE_REDIS_URL": redis_server, "MIZAN_CACHE_SECRET": secrets.token_hex(32)}


COVERED = """
(() => {
  const panel = document.querySelector(".requests").getBoundingClientRect()
  const meets = (box) =>
    box.left < panel.right && panel.left < box.right && box.top < panel.bottom && panel.top < box.bottom
  return [...document.querySelectorAll("#app :is(.header, .about, .visitor, .column, .panel)")]
    .filter((element) => meets(element.getBoundingClientRect()))
    .map((element) => element.className)
})()
"""
"""What of the page shares a place with the panel."""


class Panel:
    """
    The panel of requests on a visitor's page.
    """

    def __init__(self, visitor: Visitor) -> None:
        self.all = visitor.page.get_by_role("complementary", name="Requests")
        self.handle = self.all.locator("summary")
        self.counts = self.all.get_by_role("status")
        self.rows = self.all.locator("tbody").get_by_role("row")

    def open(self) -> None:
        if not self.read_again.is_visible():
            self.handle.press("Enter")
        expect(self.read_again).to_be_visible()

    @property
    def read_again(self) -> Locator:
        return self.all.get_by_role("button", name="Read again")

    def read(self, cache: str) -> None:
        """Read the board again; what comes of it is the newest row, and says *cache*."""
        before = int(self.handle.locator(".count").inner_text())
        self.read_again.click()
        expect(self.handle).to_contain_text(str(before + 1))
        self.expect_newest("GET board", cache)

    def expect_newest(self, asked: str, cache: str) -> None:
        newest = self.rows.first
        expect(newest.get_by_role("rowheader")).to_have_text(asked)
        expect(newest.get_by_role("cell").nth(0)).to_have_text(cache)
        expect(newest.get_by_role("cell").nth(1)).to_have_text("200")


def test_the_page_asks_for_nothing_until_somebody_does(visitor: Visitor) -> None:
    """The page came with its data; what is read again was kept since then, for visitors too."""
    panel = Panel(visitor)
    expect(panel.read_again).to_be_visible()
    expect(panel.all).to_contain_text("Nothing so far")
    assert visitor.fetched() == []

    panel.read("HIT")
    panel.read("HIT")

    expect(panel.counts).to_have_text("2 hits, 0 misses")
    assert visitor.fetched() == ["board", "board"]
    panel.handle.press("Enter")
    expect(panel.read_again).to_be_hidden()


def test_a_move_makes_the_next_read_a_miss(visitor: Visitor) -> None:
    """A mutation says nothing of a cache; what it made stale is computed once, and is a hit from then on."""
    visitor.log_in("Jonas Weber")
    panel = Panel(visitor)
    panel.open()
    panel.read("HIT")

    visitor.page.get_by_role("button", name="Move “Print the flyers” to Review").click()
    expect(visitor.page.get_by_role("region", name="Activity")).to_contain_text("moved Print the flyers to Review")

    row = panel.rows.filter(has_text="move_task")
    expect(row.get_by_role("rowheader")).to_have_text("POST move_task")
    expect(row.get_by_role("cell").nth(0)).to_be_empty()
    expect(panel.rows.filter(has_text="GET board").first).to_contain_text("MISS")
    panel.read("HIT")
    expect(visitor.card("Review", "Print the flyers")).to_be_visible()


def test_a_change_by_another_process_is_seen(
    visitor: Visitor, tmp_path: Path, server_environment: dict[str, str]
) -> None:
    """Somebody changes a task in Django's shell; the next read brings it, though nothing told the server."""
    panel = Panel(visitor)
    panel.open()
    panel.read("HIT")

    change = "Task.objects.filter(title='Find a stage').update(title='Find a larger stage')"
    code = f"from demo_project.board.models import Task; {change}"
    manage(tmp_path, server_environment, "shell", "-c", code)

    panel.read("MISS")
    expect(visitor.card("To do", "Find a larger stage")).to_be_visible()
    panel.read("HIT")


def test_no_more_than_ten_requests_are_shown(visitor: Visitor) -> None:
    """The list stays as high as it was, and the counts go on."""
    panel = Panel(visitor)
    panel.open()
    body = panel.all.locator(".requests-body")
    before = body.bounding_box()

    for _ in range(11):
        panel.read("HIT")

    expect(panel.rows).to_have_count(10)
    expect(panel.counts).to_have_text("11 hits, 0 misses")
    assert body.bounding_box() == before


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("device", "width", "height"), [("wide", 1440, 900), ("tablet", 1000, 800), ("phone", 390, 844)]
)
def test_the_panel_covers_nothing(
    browser: Browser, address: str, device: str, width: int, height: int, scheme: str
) -> None:
    """It is open where there is room beside the board, and below everything else; the screenshots are for the eye."""
    with browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce"
    ) as context:
        visitor = Visitor(context.new_page(), address)
        visitor.open()
        panel = Panel(visitor)
        expect(panel.read_again).to_be_visible(visible=width >= 1200)
        visitor.photograph(f"visitor-{device}-{scheme}")
        visitor.log_in("Jonas Weber")
        expect(visitor.page.get_by_role("button", name="Log out")).to_be_visible()
        panel.open()
        panel.read("HIT")
        visitor.page.get_by_role("button", name="Move “Print the flyers” to Review").press("Enter")
        expect(panel.rows.filter(has_text="only board_statistics")).to_be_visible()
        panel.read("HIT")

        visitor.photograph(f"requests-{device}-{scheme}")
        assert visitor.page.evaluate("document.documentElement.scrollWidth") <= width
        assert visitor.page.evaluate(COVERED) == []
        assert visitor.complaints() == []
