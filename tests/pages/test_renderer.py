"""
Rendering: what is inert, which policy holds, and what a person sees without the docs.
"""

from __future__ import annotations

from typing import Annotated, Any

import pytest
from django.test import Client
from django.urls import include, path
from pydantic import Field

from mizan.client import client
from mizan.pages.renderer import paragraphs
from tests.api import PREFIX, Api
from tests.pages.markup import HOSTILE, HTML, answer_of, shown, tags_of, text_of

urlpatterns = [path("<slug:tenant>/m/", include("mizan.urls"))]


def test_everything_that_developers_and_callers_write_is_inert(api: Api) -> None:
    """A docstring, a description, a default and a value are text, whatever they hold."""

    @client(auth=False, context="user")
    def reader(request: Any, text: Annotated[str, Field(description=HOSTILE, title=HOSTILE)] = HOSTILE) -> str:
        return text

    @client(auth=False, affects="user")
    def hostile(request: Any, text: Annotated[str, Field(description=HOSTILE, title=HOSTILE)] = HOSTILE) -> str:
        return text

    hostile.__mizan__ = hostile.__mizan__.__class__(  # type: ignore[attr-defined]
        **{name: getattr(hostile.__mizan__, name) for name in hostile.__mizan__.__slots__} | {"doc": HOSTILE}  # type: ignore[attr-defined]
    )
    api.serve(reader, hostile)

    pages = [
        api.get("call/hostile/", **HTML),
        api.http.post(f"{PREFIX}call/hostile/", {"text": HOSTILE}, **HTML),
        api.post("call/hostile/", "</textarea>" + HOSTILE, **HTML),
        api.http.get(f"{PREFIX}ctx/user/", {"text": HOSTILE}, **HTML),
        api.http.get(f"{PREFIX}ctx/user/", {HOSTILE: HOSTILE}, **HTML),
        api.http.get(PREFIX, {"q": '"><script>'}, **HTML),
    ]

    for page in pages:
        tags = tags_of(page)
        assert [attributes for tag, attributes in tags if tag == "script"] == [
            {"src": attributes["src"], "defer": None} for tag, attributes in tags if tag == "script"
        ]
        assert "b" not in {tag for tag, _ in tags}
        assert not [name for _, attributes in tags for name in attributes if name.startswith("on")]
        assert "style" not in {name for _, attributes in tags for name in attributes}
    assert HOSTILE in shown(pages[0])
    assert "{{ request }} {% load x %}" in answer_of(pages[1])


def test_pages_run_under_a_strict_policy(api: Api) -> None:
    """No inline script or style, nothing from elsewhere."""

    @client(auth=False)
    def echo(request: Any) -> None: ...

    api.serve(echo)

    page = api.get("call/echo/", **HTML)

    assert "script-src 'self'; style-src 'self';" in page.headers["Content-Security-Policy"]
    assert "http" not in {str(attributes.get("src", "")).partition(":")[0] for _, attributes in tags_of(page)}


def test_without_the_docs_a_person_gets_the_answer_and_no_more(api: Api, settings: Any) -> None:
    """The docstring and the form say how the server is made; GET is then refused as it is to a program."""
    settings.MIZAN_SHOW_DOCS = None

    @client(auth=False)
    def echo(request: Any, text: str) -> str:
        """Secret advice."""
        return text

    api.serve(echo)

    page = api.get("call/echo/", **HTML)
    answer = api.http.post(f"{PREFIX}call/echo/", {"text": "hi"}, **HTML)
    missing = api.get("call/nothing/", **HTML)

    assert (page.status_code, missing.status_code) == (405, 404)
    assert '"METHOD_NOT_ALLOWED"' in answer_of(page)
    assert '"NOT_FOUND"' in answer_of(missing)
    assert '"result": "hi"' in answer_of(answer)
    assert not any("Secret advice" in text_of(one) or 'name="text"' in text_of(one) for one in (page, answer))


def test_refused_credentials_get_a_page_that_says_so(api: Api, settings: Any) -> None:
    """Finding out whether the caller is staff must not fail on the credentials that failed already."""
    settings.MIZAN_SHOW_DOCS = None

    @client(auth=False)
    def echo(request: Any) -> None: ...

    api.serve(echo)

    for address in ("call/echo/", "nowhere/"):
        page = api.get(address, HTTP_AUTHORIZATION="Basic !", **HTML)
        assert page.status_code in (401, 404)
        assert '"error": true' in answer_of(page)


@pytest.mark.urls("tests.pages.test_renderer")
def test_links_hold_wherever_the_urls_are_mounted(api: Api) -> None:
    """Under a prefix with a part of its own too."""

    @client(auth=False)
    def echo(request: Any) -> None: ...

    api.serve(echo)

    page = Client().get("/acme/m/call/echo/", **HTML)
    addresses = [str(attributes["href"]) for _, attributes in tags_of(page) if "href" in attributes]

    assert all(address.startswith("/acme/m/") for address in addresses)
    assert Client().get(addresses[1]).status_code == 200


def test_paragraphs_keep_their_line_breaks() -> None:
    """Empty lines part them."""
    assert paragraphs("One\ntwo.\n\n  \nThree.") == ["One\ntwo.", "Three."]
    assert paragraphs("") == []
