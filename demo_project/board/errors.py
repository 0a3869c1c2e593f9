"""
What can go wrong on this board and nowhere else.
"""

from __future__ import annotations

from pydantic import BaseModel

from demo_project.board.models import Status
from mizan.client import MizanError


class WipLimitReached(MizanError):
    """The column is full: something in it has to be finished first."""

    status = 409
    message = "This column is full. Finish something in it first."

    class Details(BaseModel):
        column: Status
        limit: int


class WrongPassword(MizanError):
    """No account has this name and password."""

    status = 422
    message = "No account has this name and password."
