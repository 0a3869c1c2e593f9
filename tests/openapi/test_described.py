"""
How a view tells drf-spectacular what it does without loading it.
"""

from __future__ import annotations

from typing import Any

from drf_spectacular.openapi import AutoSchema

from mizan.openapi.described import Described, own_document
from mizan.openapi.services import SessionSchema


class View:
    schema = Described("services", "SessionSchema")


def test_the_inspector_is_made_when_somebody_asks() -> None:
    """Once for each class of views."""
    described = vars(View)["schema"]

    with own_document():
        assert isinstance(View().schema, SessionSchema)
    assert isinstance(described._inspector, AutoSchema)


def test_another_document_leaves_the_view_out(settings: Any) -> None:
    """Its version and its hooks are the project's, and would make it false. The project may ask for it."""
    without = View().schema
    settings.MIZAN_IN_PROJECT_DOCUMENT = True

    assert without is None
    assert isinstance(View().schema, SessionSchema)
