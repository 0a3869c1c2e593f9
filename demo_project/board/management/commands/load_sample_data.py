"""
``manage.py load_sample_data``: accounts, tasks and comments to try the board with.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from demo_project.board import samples
from demo_project.board.models import Column, Comment, Event, Profile, Task


class Command(BaseCommand):
    """
    Loads what is missing; run again it changes nothing.
    """

    help = "Load the accounts, tasks and comments that the demo starts with; run again it changes nothing."

    @transaction.atomic
    def handle(self, *args: object, **options: object) -> None:
        people = {account["username"]: self._person(account) for account in samples.SAMPLE_ACCOUNTS}
        for status, limit in samples.LIMITS.items():
            Column.objects.get_or_create(status=status, defaults={"limit": limit})
        if Task.objects.exists():
            self.stdout.write("The board has tasks already; left as they are.")
            return
        made = {sample.title: self._task(sample, people) for sample in samples.TASKS}
        for title, actor, old, new in samples.MOVES:
            Event.objects.create(
                kind=Event.Kind.MOVED, task=made[title], actor=people[actor], old_status=old, new_status=new
            )
        for title, author, text in samples.COMMENTS:
            Comment.objects.create(task=made[title], author=people[author], text=text)
            Event.objects.create(kind=Event.Kind.COMMENTED, task=made[title], actor=people[author], excerpt=text[:80])
        self._tell_apart()
        self.stdout.write(f"Loaded {len(people)} accounts and {len(made)} tasks.")

    def _person(self, account: dict[str, str]) -> Profile:
        username = account["username"]
        user, is_new = get_user_model().objects.get_or_create(
            username=username, defaults={"is_staff": username in samples.STAFF}
        )
        if is_new:
            user.set_password(account["password"])
            user.save()
        defaults = {"display_name": account["name"], **samples.PROFILES[username]}
        return Profile.objects.get_or_create(user=user, defaults=defaults)[0]

    def _task(self, sample: samples.SampleTask, people: dict[str, Profile]) -> Task:
        task = Task.objects.create(
            title=sample.title,
            description=sample.description,
            status=sample.status,
            priority=sample.priority,
            due=None if sample.due is None else timezone.localdate() + timedelta(days=sample.due),
            estimate=sample.estimate and Decimal(sample.estimate),
            assignee=sample.assignee and people[sample.assignee],
            created_by=people[sample.author],
        )
        Event.objects.create(kind=Event.Kind.CREATED, task=task, actor=people[sample.author])
        return task

    def _tell_apart(self) -> None:
        """Everything was made just now; spread over the last days it reads like a board in use."""
        for age, event in enumerate(Event.objects.order_by("-id"), start=1):
            Event.objects.filter(pk=event.pk).update(at=event.at - timedelta(minutes=47 * age * age))
        for age, comment in enumerate(Comment.objects.order_by("-id"), start=1):
            Comment.objects.filter(pk=comment.pk).update(created_at=comment.created_at - timedelta(hours=5 * age))
