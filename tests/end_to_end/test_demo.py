"""
People use the demo: what `@client` promises, seen in a browser.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.end_to_end.visitor import Visitor

PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360f8ffbf1e00048002fe"
    "fdb4a5b50000000049454e44ae426082"
)
"""A PNG of one red pixel."""

both_builds = pytest.mark.parametrize("build", ["development_build", "production_build"], indirect=True)


@both_builds
def test_the_whole_line(visitor: Visitor) -> None:
    """Log in, echo, profile, picture, a full column, a comment, log out: everything works, and nothing reloads the page."""
    page = visitor.page
    page.evaluate("window.isSamePage = true")

    echo = page.get_by_role("region", name="Echo")
    echo.get_by_label("Say something").fill("Grüße & <b>hello</b>")
    echo.get_by_role("button", name="Echo").click()
    expect(echo.get_by_text("Python heard: Grüße & <b>hello</b>")).to_be_visible()

    visitor.log_in("Amira Haddad")
    header = page.get_by_role("banner")
    expect(header).to_contain_text("Amira Haddad")

    header.get_by_role("button", name="Your profile").click()
    profile = page.get_by_role("dialog", name="Your profile")
    profile.get_by_label("E-mail").fill("nowhere")
    with visitor.expecting(422, "call/save_profile/"):
        profile.get_by_role("button", name="Save profile").click()
    expect(profile.get_by_label("E-mail")).to_have_attribute("aria-invalid", "true")
    expect(profile.get_by_label("E-mail")).to_have_accessible_description("Enter a valid email address.")
    expect(profile.get_by_label("Name")).to_have_attribute("aria-invalid", "false")
    visitor.photograph("profile-error")

    asked_before = visitor.fetched().count("global")
    profile.get_by_label("E-mail").fill("amira@example.org")
    profile.get_by_label("Name").fill("Amira H.")
    profile.get_by_role("button", name="Save profile").click()
    expect(profile).to_be_hidden()
    expect(header).to_contain_text("Amira H.")
    expect(visitor.card("Doing", "Book the brass band")).to_contain_text("Amira H.")
    assert visitor.fetched().count("global") == asked_before, "the answer itself is the new current_user"

    header.get_by_role("button", name="Your profile").click()
    profile.get_by_label("Picture").set_input_files(
        {"name": "me.png", "mimeType": "image/png", "buffer": PICTURE},
    )
    expect(header.locator("img.avatar-small")).to_have_attribute("src", re.compile(r"^/media/avatars/\w+\.png$"))
    assert header.locator("img.avatar-small").evaluate("image => image.decode().then(() => image.naturalWidth)") == 1
    page.keyboard.press("Escape")
    expect(profile).to_be_hidden()

    with visitor.expecting(409, "call/move_task/"):
        page.get_by_role("button", name="Move “Find a stage” to Doing").click()
    doing = visitor.column("Doing")
    expect(doing.get_by_role("alert")).to_contain_text("“Doing” takes 3 tasks at a time.")
    expect(visitor.card("To do", "Find a stage")).to_be_visible()
    expect(visitor.card("Doing", "Find a stage")).to_be_hidden()
    visitor.photograph("column-full")
    doing.get_by_role("button", name="Dismiss").click()
    expect(doing.get_by_role("alert")).to_be_hidden()

    page.get_by_role("link", name="Book the brass band").first.click()
    task = page.get_by_role("dialog", name="Task")
    task.get_by_label("Your comment").fill("The offer has come.")
    task.get_by_role("button", name="Comment").click()
    expect(task.get_by_role("listitem").filter(has_text="The offer has come.")).to_be_visible()
    expect(task.get_by_label("Your comment")).to_have_value("")
    task.get_by_role("button", name="Close").click()
    expect(visitor.card("Doing", "Book the brass band")).to_contain_text("3 comments")
    expect(page.get_by_role("region", name="Activity")).to_contain_text("“The offer has come.”")

    header.get_by_role("button", name="Log out").click()
    expect(header.get_by_role("button", name="Log in")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("^Move"))).to_have_count(0)
    assert page.evaluate("window.isSamePage") is True


@both_builds
def test_two_readers_of_a_context_make_one_request(visitor: Visitor) -> None:
    """The page brings what it starts with; another context is asked for once, however many components read it."""
    assert visitor.fetched() == []

    visitor.page.get_by_role("link", name="Find a stage").first.click()
    task = visitor.page.get_by_role("dialog", name="Task")
    expect(task.get_by_role("region", name="Details")).to_contain_text("Four by three metres is enough.")
    expect(task.get_by_role("region", name="Comments")).to_contain_text("The rowing club lends theirs")

    assert visitor.fetched() == ["task"]
    assert visitor.calls() == 0


def test_visitors_read_and_members_write(visitor: Visitor) -> None:
    """What needs a login is not offered to visitors; a wrong password is said in words."""
    page = visitor.page
    expect(page).to_have_title("Pinboard · the Mizan demo")
    expect(page.get_by_role("button", name="Add a task")).to_have_count(0)
    expect(page.get_by_role("button", name=re.compile("^Move"))).to_have_count(0)

    page.get_by_role("banner").get_by_role("button", name="Log in").click()
    dialog = page.get_by_role("dialog", name="Log in")
    dialog.get_by_label("User name").fill("amira")
    dialog.get_by_label("Password").fill("wrong")
    with visitor.expecting(422, "call/log_in/"):
        dialog.get_by_role("button", name="Log in").click()
    expect(dialog.get_by_role("alert")).to_have_text("No account has this name and password.")

    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("banner").get_by_role("button", name="Log in")).to_be_focused()


def test_a_card_moves_before_the_server_has_answered(visitor: Visitor) -> None:
    """An optimistic move shows at once, the keyboard stays with the card, and the server's refusal takes it back."""
    page = visitor.page
    visitor.log_in("Jonas Weber")
    visitor.open()
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    def let_go() -> None:
        for _ in range(200):
            if held:
                break
            page.wait_for_timeout(50)
        held.pop().continue_()

    page.route("**/call/move_task/", hold)

    page.get_by_role("button", name="Move “Print the flyers” to Review").press("Enter")
    expect(visitor.card("Review", "Print the flyers")).to_be_visible()
    expect(page.get_by_role("link", name="Print the flyers").first).to_be_focused()
    expect(visitor.column("Doing")).to_contain_text("2 / 3")
    let_go()
    expect(page.get_by_role("region", name="Activity")).to_contain_text("Jonas Weber moved Print the flyers to Review")

    with visitor.expecting(409, "call/move_task/"):
        page.get_by_role("button", name="Move “Borrow 40 folding chairs” to Review").click()
        expect(visitor.card("Review", "Borrow 40 folding chairs")).to_be_visible()
        let_go()
    expect(visitor.card("Doing", "Borrow 40 folding chairs")).to_be_visible()
    expect(visitor.column("Review").get_by_role("alert")).to_contain_text("takes 2 tasks at a time")


