"""
The API pages of functions and contexts, and the packaged files they need.
"""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal
from enum import Enum
from html import unescape
from html.parser import HTMLParser
from typing import Annotated, Any

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import AsyncClient, Client, RequestFactory
from django.urls import include, path
from pydantic import BaseModel, Field
from rest_framework import serializers
from rest_framework.throttling import UserRateThrottle

from mizan.client import MizanError, client
from mizan.pages.assets import ASSETS
from mizan.pages.examples import sample
from mizan.pages.renderer import paragraphs
from mizan.pages.summaries import annotation_of
from mizan.pages.visibility import may_see_docs, prefix_of
from mizan.types import BigInt, Upload
from tests.rest.conftest import PREFIX, Api, code_of
from tests.things.models import Thing

HTML = {"HTTP_ACCEPT": "text/html,application/xhtml+xml,*/*;q=0.8"}
HOSTILE = "</script><script>alert('1')</script> \"quotes\" {{ request }} {% load x %} <b onclick=x>"

urlpatterns = [path("<slug:tenant>/m/", include("mizan.urls"))]


class Size(Enum):
    SMALL = "s"
    LARGE = "l"


class Address(BaseModel):
    street: str = Field(min_length=1)
    city: str = "Graz"


class ThingSerializer(serializers.ModelSerializer[Thing]):
    class Meta:
        model = Thing
        fields = ["name", "price"]


@pytest.fixture(autouse=True)
def _docs(settings: Any) -> None:
    """Everybody may see how the server is made."""
    settings.MIZAN_SHOW_DOCS = True


def text_of(response: HttpResponse) -> str:
    """The page as markup."""
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    return response.content.decode()


def shown(response: HttpResponse) -> str:
    """The page as a person reads it, without tags."""
    return unescape(re.sub(r"<[^>]*>", "", text_of(response)))


def answer_of(response: HttpResponse) -> str:
    """The JSON in the page's answer."""
    found = re.search(r'<pre class="code body">(.*?)</pre>', text_of(response), re.DOTALL)
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


def test_a_function_has_an_api_page_that_says_what_it_is(api: Api) -> None:
    """Docstring in paragraphs, who may call it, what it changes, its types, and how it is called from elsewhere."""

    class Broke(MizanError):
        status = 409

    @client(auth=False, context="user")
    def profile(request: Any, id: int) -> str:
        return ""

    @client(auth="staff", affects="user", merge=profile, raises=Broke, throttle="9/min", websocket=True, rev=2)
    def rename(
        request: Any, id: int, name: str = "Ann", note: Annotated[str | None, Field(max_length=9)] = None
    ) -> str:
        """
        Renames.

        Really:
        it does.
        """
        return name

    api.serve(profile, rename)

    page = api.get("call/rename/", **HTML)
    text = shown(page)

    assert page.status_code == 200
    assert '<p class="doc">Renames.</p><p class="doc">Really:\nit does.</p>' in text_of(page)
    for fact in (
        "staff",
        "affects user by id",
        "merges into user.profile by id",
        "raises BROKE",
        "9/min",
        "WebSocket",
        "rev 2",
    ):
        assert fact in text
    assert "rename(id: int, name: str = 'Ann', note: str | None = None) -> str" in text
    assert "const result = await rename.mutate({ id: 1 })" in text
    assert (
        "curl 'http://testserver/api/mizan/call/rename/' \\\n  -H 'Content-Type: application/json' \\\n  -d '{\"id\": 1}'"
        in text
    )


def test_the_form_has_an_input_for_every_argument(api: Api) -> None:
    """What DRF has no input for is a textarea of JSON; defaults are filled in."""

    @client(auth=False)
    def order(
        request: Any,
        id: int,
        items: list[int],
        address: Address,
        size: Size = Size.LARGE,
        gift: bool = True,
        price: Decimal = Decimal("1.50"),
        at: datetime = datetime(2026, 1, 2, 3, 4),
        tags: list[str] = ["a"],
    ) -> None: ...

    api.serve(order)

    inputs = inputs_of(api.get("call/order/", **HTML))

    assert inputs["id"][1]["type"] == "number"
    assert inputs["items"][0] == "textarea"
    assert inputs["address.street"][1]["type"] == "text"
    assert inputs["address.city"][1]["value"] == "Graz"
    assert inputs["size"][0] == "select"
    assert "checked" in inputs["gift"][1]
    assert (inputs["price"][1]["value"], inputs["price"][1]["step"]) == ("1.50", "any")
    assert inputs["at"][1]["value"] == "2026-01-02T03:04:00"
    assert all("id" in attributes for tag, attributes in inputs.values() if attributes.get("type") != "hidden")


