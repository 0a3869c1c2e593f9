"""
The board as a whole: what hangs on it, what happened on it, and its rules.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from django.db.models import Count, Min, Q, Sum
from pydantic import Field

from demo_project.board.models import Column, Comment, Event, Profile, Role, Status, Task
from demo_project.board.presentation import activity_of, card_of, cards, person_of
from demo_project.board.types import Activity, BoardColumn, BoardStatistics, Card, Person
from mizan.client import GlobalContext, ReactContext, client

Board = ReactContext("board")

LATEST = 12
"""As many entries the activity feed has."""


@client(context=GlobalContext, auth=False, watch=[Task])
def board_statistics(request) -> BoardStatistics:
    """The numbers at the top of the page."""
    is_open = ~Q(status=Status.DONE)
    numbers = Task.objects.aggregate(
        open_tasks=Count("id", filter=is_open),
        done_tasks=Count("id", filter=~is_open),
        planned_cost=Sum("estimate", filter=is_open, default=0),
        next_due=Min("due", filter=is_open),
    )
    numbers["planned_cost"] = numbers["planned_cost"].quantize(Decimal("0.01"))  # SQLite's sums have more digits
    return BoardStatistics(**numbers)


@client(context=Board, auth=False, watch=[Column])
def columns(request) -> list[BoardColumn]:
    """The columns from left to right, each with the number of tasks that it takes at a time."""
    limits = dict(Column.objects.values_list("status", "limit"))
    return [BoardColumn(status=status, title=status.label, limit=limits.get(status)) for status in Status]


@client(context=Board, auth=False, watch=[Task, Comment, Profile])
def tasks(request) -> list[Card]:
    """Every task on the board."""
    return [card_of(task) for task in cards()]


@client(context=Board, auth=False, watch=[Profile])
def members(request) -> list[Person]:
    """Everybody a task can be given to."""
    return [person_of(profile) for profile in Profile.objects.order_by("display_name")]


@client(context=Board, auth=False, watch=[Event, Task, Profile])
async def activity(request) -> list[Activity]:
    """What happened last, newest first."""
    latest = Event.objects.select_related("actor", "task")[:LATEST]
    return [activity_of(event) async for event in latest]


@client(affects=columns, auth="staff")
def set_limit(request, status: Status, limit: Annotated[int, Field(ge=1, le=20)] | None) -> None:
    """Say how many tasks a column takes at a time; null means any number."""
    Column.objects.update_or_create(status=status, defaults={"limit": limit})


def is_organiser(request) -> bool:
    """A predicate for ``auth=``: whether the caller's profile says that they organise."""
    return Profile.objects.filter(user_id=request.user.pk, role=Role.ORGANISER).exists()


@client(affects=[Board, board_statistics], auth=is_organiser)
def clear_done(request) -> int:
    """Take the finished tasks off the board; tells how many there were."""
    finished = Task.objects.filter(status=Status.DONE)
    number = finished.count()
    finished.delete()
    return number
