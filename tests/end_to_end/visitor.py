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
CALL = re.compile(r"/api/mizan/call/")


class Visitor:
    """
    A page of the demo. Console messages, exceptions and failed requests count as complaints unless `expecting` them.
    """

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        self.requests: list[Request] = []
        self._refused: list[Response] = []
        self._complaints: list[str] = []
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self._complaints.append(f"exception: {error}"))
        page.on("request", self._asked)
        page.on("requestfailed", lambda request: self._complaints.append(f"failed: {request.method} {request.url}"))
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

    def calls(self) -> int:
        """How many requests called a function."""
        return sum(CALL.search(request.url) is not None for request in self.requests)

    def complaints(self) -> list[str]:
        """
        Everything that went wrong so far.
        """
        self.page.wait_for_timeout(100)  # the console may be a little later than the answer
        return [
            *self._complaints,
            *(f"status {each.status}: {each.request.method} {each.url}" for each in self._refused),
        ]

    @contextmanager
    def expecting(self, status: int, path: str) -> Iterator[None]:
        """
        The block makes the server refuse *path* with *status*, once. Chromium writes an error to the console for it.
        """

        def is_refusal(response: Response) -> bool:
            return f"/api/mizan/{path}" in response.url and response.status == status

        with self.page.expect_response(is_refusal) as refused:
            yield
        self.page.wait_for_timeout(100)
        self._forgive(refused.value)
        assert self.complaints() == []

    def photograph(self, name: str) -> None:
        SCREENSHOTS.mkdir(exist_ok=True)
        self.page.screenshot(path=SCREENSHOTS / f"{name}.png")

    def _forgive(self, response: Response) -> None:
        self._refused.remove(response)
        self._complaints.remove(next(each for each in self._complaints if f"a status of {response.status} (" in each))

    def _asked(self, request: Request) -> None:
        self.requests.append(request)

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self._complaints.append(f"console: {message.text}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400:
            self._refused.append(response)
        if not response.url.startswith((self.address, "data:")):
            self._complaints.append(f"request to elsewhere: {response.url}")
