"""
Mizan's messages, as ``manage.py check`` collects them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.checks import CheckMessage, run_checks

from mizan.setup import register


def found(*, deploy: bool = False) -> list[CheckMessage]:
    """Mizan's messages, as ``manage.py check`` collects them."""
    return [message for message in run_checks(include_deployment_checks=deploy) if str(message.id).startswith("mizan.")]


def ids(*, deploy: bool = False) -> list[str | None]:
    return [message.id for message in found(deploy=deploy)]


def serve(*functions: Callable[..., Any]) -> None:
    for function in functions:
        register(function)
