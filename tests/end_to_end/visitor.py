"""
Somebody in front of the demo, and everything their browser had to complain about.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import ConsoleMessage, Locator, Page, Request, Response

SCREENSHOTS = Path(__file__).parent / "screenshots"
CONTEXT = re.compile(r"/api/mizan/ctx/(\w+)/")
CALL = re.compile(r"/api/mizan/call/(?:([\w.]+)/)?$")


class Visitor:
    """
    A page of the demo. Console messages, exceptions and failed requests count as complaints unless `expecting` them.
    """

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        self.complaints: list[str] = []
        self.requests: list[Request] = []
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(f"exception: {error}"))
        page.on("request", self.requests.append)
        page.on("requestfailed", lambda request: self.complaints.append(f"failed: {request.method} {request.url}"))
        page.on("response", self._answered)

    def open(self, path: str = "/") -> None:
        self.page.goto(self.address + path)
        self.page.get_by_role("region", name="Doing").wait_for()

    def log_in(self, name: str) -> None:
        """Log in with a sample account, by one click that fills the form."""
        self.page.get_by_role("banner").get_by_role("button", name="Log in").click()
        dialog = self.page.get_by_role("dialog", name="Log in")
        dialog.get_by_role("button", name=name).click()
        dialog.get_by_role("button", name="Log in").click()
        dialog.wait_for(state="detached")

    def column(self, title: str) -> Locator:
        return self.page.get_by_role("region", name=title, exact=True)

    def card(self, column: str, title: str) -> Locator:
        return self.column(column).get_by_role("listitem").filter(has_text=title)

    def fetched(self) -> list[str]:
        """The contexts that were asked for, in order."""
        return [match[1] for request in self.requests if (match := CONTEXT.search(request.url))]

    def called(self) -> list[str]:
        """The functions that were called by name; an upload names its function in its body and is ``""`` here."""
        return [match[1] or "" for request in self.requests if (match := CALL.search(request.url))]

    @contextmanager
    def expecting(self, status: int, function: str) -> Iterator[None]:
        """
        The block makes the server refuse *function* with *status*, once. Chromium writes an error to the console for it.
        """
        before = len(self.complaints)
        with self.page.expect_response(lambda response: f"/call/{function}/" in response.url) as refused:
            yield
        assert refused.value.status == status
        self.page.wait_for_timeout(50)
        complaints, self.complaints[before:] = self.complaints[before:], []
        assert len(complaints) == 2, complaints
        assert all(f"{status}" in complaint for complaint in complaints), complaints

    def photograph(self, name: str) -> None:
        SCREENSHOTS.mkdir(exist_ok=True)
        self.page.screenshot(path=SCREENSHOTS / f"{name}.png")

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"console: {message.text}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400:
            self.complaints.append(f"status {response.status}: {response.request.method} {response.url}")
        if not response.url.startswith((self.address, "data:")):
            self.complaints.append(f"request to elsewhere: {response.url}")
