"""
One task: reading, making, changing and moving it, and talking about it.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from pydantic import Field, StringConstraints

from demo_project.board.clients.accounts import my_profile
from demo_project.board.clients.board import Board, activity, board_statistics, tasks
from demo_project.board.errors import WipLimitReached
from demo_project.board.models import Column, Comment, Event, Priority, Profile, Status, Task
from demo_project.board.presentation import comment_of, detail_of
from demo_project.board.types import TaskComment, TaskDetail
from mizan.client import client

Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=80)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
Money = Annotated[Decimal, Field(ge=0, max_digits=8, decimal_places=2)]


@client(context="task", auth=False, watch={Task: "pk", Profile: None})
def task_detail(request, id: int) -> TaskDetail:
    """Everything about one task."""
    return detail_of(Task.objects.select_related("assignee", "created_by").get(pk=id))


@client(context="task", auth=False, watch={Comment: "task_id", Profile: None})
def comments(request, id: int) -> list[TaskComment]:
    """What people say about one task, oldest first."""
    return [comment_of(comment) for comment in Comment.objects.filter(task_id=id).select_related("author")]


@client(affects=[Board, board_statistics], auth=True)
def add_task(
    request,
    title: Title,
    priority: Priority = Priority.NORMAL,
    due: date | None = None,
    estimate: Money | None = None,
) -> int:
    """Pin a new task to the first column; returns its id."""
    if due is not None and due < timezone.localdate():
        raise ValidationError({"due": "This day is over. Choose today or later."})
    profile = my_profile(request)
    with transaction.atomic():
        task = Task.objects.create(title=title, priority=priority, due=due, estimate=estimate, created_by=profile)
        Event.objects.create(kind=Event.Kind.CREATED, task=task, actor=profile)
    return task.pk


@client(merge=task_detail, affects=[Board, board_statistics], auth=True)
def edit_task(
    request,
    *,
    id: int,
    title: Title,
    description: Annotated[str, Field(max_length=2000)],
    priority: Priority,
    due: date | None,
    estimate: Money | None,
    assignee: int | None,
) -> TaskDetail:
    """Change a task. The answer takes the place of `task_detail`: no second request."""
    task = Task.objects.select_related("created_by").get(pk=id)
    task.assignee = _member(assignee)
    task.title, task.description, task.priority = title, description, priority
    task.due, task.estimate = due, estimate
    task.save()
    return detail_of(task)


@client(affects=[Board, "task", board_statistics], auth=True, raises=WipLimitReached)
def move_task(request, id: int, status: Status) -> None:
    """Move a task to another column, unless that one is full."""
    with transaction.atomic():
        task = Task.objects.select_for_update().get(pk=id)
        if task.status == status:
            return
        _require_room(status)
        Event.objects.create(
            kind=Event.Kind.MOVED, task=task, actor=my_profile(request), old_status=task.status, new_status=status
        )
        task.status = status
        task.save()


@client(merge=comments, affects=[tasks, activity], auth=True, throttle="30/min")
def add_comment(request, id: int, text: Text) -> list[TaskComment]:
    """Say something about a task; returns all that was said."""
    task, profile = Task.objects.get(pk=id), my_profile(request)
    with transaction.atomic():
        Comment.objects.create(task=task, author=profile, text=text)
        Event.objects.create(kind=Event.Kind.COMMENTED, task=task, actor=profile, excerpt=text[:80])
    return comments(request, id)


def _member(id: int | None) -> Profile | None:
    if id is None:
        return None
    try:
        return Profile.objects.get(pk=id)
    except Profile.DoesNotExist:
        raise ValidationError({"assignee": "Nobody here has this number."}) from None


def _require_room(status: Status) -> None:
    column = Column.objects.filter(status=status).first()
    if column and column.limit is not None and Task.objects.filter(status=status).count() >= column.limit:
        raise WipLimitReached(column=status, limit=column.limit)
