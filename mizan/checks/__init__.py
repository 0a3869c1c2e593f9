"""
Findings about the declared functions and the project as Django system checks. Other modules find them; this one makes
Django's messages of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, Warning, register

from mizan.protocol.errors import Finding

# The surfaces are imported inside the checks: a process that runs no checks does not need them, and the other apps may not
# be ready when this module is imported.


@register(Tags.compatibility)
def check_functions(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Names, types, options, permissions, throttles and routes of every registered function."""
    from mizan.rest.findings import service_findings
    from mizan.service.current import current_service

    return messages(service_findings(current_service()))


@register(Tags.compatibility)
def check_document(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Whether the functions can be described, so that a client can be generated."""
    from mizan.export.findings import document_findings

    return messages(document_findings())


@register(Tags.urls)
def check_installation(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Whether the project's addresses and middleware let the functions be called."""
    from mizan.rest.installation import installation_findings
    from mizan.service.current import current_service

    return messages(installation_findings(current_service()))


@register(Tags.security)
def check_settings(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """The secrets and the cache."""
    from mizan.checks.settings import settings_findings

    return messages(settings_findings())


@register(Tags.security, deploy=True)
def check_deployment(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Placeholders for secrets, and a cache that only one process sees; asked for by ``check --deploy``."""
    from mizan.checks.settings import deployment_findings

    return messages(deployment_findings())


@register(Tags.security, deploy=True)
def check_open_functions(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Functions that are open to everybody without saying so; asked for by ``check --deploy``."""
    from mizan.dispatch.access_findings import open_findings
    from mizan.service.current import current_service

    return messages(open_findings(current_service()))


@register(Tags.security, deploy=True)
def check_proxies(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Throttles that a made-up header passes; asked for by ``check --deploy``."""
    from mizan.dispatch.access_findings import proxy_findings
    from mizan.service.current import current_service

    return messages(proxy_findings(current_service()))


def messages(findings: Iterable[Finding]) -> list[CheckMessage]:
    """Each finding as an Error or a Warning."""
    return [
        (Error if finding.is_error else Warning)(finding.message, hint=finding.hint or None, id=finding.id)
        for finding in findings
    ]
