"""
Permissions in DRF's own classes.
"""

from __future__ import annotations

from typing import Any

import pytest

from mizan.client import client
from tests.api import Api

pytestmark = pytest.mark.django_db


def test_the_projects_default_permissions_hold_where_nothing_is_said(api: Api, settings: Any) -> None:
    """auth=None is DEFAULT_PERMISSION_CLASSES; auth=False is open whatever they are."""
    settings.REST_FRAMEWORK = {"DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"]}

    @client
    def silent(request: Any) -> None: ...

    @client(auth=False)
    def open_to_all(request: Any) -> None: ...

    api.serve(silent, open_to_all)

    assert api.call("silent").status_code == 401
    assert api.call("open_to_all").status_code == 200
