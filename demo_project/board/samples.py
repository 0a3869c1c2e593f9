"""
The data that the demo starts with. Days are counted from the day on which it is loaded.
"""

from __future__ import annotations

from dataclasses import dataclass

from demo_project.board.models import Priority, Role, Status

SAMPLE_ACCOUNTS = [
    {
        "username": "amira",
        "password": "pinboard-amira",
        "name": "Amira Haddad",
        "can": "Organiser: clears finished tasks",
    },
    {
        "username": "jonas",
        "password": "pinboard-jonas",
        "name": "Jonas Weber",
        "can": "Member: adds, moves, comments",
    },
    {
        "username": "priya",
        "password": "pinboard-priya",
        "name": "Priya Nair",
        "can": "Staff: sets the limit of a column",
    },
]

PROFILES = {
    "amira": {
        "role": Role.ORGANISER,
        "about": "Keeps the whole street in one spreadsheet.",
        "email": "amira@example.com",
    },
    "jonas": {"role": Role.MEMBER, "about": "Grill, ladders, anything with a plug.", "email": "jonas@example.com"},
    "priya": {"role": Role.MEMBER, "about": "Looks after the board.", "email": "priya@example.com"},
}

STAFF = {"priya"}

LIMITS = {Status.DOING: 3, Status.REVIEW: 2}


@dataclass(frozen=True, slots=True)
class SampleTask:
    """A task; *due* in days from today, people by their user names."""

    title: str
    author: str
    description: str = ""
    status: Status = Status.TODO
    priority: Priority = Priority.NORMAL
    due: int | None = None
    estimate: str | None = None
    assignee: str | None = None


TASKS = [
    SampleTask(
        "Book the brass band",
        "amira",
        description="Two sets of 45 minutes, after six.",
        status=Status.DOING,
        priority=Priority.HIGH,
        due=3,
        estimate="480.00",
        assignee="amira",
    ),
    SampleTask(
        "Borrow 40 folding chairs",
        "amira",
        description="The school has some; ask the caretaker.",
        status=Status.DOING,
        due=9,
        assignee="jonas",
    ),
    SampleTask(
        "Print the flyers",
        "priya",
        description="A5, both sides, recycled paper.",
        status=Status.DOING,
        due=6,
        estimate="64.50",
        assignee="priya",
    ),
    SampleTask(
        "Close the street for traffic",
        "amira",
        description="Form 7b, to be handed in at the town hall.",
        status=Status.REVIEW,
        priority=Priority.HIGH,
        due=1,
        estimate="35.00",
        assignee="amira",
    ),
    SampleTask(
        "Find a stage",
        "amira",
        description="Four by three metres is enough.",
        priority=Priority.HIGH,
        due=12,
        estimate="220.00",
    ),
    SampleTask("Ask the bakery for cake", "jonas", priority=Priority.LOW, assignee="jonas"),
    SampleTask(
        "String lights over the crossing",
        "priya",
        description="60 metres, and a long ladder.",
        due=14,
        estimate="89.90",
        assignee="jonas",
    ),
    SampleTask("Buy a first-aid kit", "priya", estimate="24.00"),
    SampleTask(
        "Choose a date",
        "amira",
        description="The second Saturday won with 31 votes.",
        status=Status.DONE,
        assignee="amira",
    ),
    SampleTask(
        "Set up the donation box",
        "priya",
        status=Status.DONE,
        priority=Priority.LOW,
        estimate="12.00",
        assignee="priya",
    ),
]

# task, author, text
COMMENTS = [
    ("Book the brass band", "jonas", "They play at the harbour until five, so six is fine."),
    ("Book the brass band", "amira", "Deposit is paid. Waiting for the signed offer."),
    ("Close the street for traffic", "priya", "Has the fire brigade agreed? They need 3.5 metres."),
    ("Find a stage", "jonas", "The rowing club lends theirs, if we fetch it."),
]

# task, actor, old column, new column
MOVES = [
    ("Choose a date", "amira", Status.REVIEW, Status.DONE),
    ("Print the flyers", "priya", Status.TODO, Status.DOING),
    ("Close the street for traffic", "amira", Status.DOING, Status.REVIEW),
]
