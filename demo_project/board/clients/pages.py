"""
Pages at addresses of their own.
"""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from demo_project.board.models import Task
from mizan.client import client


@client(route="/tasks/<int:id>/print/", auth=False)
def task_page(request, id: int) -> HttpResponse:
    """One task with its comments, on paper."""
    task = Task.objects.select_related("assignee", "created_by").get(pk=id)
    return render(request, "board/task_page.html", {"task": task, "comments": task.comments.select_related("author")})