def test_a_form_shows_what_was_sent_and_what_is_wrong_with_it(api: Api) -> None:
    """The messages stand at their fields, nested ones too; the answer is the one failure shape."""

    @client(auth=False)
    def order(request: Any, id: int, items: list[int], address: Address, note: str = "") -> None: ...

    api.serve(order)

    page = api.http.post(
        f"{PREFIX}call/order/",
        {"id": "five", "items": '[1, "x"]', "address.street": "", "address.city": "Wien", "note": '"><b>', "zz": "1"},
        **HTML,
    )
    inputs, text = inputs_of(page), text_of(page)

    assert page.status_code == 422
    assert inputs["id"][1]["value"] == "five"
    assert inputs["address.city"][1]["value"] == "Wien"
    assert inputs["note"][1]["value"] == '"><b>'
    assert "[1, &quot;x&quot;]</textarea>" in text
    assert inputs["id"][1]["aria-invalid"] == "true"
    assert re.search(r'id="field-address.street-error-1">[^<]*at least 1', text)
    assert re.search(r'id="field-items-error-1">1: [^<]*valid integer', text)
    assert re.search(r'<p class="error">zz: ', text)
    assert '"VALIDATION_ERROR"' in answer_of(page)


def test_fields_that_callers_cannot_send_have_no_input(api: Api) -> None:
    """Hidden and read-only ones of a DRF serializer; its lists are JSON."""

    class Row(serializers.Serializer[Any]):
        secret = serializers.HiddenField(default="x")
        made = serializers.DateTimeField(read_only=True)
        sizes = serializers.MultipleChoiceField(choices=["s", "l"])
        kind = serializers.ChoiceField(choices=[("a", "A"), ("b", "B")], style={"base_template": "radio.html"})
        tags = serializers.ListField(child=serializers.CharField())

    @client(auth=False)
    def add(request: Any, row: Row) -> None: ...

    api.serve(add)

    inputs = inputs_of(api.get("call/add/", **HTML))

    assert {name for name in inputs if name.startswith("row.")} == {"row.sizes", "row.kind", "row.tags"}
    assert (inputs["row.sizes"][0], inputs["row.kind"][0], inputs["row.tags"][0]) == ("select", "select", "textarea")
    assert "multiple" in inputs["row.sizes"][1]


@pytest.mark.django_db
def test_a_form_that_succeeded_is_not_validated_again(api: Api) -> None:
    """What was stored may be refused the second time, which would show errors beside a success."""

    @client(auth=False)
    def add_thing(request: Any, thing: ThingSerializer) -> int:
        thing.save()
        return Thing.objects.count()

    api.serve(add_thing)

    page = api.http.post(f"{PREFIX}call/add_thing/", {"thing.name": "cup", "thing.price": "2.00"}, **HTML)

    assert page.status_code == 200, answer_of(page)
    assert '"result": 1' in answer_of(page)
    assert inputs_of(page)["thing.name"][1]["value"] == "cup"
    assert 'class="error"' not in text_of(page)


def test_a_file_makes_the_form_multipart(api: Api) -> None:
    """And there is no JSON editor, because JSON has no place for it."""

    @client(auth=False)
    def store(request: Any, file: Upload, title: str = "") -> int:
        return len(file.read())

    api.serve(store)

    form = next(
        attributes for tag, attributes in tags_of(api.get("call/store/", **HTML)) if attributes.get("class") == "call"
    )
    page = api.http.post(f"{PREFIX}call/store/", {"file": SimpleUploadedFile("a.txt", b"123")}, **HTML)

    assert form["enctype"] == "multipart/form-data"
    assert inputs_of(page)["file"][1]["type"] == "file"
    assert "data-raw" not in text_of(page)
    assert "-F 'file=@file.bin'" in shown(page)
    assert '"result": 3' in answer_of(page)


def test_the_answer_comes_with_its_status_and_headers(api: Api) -> None:
    """X-Mizan-Invalidate among them."""

    @client(auth=False, context="user")
    def profile(request: Any, id: int) -> str:
        return ""

    @client(auth=False, affects="user")
    def rename(request: Any, id: int) -> str:
        return "ü"

    api.serve(profile, rename)

    page = api.http.post(f"{PREFIX}call/rename/", {"id": "5"}, **HTML)

    assert "200 OK" in shown(page)
    assert "<dt>X-Mizan-Invalidate</dt><dd>user;id=5</dd>" in text_of(page)
    assert '"result": "ü"' in answer_of(page)