def test_a_card_can_be_dragged(visitor: Visitor) -> None:
    """The mouse does what the arrows do."""
    visitor.log_in("Jonas Weber")

    visitor.card("Doing", "Print the flyers").drag_to(visitor.column("Done"))

    expect(visitor.card("Done", "Print the flyers")).to_be_visible()
    expect(visitor.page.get_by_role("banner")).to_contain_text("Done3")


def test_a_task_is_added_and_edited(visitor: Visitor) -> None:
    """Errors of the declared types and of Django stand at their fields; dates, amounts and choices survive the way."""
    page = visitor.page
    visitor.log_in("Jonas Weber")
    page.get_by_role("button", name="Add a task").click()
    form = page.get_by_role("form", name="Add a task")

    form.get_by_label("Title").fill("x")
    form.get_by_label("Estimate").fill("a lot")
    with visitor.expecting(422, "call/add_task/"):
        form.get_by_role("button", name="Add task").click()
    expect(form.get_by_label("Title")).to_have_accessible_description(re.compile("at least 3 characters"))
    expect(form.get_by_label("Estimate")).to_have_attribute("aria-invalid", "true")

    form.get_by_label("Title").fill("Rent a bouncy castle")
    form.get_by_label("Estimate").fill("120.5")
    form.get_by_label("Due").fill("2020-01-31")
    with visitor.expecting(422, "call/add_task/"):
        form.get_by_role("button", name="Add task").click()
    expect(form.get_by_label("Due")).to_have_accessible_description("This day is over. Choose today or later.")

    form.get_by_label("Due").fill("2099-01-31")
    form.get_by_label("Priority").select_option("High")
    form.get_by_role("button", name="Add task").click()
    card = visitor.card("To do", "Rent a bouncy castle")
    expect(card).to_contain_text("€120.50")
    expect(card).to_contain_text("Due 31 Jan")
    expect(card).to_contain_text("High priority")

    card.get_by_role("link").click()
    task = page.get_by_role("dialog", name="Task")
    task.get_by_role("button", name="Edit").click()
    task.get_by_label("Given to").select_option("Priya Nair")
    task.get_by_label("Description").fill("Blown up by noon.\nThe blue one.")
    task.get_by_role("button", name="Save task").click()
    details = task.get_by_role("region", name="Details")
    expect(details).to_contain_text("Blown up by noon.")
    expect(details).to_contain_text("Priya Nair")
    expect(card).to_contain_text("Priya Nair")
    assert visitor.fetched().count("task") == 1, "the answer itself is the new task_detail"

    with page.expect_popup() as opened:
        task.get_by_role("link", name="Print").click()
    expect(opened.value.get_by_role("heading", name="Rent a bouncy castle")).to_be_visible()
    expect(opened.value.locator("body")).to_contain_text("31 January 2099")


