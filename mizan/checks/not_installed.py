"""
What stands in place of Mizan's addresses where the project includes them and forgot ``"mizan"`` in INSTALLED_APPS. Without the
app, no checks run, no ``clients`` module is found, and there is no command to export with.
"""

from __future__ import annotations

from django.core.checks import CheckMessage
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from django.urls.resolvers import RegexPattern
from django.views.decorators.csrf import csrf_exempt
from pydantic_core import to_json

from mizan.checks import messages
from mizan.protocol.envelope import failure
from mizan.protocol.errors import E_NOT_INSTALLED, Finding

NOT_INSTALLED = Finding(
    E_NOT_INSTALLED,
    'The project includes addresses of Mizan, and "mizan" is not in INSTALLED_APPS: no function is found.',
    'Add "mizan" to INSTALLED_APPS.',
)


class NotInstalledPattern(URLPattern):
    """
    Answers what matches *regex* with `NOT_INSTALLED`; Django's check of the addresses finds it, which runs without the app.
    """

    def __init__(self, regex: str) -> None:
        super().__init__(RegexPattern(regex), _say, name="not_installed")

    def check(self) -> list[CheckMessage]:
        return messages([NOT_INSTALLED])


@csrf_exempt
def _say(request: HttpRequest, **captured: object) -> HttpResponse:
    body = failure("INTERNAL_ERROR", f"{NOT_INSTALLED.message} {NOT_INSTALLED.hint}")
    return HttpResponse(
        to_json(body), status=500, content_type="application/json", headers={"Cache-Control": "no-store"}
    )
