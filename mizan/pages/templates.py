"""
Mizan's own templates, wherever the project's template settings point.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from django.template import Context, Engine
from django.utils.safestring import SafeString

_FOLDER = Path(__file__).resolve().parent.parent / "templates"


@cache
def engine() -> Engine:
    """An engine that knows only Mizan's templates and escapes every value."""
    return Engine(dirs=[str(_FOLDER)], autoescape=True)


def render_page(template: str, context: Mapping[str, Any]) -> SafeString:
    """The page ``mizan/<template>``."""
    return engine().get_template(f"mizan/{template}").render(Context(dict(context)))
