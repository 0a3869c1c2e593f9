"""
Contexts embedded in a page: the same answers that a request would get, inert in HTML.
"""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory

from mizan.client import client
from tests.api import Api

pytestmark = pytest.mark.django_db


def page(arguments: str = "", user: Any = None, **context: Any) -> str:
    request = RequestFactory().get("/")
    request.user = user or AnonymousUser()
    return Template("{% load mizan %}{% mizan_hydration " + arguments + " %}").render(
        Context({"request": request, **context})
    )


def payload(html: str) -> Any:
    found = re.fullmatch(r'<script type="application/json" id="mizan-data">(.*)</script>', html)
    assert found is not None
    return json.loads(found[1])


@pytest.fixture
def served(api: Api) -> Api:
    @client(context="global", auth=False)
    def site(request: Any) -> str:
        return "</script><!-- & \u2028"

    @client(context="global", auth=True)
    def current_user(request: Any) -> str:
        return str(request.user.get_username())

    @client(context="user", auth=False)
    def profile(request: Any, id: int) -> int:
        return id

    @client(context="user", auth=False)
    async def later(request: Any, id: int) -> str:
        return "later"

    @client(context="secret", auth="staff")
    def secret(request: Any) -> str:
        return "secret"

    @client(context="broken", auth=False)
    def broken(request: Any) -> str:
        raise RuntimeError("secret")

    @client(context="broken", auth=False)
    def whole(request: Any) -> str:
        return ""

    api.serve(site, current_user, profile, later, secret, broken, whole)
    return api


def test_the_payload_is_what_a_request_would_answer(served: Api) -> None:
    """For a visitor and for a user, sync and async readers, with the CSRF token."""
    visitor = payload(page("user=5"))
    member = payload(page(user=User.objects.create_user("ann")))

    assert visitor["v"] == 1
    assert len(visitor["csrfToken"]) == 64
    assert visitor["contexts"][0]["name"] == "global"
    assert visitor["contexts"][0]["data"]["$errors"]["current_user"]["code"] == "UNAUTHORIZED"
    assert visitor["contexts"][1] == {"name": "user", "params": {"id": 5}, "data": {"later": "later", "profile": 5}}
    assert visitor["contexts"][1]["data"] == served.get("ctx/user/?id=5").json()
    assert member["contexts"][0]["data"]["current_user"] == "ann"


def test_parameters_are_told_as_react_has_them(served: Api) -> None:
    """A number out of an address is text in the template and a number in the provider: it is one instance."""
    for arguments, params in (("user='05'", {}), ("user=params", {"params": {"id": "5", "utm": "x", "none": None}})):
        assert payload(page(arguments, **params))["contexts"][1]["params"] == {"id": 5}


def test_nothing_in_the_data_ends_the_script(served: Api) -> None:
    """Case 39: the data comes back whole, and the page has one script element."""
    html = page()

    assert html.count("<") == html.count(">") == 2
    assert "&" not in html
    assert payload(html)["contexts"][0]["data"]["site"] == "</script><!-- & \u2028"


def test_what_a_user_may_not_see_is_left_out(served: Api) -> None:
    """Not an error of the page; staff gets it."""
    names = [one["name"] for one in payload(page("secret=params", params={}))["contexts"]]
    staff = User.objects.create_user("eve", is_staff=True)

    assert names == ["global"]
    assert payload(page("secret=True", user=staff))["contexts"][1]["data"] == {"secret": "secret"}


def test_what_fails_is_left_to_the_browser(served: Api) -> None:
    """It asks again and shows what the server says then; the page is rendered."""
    assert [one["name"] for one in payload(page("broken=params user='x'", params={}))["contexts"]] == ["global"]


@pytest.mark.parametrize(
    ("arguments", "message"), [("nothing=1", "no context 'nothing'"), ("secret=1", "dict of them, or True")]
)
def test_a_mistake_in_the_template_is_explained(served: Api, arguments: str, message: str) -> None:
    """To its author."""
    with pytest.raises(TemplateSyntaxError, match=message):
        page(arguments)


def test_the_tag_says_that_it_needs_the_request(served: Api) -> None:
    """And how the template gets it."""
    with pytest.raises(TemplateSyntaxError, match="needs the request"):
        Template("{% load mizan %}{% mizan_hydration %}").render(Context({}))
