"""
Findings are told once: by the command that was asked for them, or else by the log.
"""

from __future__ import annotations

import logging

import pytest
from django.core.management import CommandError, call_command

from mizan.protocol.registry import FunctionRegistry
from mizan.service.current import current_service
from tests.checks.examples import no_return_type


def test_an_export_says_nothing_in_the_log(registry: FunctionRegistry, caplog: pytest.LogCaptureFixture) -> None:
    """Whoever generates a client would read every finding twice."""
    no_return_type()

    with caplog.at_level(logging.ERROR, "mizan"), pytest.raises(CommandError, match=r"mizan\.E001"):
        call_command("export_mizan_ir")

    assert caplog.records == []


def test_a_server_that_was_not_checked_logs_them(registry: FunctionRegistry, caplog: pytest.LogCaptureFixture) -> None:
    """A deployment may not run the checks."""
    no_return_type()

    with caplog.at_level(logging.ERROR, "mizan"):
        current_service()

    assert "mizan.E001" in caplog.text
