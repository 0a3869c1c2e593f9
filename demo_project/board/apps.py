"""
The board as a Django app.
"""

from __future__ import annotations

from django.apps import AppConfig


class BoardConfig(AppConfig):
    """Puts the functions in ``clients`` in service."""

    name = "demo_project.board"
    verbose_name = "Task board"

    def ready(self) -> None:
        from mizan.setup import mizan_clients

        mizan_clients("demo_project.board")
