"""
Findings that only show when the functions are described: fields whose type drf-spectacular cannot tell, shapes that the
IR has no words for.
"""

from __future__ import annotations

from django.conf import settings

from mizan import ir
from mizan.export.text import build_ir
from mizan.protocol.errors import E_UNSERVABLE_TYPE, W_NOT_MOUNTED, ConfigError, Finding
from mizan.rest.findings import service_findings
from mizan.service.current import current_service
from mizan.translate import TranslationError


def document_findings() -> tuple[Finding, ...]:
    """Why no client can be generated, where nothing else is wrong with the functions."""
    if not getattr(settings, "ROOT_URLCONF", None):
        return ()  # a project without addresses has no clients
    if any(finding.is_error for finding in service_findings(current_service())):
        return ()  # they are reported already, and the document would only repeat them
    try:
        build_ir()
    except ConfigError as error:
        return tuple(finding for finding in error.findings if finding.id != W_NOT_MOUNTED)
    except TranslationError as error:
        return tuple(_from_ir(finding) for finding in error.findings)
    except Exception as error:  # a type that its own author's code cannot describe
        message = f"The OpenAPI document cannot be made: {type(error).__name__}: {error}"
        return (Finding(E_UNSERVABLE_TYPE, message, "manage.py export_mizan_ir --openapi --traceback says where."),)
    return ()


def _from_ir(finding: ir.Finding) -> Finding:
    return Finding(E_UNSERVABLE_TYPE, f"{finding.where} {finding.message}", finding.hint)
