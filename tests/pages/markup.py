"""
API pages as a browser and as a person read them.
"""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser

from django.http import HttpResponse

HTML = {"HTTP_ACCEPT": "text/html,application/xhtml+xml,*/*;q=0.8"}


HOSTILE = "</script><script>alert('1')</script> \"quotes\" {{ request }} {% load x %} <b onclick=x>"


def text_of(response: HttpResponse) -> str:
    """The page as markup."""
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    return response.content.decode()


def shown(response: HttpResponse) -> str:
    """The page as a person reads it, without tags."""
    return unescape(re.sub(r"<[^>]*>", "", text_of(response)))


def answer_of(response: HttpResponse) -> str:
    """The JSON in the page's answer."""
    found = re.search(r'<pre class="code body"[^>]*>(.*?)</pre>', text_of(response), re.DOTALL)
    assert found is not None
    return unescape(found[1])


class _Tags(HTMLParser):
    """Every tag with its attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def tags_of(response: HttpResponse) -> list[tuple[str, dict[str, str | None]]]:
    """The tags of the page in order."""
    parser = _Tags()
    parser.feed(text_of(response))
    return parser.tags


def inputs_of(response: HttpResponse) -> dict[str, tuple[str, dict[str, str | None]]]:
    """The inputs of the page by name."""
    return {
        str(attributes.get("name")): (tag, attributes)
        for tag, attributes in tags_of(response)
        if tag in ("input", "select", "textarea")
    }
