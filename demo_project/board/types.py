"""
What the functions of the board return.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from demo_project.board.models import Priority, Role, Status


class Person(BaseModel):
    """A member as everybody sees them."""

    id: int
    name: str
    about: str
    role: Role
    avatar_url: str | None


class Me(Person):
    """The account that is logged in."""

    username: str
    email: str
    is_staff: bool


class SampleAccount(BaseModel):
    """An account to try the demo with; its password is meant to be known."""

    username: str
    password: str
    name: str
    can: str


class BoardStatistics(BaseModel):
    open_tasks: int
    done_tasks: int
    planned_cost: Decimal
    next_due: date | None


class BoardColumn(BaseModel):
    status: Status
    title: str
    limit: int | None


class Card(BaseModel):
    """A task as it hangs on the board."""

    id: int
    title: str
    status: Status
    priority: Priority
    due: date | None
    estimate: Decimal | None
    assignee: Person | None
    comment_count: int


class TaskDetail(BaseModel):
    """Everything about one task but its comments."""

    id: int
    title: str
    description: str
    status: Status
    priority: Priority
    due: date | None
    estimate: Decimal | None
    assignee: Person | None
    created_by: Person
    created_at: datetime
    updated_at: datetime
    print_url: str


class TaskComment(BaseModel):
    id: int
    author: Person
    text: str
    created_at: datetime


class Happening(BaseModel):
    """What every entry of the activity feed has."""

    id: int
    at: datetime
    actor: Person
    task_id: int
    task_title: str


class TaskCreated(Happening):
    kind: Literal["created"]


class TaskMoved(Happening):
    kind: Literal["moved"]
    old_status: Status
    new_status: Status


class TaskCommented(Happening):
    kind: Literal["commented"]
    excerpt: str


Activity = Annotated[TaskCreated | TaskMoved | TaskCommented, Field(discriminator="kind")]
