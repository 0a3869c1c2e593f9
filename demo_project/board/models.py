"""
What the board keeps: people's profiles, columns, tasks, comments and what happened.
"""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MinLengthValidator
from django.db import models


class Status(models.TextChoices):
    """The columns of the board, from left to right."""

    TODO = "todo", "To do"
    DOING = "doing", "Doing"
    REVIEW = "review", "Review"
    DONE = "done", "Done"


class Priority(models.TextChoices):
    LOW = "low", "Low"
    NORMAL = "normal", "Normal"
    HIGH = "high", "High"


class Role(models.TextChoices):
    MEMBER = "member", "Member"
    ORGANISER = "organiser", "Organiser"


class Profile(models.Model):
    """What others see of an account."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="profile")
    display_name = models.CharField(max_length=40, validators=[MinLengthValidator(2)])
    email = models.EmailField(blank=True)
    about = models.CharField(max_length=160, blank=True)
    role = models.CharField(max_length=10, choices=Role, default=Role.MEMBER)
    avatar = models.FileField(upload_to="avatars/", blank=True)

    def __str__(self) -> str:
        return self.display_name


class Column(models.Model):
    """How many tasks a column takes at a time; none means any number."""

    status = models.CharField(max_length=10, choices=Status, primary_key=True)
    limit = models.PositiveSmallIntegerField(null=True, blank=True)

    def __str__(self) -> str:
        return self.get_status_display()


class Task(models.Model):
    title = models.CharField(max_length=80)
    description = models.TextField(blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.TODO)
    priority = models.CharField(max_length=10, choices=Priority, default=Priority.NORMAL)
    due = models.DateField(null=True, blank=True)
    estimate = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    assignee = models.ForeignKey(Profile, models.SET_NULL, null=True, blank=True, related_name="tasks")
    created_by = models.ForeignKey(Profile, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.title


class Comment(models.Model):
    task = models.ForeignKey(Task, models.CASCADE, related_name="comments")
    author = models.ForeignKey(Profile, models.PROTECT, related_name="+")
    text = models.TextField(max_length=500)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["created_at", "id"]

    def __str__(self) -> str:
        return self.text


class Event(models.Model):
    """One thing that happened to a task, for the activity feed."""

    class Kind(models.TextChoices):
        CREATED = "created"
        MOVED = "moved"
        COMMENTED = "commented"

    kind = models.CharField(max_length=10, choices=Kind)
    task = models.ForeignKey(Task, models.CASCADE, related_name="events")
    actor = models.ForeignKey(Profile, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    old_status = models.CharField(max_length=10, choices=Status, blank=True)
    new_status = models.CharField(max_length=10, choices=Status, blank=True)
    excerpt = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.actor} {self.kind} {self.task}"
