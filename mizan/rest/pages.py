"""
Functions as pages for people: DRF's browsable API in templates of Mizan's own, which need no other app installed.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import rest_framework
from django.conf import settings
from django.middleware.csrf import get_token
from django.template import Context, Engine
from rest_framework import serializers
from rest_framework.renderers import BaseRenderer, HTMLFormRenderer, JSONRenderer
from rest_framework.utils.breadcrumbs import get_breadcrumbs

from mizan import conf
from mizan.rest.renderers import Written, indented

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"


@cache
def engine() -> Engine:
    """Mizan's and DRF's templates, wherever the project's own template settings point."""
    return Engine(
        dirs=[str(TEMPLATES), str(Path(rest_framework.__file__).parent / "templates")],
        libraries={"rest_framework": "rest_framework.templatetags.rest_framework"},
        autoescape=True,
    )


def render_page(template: str, context: dict[str, Any]) -> str:
    """A page out of Mizan's own templates."""
    return engine().get_template(f"mizan/{template}").render(Context(context))


def may_see_docs(request: Any) -> bool:
    """
    Whether *request* may see the pages that describe this server (``MIZAN_SHOW_DOCS``).
    """
    shown = conf.get("MIZAN_SHOW_DOCS")
    if shown is None:
        user = getattr(request, "user", None)
        return bool(settings.DEBUG or (user is not None and user.is_active and user.is_staff))
    return bool(shown)


class PackagedFormRenderer(HTMLFormRenderer):
    """DRF's form fields out of DRF's package, installed as an app or not."""

    def render_field(self, field: Any, parent_style: Mapping[str, Any]) -> str:
        if isinstance(field._field, serializers.HiddenField):
            return ""
        style = self.default_style[field].copy()
        style.update(field.style)
        style.setdefault("template_pack", parent_style.get("template_pack", self.template_pack))
        style["renderer"] = self
        name = style.get("template") or f"{style['template_pack'].strip('/')}/{style['base_template']}"
        shown = field.as_form_field()
        return engine().get_template(name).render(Context({"field": shown, "style": style}))

    def render_fields(self, serializer: Any) -> str:
        """Every field of *serializer*, without the form around them."""
        style = {"template_pack": self.template_pack, "renderer": self}
        return "".join(self.render_field(field, style) for field in serializer)


class FunctionPageRenderer(BaseRenderer):
    """
    A page with a function's docstring, a form for its arguments and the answer to the last call.
    """

    media_type = "text/html"
    format = "api"
    charset = "utf-8"

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> str:
        context = renderer_context or {}
        view, request, response = context["view"], context["request"], context["response"]
        serializer = self._serializer(view, data)
        return render_page(
            "function.html",
            {
                "title": view.get_view_name() or "Mizan",
                "endpoint": getattr(view, "endpoint", None),
                "context": getattr(view, "context", None),
                "doc": view.endpoint.spec.doc if hasattr(view, "endpoint") else "",
                "breadcrumbs": get_breadcrumbs(request.path, request),
                "fields": PackagedFormRenderer().render_fields(serializer) if serializer is not None else "",
                "request": request,
                "status": response.status_code,
                "status_text": response.status_text,
                "is_failure": response.status_code >= 400,
                "answer": self._answer(data),
                "headers": sorted(response.headers.items()),
                "csrf_token": get_token(request._request),
            },
        )

    def _answer(self, data: Any) -> str:
        if data is None:
            return ""
        if isinstance(data, Written):
            return indented(data).decode()
        return JSONRenderer().render(data, "application/json; indent=4").decode()

    def _serializer(self, view: Any, data: Any) -> Any:
        if not hasattr(view, "endpoint") or not view.endpoint.signature.parameters:
            return None
        sent = getattr(view.request, "_full_data", None)
        if sent is not None and hasattr(sent, "getlist"):
            serializer = view.get_serializer(data=sent)
            serializer.is_valid()
            return serializer
        return view.get_serializer()