def test_posted_json_stays_in_its_editor(api: Api) -> None:
    """As it was sent, valid or not; what is too large to be read is not shown."""

    @client(auth=False)
    def echo(request: Any, text: str) -> str:
        return text

    api.serve(echo)

    wrong = api.post("call/echo/", '{"text": </textarea>', **HTML)
    large = api.post("call/echo/", b'{"text": "' + b"x" * 3_000_000 + b'"}', **HTML)

    assert wrong.status_code == 400
    assert "{&quot;text&quot;: &lt;/textarea&gt;</textarea>" in text_of(wrong)
    assert large.status_code == 413
    assert '"PAYLOAD_TOO_LARGE"' in answer_of(large)


async def test_an_async_function_has_an_api_page_too(api: Api) -> None:
    """Templates are read in a thread."""

    @client(auth=False)
    async def echo(request: Any, text: str) -> str:
        return text

    api.serve(echo)
    http = AsyncClient()

    page = await http.get(f"{PREFIX}call/echo/", headers={"accept": "text/html"})
    answer = await http.post(f"{PREFIX}call/echo/", {"text": "hi"}, headers={"accept": "text/html"})

    assert "async" in shown(page)
    assert '"result": "hi"' in answer_of(answer)


def test_the_api_page_of_a_context_opens_with_its_form_and_shows_the_readers(api: Api) -> None:
    """Without parameters it does not complain; an empty optional input is not sent on."""

    @client(auth=False, context="user")
    def profile(request: Any, id: int) -> dict[str, int]:
        """Who it is."""
        return {"id": id}

    @client(auth=True, context="user")
    def orders(request: Any, id: int, page: int = 1) -> list[int]:
        return []

    api.serve(profile, orders)

    opened = api.get("ctx/user/", **HTML)
    bundle = api.get("ctx/user/?id=5&page=", **HTML)
    wrong = api.get("ctx/user/?id=x&~only=profile", **HTML)

    assert opened.status_code == 200
    assert "hidden" in dict(next(item for item in tags_of(opened) if item[1].get("id") == "answer")[1])
    assert "Who it is." in shown(opened)
    assert "<UserContext id={1}>" in shown(opened)
    assert '"profile": {\n        "id": 5' in answer_of(bundle)
    assert '"UNAUTHORIZED"' in answer_of(bundle)
    assert "ETag" not in bundle.headers
    assert wrong.status_code == 422
    assert inputs_of(wrong)["id"][1]["value"] == "x"


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


def test_api_pages_run_under_a_strict_policy(api: Api) -> None:
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


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("shows", "debug", "who", "expected"),
    [
        (None, False, "anonymous", False),
        (None, False, "staff", True),
        (None, False, "inactive", False),
        (None, True, "anonymous", True),
        (True, False, "anonymous", True),
        (False, True, "staff", False),
    ],
)
def test_who_sees_the_docs(settings: Any, shows: Any, debug: bool, who: str, expected: bool) -> None:
    """MIZAN_SHOW_DOCS: True everybody, False nobody, None while DEBUG is on or staff."""
    settings.MIZAN_SHOW_DOCS, settings.DEBUG = shows, debug
    request = RequestFactory().get("/")
    request.user = AnonymousUser() if who == "anonymous" else User(is_staff=True, is_active=who != "inactive")

    assert may_see_docs(request) is expected


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


def test_a_function_that_cannot_be_served_has_an_api_page_all_the_same(api: Api) -> None:
    """Its form says what is wrong; the index and the system checks do too."""

    class Unservable: ...

    @client(auth="blog.add_post", cache=False, deprecated=True, throttle=UserRateThrottle)
    def odd(request: Any, thing: Unservable, other=None): ...

    api.serve(odd)

    page = api.get("call/odd/", **HTML)

    assert page.status_code == 200
    assert "No form can be made of these arguments" in shown(page)
    for fact in (
        "odd(thing: Unservable, other: ? = None)",
        "blog.add_post",
        "not cached",
        "deprecated",
        "UserRateThrottle",
    ):
        assert fact in shown(page)


def test_an_index_that_is_mounted_nowhere_links_to_the_root(settings: Any) -> None:
    """There is nothing better to link to."""
    settings.ROOT_URLCONF = "tests.things.no_urls"

    assert prefix_of(RequestFactory().get("/")) == "/"


@pytest.mark.urls("tests.rest.test_pages")
def test_links_hold_wherever_the_urls_are_mounted(api: Api) -> None:
    """Under a prefix with a part of its own too."""

    @client(auth=False)
    def echo(request: Any) -> None: ...

    api.serve(echo)

    page = Client().get("/acme/m/call/echo/", **HTML)
    addresses = [str(attributes["href"]) for _, attributes in tags_of(page) if "href" in attributes]

    assert all(address.startswith("/acme/m/") for address in addresses)
    assert Client().get(addresses[1]).status_code == 200


