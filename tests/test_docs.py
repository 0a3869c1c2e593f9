"""
What the documentation shows is done: its functions, its answers and its settings.
"""

from __future__ import annotations

import ast
import json
import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from mizan import conf
from mizan.codegen.config import DjangoSource, read_config
from tests.documentation import (
    ANN,
    PAGES,
    STAFF,
    TUTORIALS,
    VISITOR,
    Request,
    blocks,
    files_of,
    json_blocks,
    run_snippets,
    serve,
    start_project,
    text_of,
    without_event,
)

# The projects of the tutorials


RENAME = Request("POST", "call/rename/", {"first_name": "Ann"}, ANN)


STORY = (
    Request("POST", "call/echo/", {"text": "hi"}),
    Request("GET", "ctx/global/", user=VISITOR),
    Request("POST", "call/rename/", {"first_name": "Eve"}, VISITOR),
    Request("GET", "ctx/global/", user=ANN),
    RENAME,
    Request("GET", "ctx/global/?~only=current_user", user=ANN),
)


@dataclass(frozen=True)
class Tutorial:
    """A page with a whole project, and what that answered."""

    page: str
    story: dict[str, Any]
    shown: dict[str, Any]
    listed: dict[str, Any]


@pytest.fixture(scope="module", params=TUTORIALS)
def tutorial(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Tutorial:
    """The project that is made of the files that a page shows, and of nothing else."""
    page = request.param
    folder, files = tmp_path_factory.mktemp("tutorial"), files_of(page)
    assert set(files) == {"myproject/settings.py", "myproject/urls.py", "myproject/asgi.py", "myapp/clients.py"}
    start_project(folder, files)
    return Tutorial(page, *serve(folder, [(None, STORY), (None, shown_requests(page)), (None, listed_requests(page))]))


def shown_requests(page: str) -> list[Request]:
    """The request of each ``curl`` on *page*, and the same without arguments; the page's JSON blocks are the answers."""
    commands = [shlex.split(line) for text in blocks(page, "bash") for line in text.splitlines() if "curl" in line]
    requests = []
    for command in commands:
        path = command[3].removeprefix("http://127.0.0.1:8000")
        requests += [Request(command[2], path, json.loads(command[-1])), Request(command[2], path, {})]
    return requests


def listed_requests(page: str) -> list[Request]:
    """Those of the numbered list on *page* that says what crosses the wire."""
    found = re.findall(r"^\d\. `(GET|POST) ([^`]+)`", text_of(page), re.MULTILINE)
    return [Request(method, path, RENAME.body if method == "POST" else None, ANN) for method, path in found]


def test_a_tutorial_makes_a_project_without_problems(tutorial: Tutorial) -> None:
    """Whoever copies its files is told of nothing, and serves the three functions."""
    assert tutorial.story["problems"] == ""
    assert tutorial.story["served"] == ["current_user", "echo", "rename"]


def test_a_tutorial_s_functions_do_what_it_says(tutorial: Tutorial) -> None:
    """Anybody may echo; who is logged in is read, renamed, and read again."""
    echo, visited, refused, before, renamed, after = tutorial.story["answers"]

    assert echo == {"status": 200, "body": {"result": {"message": "hi"}}}
    # The client makes null of it.
    assert [visited["status"], visited["body"]["$errors"]["current_user"]["code"]] == [200, "UNAUTHORIZED"]
    assert [refused["status"], refused["body"]["code"]] == [401, "UNAUTHORIZED"]
    assert before["body"] == {"current_user": {"id": 1, "username": "ann", "first_name": ""}}
    assert without_event(renamed["body"]) == {
        "result": None,
        "invalidate": [{"context": "global", "function": "current_user"}],
    }
    assert after["body"] == {"current_user": {"id": 1, "username": "ann", "first_name": "Ann"}}


def test_the_answers_that_a_tutorial_shows_are_true(tutorial: Tutorial) -> None:
    """Those to its ``curl``, with and without arguments."""
    assert [answer["body"] for answer in tutorial.shown["answers"]] == json_blocks(tutorial.page)


@pytest.mark.parametrize("tutorial", ["getting-started.md"], indirect=True)
def test_what_crosses_the_wire_is_what_the_tutorial_lists(tutorial: Tutorial) -> None:
    """A token, a mutation with the invalidation that the page quotes, and the one reader that is out of date."""
    session, renamed, read = [answer["body"] for answer in tutorial.listed["answers"]]

    assert list(session) == ["csrfToken"]
    assert f'`"invalidate": {json.dumps(renamed["invalidate"])}`' in text_of(tutorial.page)
    assert read == {"current_user": {"id": 1, "username": "ann", "first_name": "Ann"}}


# Snippets that stand alone


def context_requests() -> list[Request]:
    """Those of the page on contexts: what its JSON shows, in its order."""
    return [
        Request("POST", "call/delete_orders/", {"id": 5}, ANN),
        Request("POST", "call/set_bio/", {"id": 5, "bio": "Hi"}, ANN),
        Request("GET", "ctx/user/?id=5", user=VISITOR),
        Request("GET", "ctx/user/?id=5&~only=user_profile", user=VISITOR),
    ]


def echo_requests() -> list[Request]:
    """Those of the first table of the page on functions."""
    found = re.findall(r"`POST (call/\S*)` with (?:the body )?`({.*?})`[,| ]", text_of("functions.md"))
    return [Request("POST", path, json.loads(body)) for path, body in found]


URLS = """
from django.urls import include, path

urlpatterns = [path("api/mizan/", include("mizan.urls"))]
"""


# By a function of the snippet: what is sent, and what the page says about the answer.
CALLS: Mapping[str, Sequence[tuple[Request, Any]]] = {
    "open_orders": [
        (Request("GET", "ctx/global/"), {"open_orders": 3}),
        (Request("GET", "ctx/user/?id=5"), {"user_name": "Ann"}),
        (Request("POST", "call/user_name/", {"id": 5}), {"result": "Ann"}),
    ],
    "add_item": [
        (
            Request("POST", "call/add_item/", {"cart": 1, "name": "pen"}),
            {"result": None, "invalidate": [{"context": "cart", "params": {"cart": 1}}]},
        ),
        (
            Request("POST", "call/set_discount/", {"cart": 1, "percent": 5}),
            {"result": None, "invalidate": [{"context": "cart", "function": "total", "params": {"cart": 1}}]},
        ),
    ],
    "profile": [
        (
            Request("POST", "call/rename/", {"id": 5, "name": "Eve"}),
            {
                "result": {"name": "Eve"},
                "merge": [
                    {"context": "user", "function": "profile", "params": {"id": 5}, "value": {"name": "Eve"}},
                ],
            },
        ),
    ],
    "ask": [
        (Request("POST", "call/ask/", {"question": "?"}), {"result": "Let me see."}),
        (Request("POST", "call/close_shop/", {}, STAFF), {"result": None}),
        (Request("POST", "call/close_shop/", {}, ANN), "FORBIDDEN"),
        (Request("POST", "call/close_shop/", {}, VISITOR), "UNAUTHORIZED"),
    ],
    "profile_page": [
        (Request("GET", "/profile/5/"), "<h1>5, about</h1>"),
        (Request("GET", "/profile/5/?tab=orders"), "<h1>5, orders</h1>"),
        (Request("POST", "/profile/5/rename/", {"name": "Eve"}, ANN), "Done."),
    ],
    "contact.submit": [(Request("POST", "call/contact.submit/", {"email": "a@b.cd"}), {"result": True})],
    "search": [(Request("POST", "call/search/", {"text": "a"}), {"result": []})],
    "say": [(Request("POST", "call/say/", {"text": "hi"}), {"result": "hi"})],
    "count_users": [(Request("POST", "call/count_users/", {}, STAFF), {"result": 1})],
    "greet": [(Request("POST", "call/greet/", {"word": "Hi"}, ANN), {"result": "Hi, ann!"})],
}


@pytest.fixture(scope="module")
def chapters(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """Every snippet to run as an app of one project, with what it answered; by the name of the app."""
    folder = tmp_path_factory.mktemp("snippets")
    routes = next(text for text in blocks("functions.md", "python") if text.startswith("# urls.py"))
    start_project(
        folder, {"myproject/settings.py": 'INSTALLED_APPS = ["mizan"]\n', "myproject/urls.py": f"{URLS}{routes}"}
    )
    for _, app, text in run_snippets():
        (folder / app).mkdir()
        (folder / app / "__init__.py").touch()
        (folder / app / "clients.py").write_text(text, encoding="utf-8")
    apps = [app for _, app, _ in run_snippets()]
    answered = serve(folder, [(app, requests_of(page, text)) for page, app, text in run_snippets()])
    return dict(zip(apps, answered, strict=True))


def requests_of(page: str, text: str) -> list[Request]:
    if page == "contexts.md":
        return [shown_read()[0], *context_requests()]
    calls = [request for name in CALLS if is_in(name, text) for request, _ in CALLS[name]]
    return calls or echo_requests() if page == "functions.md" else []


def is_in(name: str, text: str) -> bool:
    """Whether the snippet *text* declares the function with the wire name *name*."""
    return f'"{name}"' in text or f"def {name}(" in text


def shown_read() -> tuple[Request, Any]:
    """The ``GET`` that the page on contexts shows, and its answer."""
    [text] = blocks("contexts.md", "text")
    line, answer = text.split("\n", 1)
    method, path = line.split()
    return Request(method, path, user=ANN), json.loads(answer)


@pytest.mark.parametrize("app", [app for _, app, _ in run_snippets()])
def test_a_snippet_to_run_serves_its_functions(app: str, chapters: dict[str, dict[str, Any]]) -> None:
    """It is whole: it can be copied, and `manage.py check` has nothing to say about it."""
    assert chapters[app]["problems"] == ""
    assert chapters[app]["served"]


def answers(chapters: dict[str, dict[str, Any]], page: str) -> Iterator[tuple[str, list[Any]]]:
    """The text of each snippet of *page*, and the bodies of its answers."""
    for found, app, text in run_snippets():
        if found == page:
            yield text, [answer["body"] for answer in chapters[app]["answers"]]


@pytest.mark.parametrize("name", CALLS)
def test_a_call_answers_what_the_page_on_functions_says(name: str, chapters: dict[str, dict[str, Any]]) -> None:
    """Scopes, merges, pages, names and permissions, as its sentences say."""
    [bodies] = [bodies for text, bodies in answers(chapters, "functions.md") if is_in(name, text)]

    assert [outcome_of(body) for body in bodies] == [expected for _, expected in CALLS[name]]


def outcome_of(body: Any) -> Any:
    """What a page tells of an answer: of a failure the code, of a success all but the event."""
    if isinstance(body, dict) and "error" in body:
        return body["code"]
    return without_event(body) if isinstance(body, dict) and "event" in body else body


def test_echo_answers_as_its_table_says(chapters: dict[str, dict[str, Any]]) -> None:
    """By both addresses, with the answer that stands below."""
    _, bodies = next(answers(chapters, "functions.md"))
    [expected] = re.findall(r"^\| answer \| `(.*)` \|$", text_of("functions.md"), re.MULTILINE)

    assert len(bodies) == len(echo_requests()) == 2
    assert bodies == [json.loads(expected)] * 2


def test_the_answers_on_the_page_about_contexts_are_true(chapters: dict[str, dict[str, Any]]) -> None:
    """Its reads, its invalidation, its merge, and a reader that fails alone."""
    [(_, bodies)] = answers(chapters, "contexts.md")
    deleted, merged, failed_alone = json_blocks("contexts.md")

    assert bodies[0] == shown_read()[1]
    assert without_event(bodies[1]) == without_event(deleted)
    assert without_event(bodies[2]) == without_event(merged)
    assert bodies[3] == failed_alone
    assert list(bodies[4]) == ["user_profile"]


# The generator's file and the settings


CONFIGS = [(page, text) for page in PAGES for text in blocks(page, "toml")]


@pytest.mark.parametrize(("page", "text"), CONFIGS, ids=[page for page, _ in CONFIGS])
def test_every_mizan_toml_can_be_read(page: str, text: str, tmp_path: Path) -> None:
    """By the generator, and it names the backend that the pages make."""
    file = tmp_path / "frontend" / "mizan.toml"
    file.parent.mkdir()
    file.write_text(text, encoding="utf-8")

    config = read_config(file)

    assert isinstance(config.source, DjangoSource)
    assert config.source.manage_path == tmp_path / "backend" / "manage.py"
    assert config.source.env["DJANGO_SETTINGS_MODULE"] == "myproject.settings"
    assert config.output == tmp_path / "frontend" / "src" / "api"


def test_both_tutorials_show_a_mizan_toml() -> None:
    """None would be missed: a page without one passes the test above."""
    assert {page for page, _ in CONFIGS} >= set(TUTORIALS)


def test_the_page_on_settings_has_every_setting_with_its_default() -> None:
    """And none that there is not."""
    rows = re.findall(r"^\| `(MIZAN_\w+)` \| `([^`]+)` \| (.+) \|$", text_of("settings.md"), re.MULTILINE)

    assert {name: ast.literal_eval(default) for name, default, _ in rows} == conf.DEFAULTS
    assert [name for name, _, _ in rows] == sorted(conf.DEFAULTS)


@pytest.mark.parametrize("page", PAGES)
def test_no_page_names_a_setting_that_there_is_not(page: str) -> None:
    """A setting that was renamed is renamed everywhere."""
    named = set(re.findall(r"\bMIZAN_[A-Z_]*[A-Z](?!\w|\*)", text_of(page)))

    assert named <= set(conf.DEFAULTS)
