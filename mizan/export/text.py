"""
The two documents as text, the same bytes for the same functions.
"""

from __future__ import annotations

import json

from mizan import ir, translate
from mizan.export.document import build_document


def openapi_text() -> str:
    """The OpenAPI document as JSON, two spaces of indent, keys in the order of the declarations."""
    return json.dumps(build_document(), indent=2, ensure_ascii=False) + "\n"


def ir_text() -> str:
    """The KDL IR as text."""
    return ir.write(build_ir())


def build_ir() -> ir.Schema:
    """
    The IR, translated from the OpenAPI document and from nothing else.

    Raises:
        ConfigError: functions cannot be served as they are declared.
        TranslationError: the IR has no words for them.
    """
    schema = translate.translate(json.loads(openapi_text()))
    findings = ir.check(schema)
    if findings:
        raise translate.TranslationError(findings)
    return schema