def test_staff_sets_the_limit_of_a_column(visitor: Visitor) -> None:
    """What needs staff is refused to everybody else, by the server and not only by the page."""
    page = visitor.page
    visitor.log_in("Jonas Weber")
    expect(page.get_by_role("button", name="Limit of “Doing”")).to_have_count(0)
    with visitor.expecting(403, "call/set_limit/"):
        answer = page.evaluate(
            """async () => {
                const { csrfToken } = await (await fetch("/api/mizan/session/")).json()
                const headers = { "Content-Type": "application/json", "X-CSRFToken": csrfToken }
                const body = JSON.stringify({ status: "doing", limit: 20 })
                return await (await fetch("/api/mizan/call/set_limit/", { method: "POST", headers, body })).json()
            }"""
        )
    assert answer["code"] == "FORBIDDEN"
    page.get_by_role("button", name="Log out").click()

    visitor.log_in("Priya Nair")
    page.get_by_role("button", name="Limit of “Doing”").click()
    dialog = page.get_by_role("dialog", name="Limit of “Doing”")
    dialog.get_by_label("Tasks at a time").fill("21")
    with visitor.expecting(422, "call/set_limit/"):
        dialog.get_by_role("button", name="Save limit").click()
    expect(dialog.get_by_label("Tasks at a time")).to_have_attribute("aria-invalid", "true")
    dialog.get_by_label("Tasks at a time").fill("4")
    dialog.get_by_role("button", name="Save limit").click()
    expect(visitor.column("Doing")).to_contain_text("3 / 4")

    page.get_by_role("button", name="Move “Find a stage” to Doing").click()
    expect(visitor.card("Doing", "Find a stage")).to_be_visible()
    expect(visitor.column("Doing")).to_contain_text("4 / 4")


def test_organisers_clear_the_board(visitor: Visitor) -> None:
    """A predicate decides who may: organisers; the emptied column says that it is empty."""
    page = visitor.page
    visitor.log_in("Jonas Weber")
    expect(page.get_by_role("button", name="Clear finished tasks")).to_have_count(0)
    page.get_by_role("button", name="Log out").click()
    visitor.log_in("Amira Haddad")

    page.get_by_role("button", name="Clear finished tasks").click()

    expect(visitor.column("Done")).to_contain_text("Nothing here yet.")
    expect(page.get_by_role("banner")).to_contain_text("Done0")


def test_another_tab_follows(visitor: Visitor) -> None:
    """What one tab changes the other tabs of the browser show."""
    visitor.log_in("Jonas Weber")
    other = Visitor(visitor.page.context.new_page(), visitor.address)
    other.open()

    visitor.page.get_by_role("button", name="Move “Choose a date” to Review").click()

    expect(other.card("Review", "Choose a date")).to_be_visible()
    assert other.complaints() == []


def test_a_task_that_is_gone_is_said_so(visitor: Visitor) -> None:
    """An old link shows the server's message inside the dialog, and the board behind it goes on."""
    page = visitor.page
    page.evaluate("window.location.hash = '/tasks/4711'")
    dialog = page.get_by_role("dialog", name="Task")

    expect(dialog.get_by_role("alert")).to_contain_text("Not found.")

    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_be_hidden()
    expect(visitor.card("To do", "Find a stage")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("device", "width", "height"), [("desktop", 1280, 800), ("mobile", 390, 844)])
def test_nothing_hangs_over_the_edge(
    browser: Browser, address: str, device: str, width: int, height: int, scheme: str, tmp_path: Path
) -> None:
    """The page fits every width, in both colour schemes; the screenshots are for the eye."""
    with browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce"
    ) as context:
        visitor = Visitor(context.new_page(), address)
        page = visitor.page
        visitor.open()
        visitor.photograph(f"visitor-{device}-{scheme}")
        page.get_by_role("banner").get_by_role("button", name="Log in").click()
        page.get_by_role("dialog").get_by_role("button", name="Amira Haddad").click()
        visitor.photograph(f"login-{device}-{scheme}")
        page.keyboard.press("Escape")
        visitor.log_in("Priya Nair")
        expect(page.get_by_role("button", name="Log out")).to_be_visible()
        visitor.photograph(f"board-{device}-{scheme}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.get_by_role("button", name="Add a task").click()
        visitor.photograph(f"add-{device}-{scheme}")
        page.get_by_role("link", name="Book the brass band").first.click()
        expect(page.get_by_role("dialog").get_by_label("Your comment")).to_be_visible()
        visitor.photograph(f"task-{device}-{scheme}")
        assert page.get_by_role("dialog").evaluate("dialog => dialog.scrollWidth - dialog.clientWidth") == 0
        assert visitor.complaints() == []


def test_the_page_says_what_it_is(visitor: Visitor) -> None:
    """One line names Mizan and leads to the API pages; the first heading is the page's own."""
    page = visitor.page

    expect(page.get_by_role("heading", level=1)).to_have_text("Pinboard")
    about = page.get_by_role("region", name="About this demo")
    expect(about).to_contain_text("Mizan makes typed Python functions of Django callable from React.")
    about.get_by_role("link", name="these functions").click()
    expect(page.get_by_role("link", name="move_task").first).to_be_visible()
