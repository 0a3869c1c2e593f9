"""
Templates that need no app and no setting.
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field

from mizan.client import client
from tests.api import Api
from tests.pages.markup import HTML


class Address(BaseModel):
    street: str = Field(min_length=1)
    city: str = "Graz"


def test_pages_need_no_other_app(api: Api, settings: Any) -> None:
    """Neither DRF, drf-spectacular nor staticfiles are installed: templates and assets are Mizan's own."""
    settings.TEMPLATES = []

    @client(auth=False)
    def echo(request: Any, text: str, more: list[Address] = []) -> str:
        return text

    api.serve(echo)

    assert not {"rest_framework", "drf_spectacular", "django.contrib.staticfiles"} & set(settings.INSTALLED_APPS)
    assert api.get("call/echo/", **HTML).status_code == 200
    assert api.get("docs/", **HTML).status_code == 200