def test_a_request_that_no_address_resolved_has_a_prefix_too() -> None:
    """Views may be called directly, as tests do."""
    assert prefix_of(RequestFactory().get("/")) == PREFIX


@pytest.mark.parametrize("name", sorted(ASSETS))
def test_assets_come_out_of_the_package(api: Api, name: str) -> None:
    """With their type, nosniff and a version; the version's address may be kept for ever."""
    response = api.get(f"assets/{name}")
    version = response.headers["ETag"].strip('"')
    kept = api.get(f"assets/{name}?v={version}")
    unchanged = api.get(f"assets/{name}", HTTP_IF_NONE_MATCH=response.headers["ETag"])

    assert response.status_code == 200
    assert response.headers["Content-Type"] == ASSETS[name].content_type
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "public, no-cache"
    assert kept.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert unchanged.status_code == 304


@pytest.mark.parametrize(
    "name", ["nothing.js", "../conf.py", "..%2fconf.py", "%2e%2e/conf.py", "mizan.css/", "..\\conf.py"]
)
def test_no_address_becomes_a_path(api: Api, name: str) -> None:
    """Only the listed names are served."""
    response = api.get(f"assets/{name}")

    assert response.status_code == 404
    assert response.json()["code"] == "NOT_FOUND"


def test_assets_are_only_read(api: Api) -> None:
    """By GET and HEAD; all else is refused in the one shape, with no word of CSRF."""
    http = Client(enforce_csrf_checks=True)
    for method in ("post", "put", "options", "delete"):
        response = getattr(http, method)(f"{PREFIX}assets/mizan.css")
        assert (response.status_code, code_of(response)) == (405, "METHOD_NOT_ALLOWED")
        assert response.headers["Allow"] == "GET, HEAD"
    assert code_of(api.get("assets/other.css")) == "NOT_FOUND"


def test_paragraphs_keep_their_line_breaks() -> None:
    """Empty lines part them."""
    assert paragraphs("One\ntwo.\n\n  \nThree.") == ["One\ntwo.", "Three."]
    assert paragraphs("") == []


@pytest.mark.parametrize(
    ("annotation", "text"),
    [
        pytest.param(annotation, text, id=f"{number}: {text}")
        for number, (annotation, text) in enumerate(
            (
                (int, "int"),
                (None | int, "None | int"),
                (list[Address], "list[Address]"),
                (tuple[int, ...], "tuple[int, ...]"),
                (Annotated[BigInt, 1], "int"),
                (BigInt, "BigInt"),
                (Upload, "Upload"),
                (list[BigInt], "list[BigInt]"),
                (dict[str, Annotated[int, Field(gt=0)]], "dict[str, int]"),
            )
        )
    ],
)
def test_types_are_written_as_developers_write_them(annotation: Any, text: str) -> None:
    """Without modules and constraints."""
    assert annotation_of(annotation) == text


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"type": "integer", "minimum": 5}, 5),
        ({"type": "number", "exclusiveMinimum": 0}, 1),
        ({"type": "integer", "maximum": -3}, -3),
        ({"type": "string", "minLength": 6}, "textxx"),
        ({"type": "string", "format": "date"}, "2026-01-31"),
        ({"type": "string", "format": "binary"}, None),
        ({"type": "array", "items": {"type": "boolean"}}, []),
        ({"type": "array", "minItems": 1, "items": {"type": "boolean"}}, [True]),
        ({"type": "array", "prefixItems": [{"const": 1}, {"enum": ["a", "b"]}]}, [1, "a"]),
        ({"anyOf": [{"type": "null"}, {"type": "integer"}]}, 1),
        ({"$ref": "#/components/schemas/Node"}, {"child": {"child": None}}),
        ({"type": "string", "examples": ["x"]}, "x"),
        ({"default": [1]}, [1]),
        ({}, None),
    ],
    ids=str,
)
def test_samples_fit_their_schema(schema: Any, value: Any) -> None:
    """Recursive types end."""
    node = {"type": "object", "properties": {"child": {"$ref": "#/components/schemas/Node"}}, "required": ["child"]}

    assert sample(schema, {"Node": node}) == value


def test_api_pages_need_no_other_app(api: Api, settings: Any) -> None:
    """Neither DRF, drf-spectacular nor staticfiles are installed: templates and assets are Mizan's own."""
    settings.TEMPLATES = []

    @client(auth=False)
    def echo(request: Any, text: str, more: list[Address] = []) -> str:
        return text

    api.serve(echo)

    assert not {"rest_framework", "drf_spectacular", "django.contrib.staticfiles"} & set(settings.INSTALLED_APPS)
    assert api.get("call/echo/", **HTML).status_code == 200
    assert api.get("docs/", **HTML).status_code == 200
