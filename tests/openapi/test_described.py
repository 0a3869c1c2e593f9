"""
How a view tells drf-spectacular what it does without loading it.
"""

from __future__ import annotations

from drf_spectacular.openapi import AutoSchema

from mizan.openapi.described import Described
from mizan.openapi.services import SessionSchema


class View:
    schema = Described("services", "SessionSchema")


def test_the_inspector_is_made_when_somebody_asks() -> None:
    """Once for each class of views."""
    described = vars(View)["schema"]

    assert isinstance(View().schema, SessionSchema)
    assert isinstance(described._inspector, AutoSchema)
