"""
Rows of the database as the types that clients get.
"""

from __future__ import annotations

from django.db.models import Count, QuerySet
from django.urls import reverse

from demo_project.board.models import Comment, Event, Profile, Task
from demo_project.board.types import (
    Activity,
    Card,
    Me,
    Person,
    TaskComment,
    TaskCommented,
    TaskCreated,
    TaskDetail,
    TaskMoved,
)


def person_of(profile: Profile) -> Person:
    return Person(
        id=profile.pk,
        name=profile.display_name,
        about=profile.about,
        role=profile.role,
        avatar_url=profile.avatar.url if profile.avatar else None,
    )


def me_of(profile: Profile) -> Me:
    user = profile.user
    return Me(**person_of(profile).model_dump(), username=user.username, email=profile.email, is_staff=user.is_staff)


def cards() -> QuerySet[Task]:
    """Tasks with all that a card shows, in one query."""
    return Task.objects.select_related("assignee").annotate(comment_count=Count("comments"))


def card_of(task: Task) -> Card:
    return Card(
        id=task.pk,
        title=task.title,
        status=task.status,
        priority=task.priority,
        due=task.due,
        estimate=task.estimate,
        assignee=task.assignee and person_of(task.assignee),
        comment_count=task.comment_count,
    )


def detail_of(task: Task) -> TaskDetail:
    return TaskDetail(
        id=task.pk,
        title=task.title,
        description=task.description,
        status=task.status,
        priority=task.priority,
        due=task.due,
        estimate=task.estimate,
        assignee=task.assignee and person_of(task.assignee),
        created_by=person_of(task.created_by),
        created_at=task.created_at,
        updated_at=task.updated_at,
        print_url=reverse("mizan_routes:task_page", kwargs={"id": task.pk}),
    )


def comment_of(comment: Comment) -> TaskComment:
    return TaskComment(
        id=comment.pk, author=person_of(comment.author), text=comment.text, created_at=comment.created_at
    )


def activity_of(event: Event) -> Activity:
    shared = {
        "id": event.pk,
        "at": event.at,
        "actor": person_of(event.actor),
        "task_id": event.task_id,
        "task_title": event.task.title,
    }
    match event.kind:
        case Event.Kind.MOVED:
            return TaskMoved(kind="moved", old_status=event.old_status, new_status=event.new_status, **shared)
        case Event.Kind.COMMENTED:
            return TaskCommented(kind="commented", excerpt=event.excerpt, **shared)
        case _:
            return TaskCreated(kind="created", **shared)
