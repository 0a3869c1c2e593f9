"""
Mizan's addresses in a project that forgot the app.
"""

from __future__ import annotations

from pathlib import Path

from tests.test_setup import run_project


def test_a_forgotten_app_is_told_by_the_check_and_by_every_address(tmp_path: Path) -> None:
    """With the line to add; what is not Mizan's stays as it is."""
    program = (
        "import django; django.setup()\n"
        "from django.core.checks import run_checks\n"
        "from django.test import Client\n"
        "print([(message.id, message.hint) for message in run_checks()])\n"
        "client = Client()\n"
        "answers = [client.get('/api/mizan/'), client.post('/api/mizan/call/echo/'), client.get('/api/mizan/schema/')]\n"
        "print([(answer.status_code, answer.json()['message'][-30:]) for answer in answers])\n"
        "print(client.get('/other/').status_code)\n"
    )

    printed = run_project(program, "INSTALLED_APPS.remove('mizan')", tmp_path).splitlines()

    assert printed == [
        str([("mizan.E023", 'Add "mizan" to INSTALLED_APPS.')] * 2),
        str([(500, 'Add "mizan" to INSTALLED_APPS.')] * 3),
        "404",
    ]
