"""
``{% load mizan %}``: contexts embedded in a page.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.template import Context
from django.utils.safestring import SafeString, mark_safe

from mizan.hydration import hydration_json
from mizan.service.current import current_service

register = template.Library()


@register.simple_tag(takes_context=True)
def mizan_hydration(context: Context, **contexts: Any) -> SafeString:
    """
    The script element that ``<MizanContext>`` starts from, so that the page shows its data at once.

    ::

        {% load mizan %}
        {% mizan_hydration %}                          the global context
        {% mizan_hydration user=5 %}                   and the context "user", whose one parameter is 5
        {% mizan_hydration board=True %}               and "board", which has no parameters
        {% mizan_hydration search=params %}            and "search" with a dict of parameters

    Raises:
        TemplateSyntaxError: there is no such context, the parameters do not fit it, or the template has no ``request``.
    """
    request = getattr(context, "request", None) or context.get("request")
    if request is None:
        raise template.TemplateSyntaxError(
            "{% mizan_hydration %} needs the request. Write render(request, template, context)."
        )
    try:
        payload = hydration_json(request, {name: _parameters(name, value) for name, value in contexts.items()})
    except LookupError as error:
        raise template.TemplateSyntaxError(str(error)) from None
    return mark_safe(f'<script type="application/json" id="mizan-data">{payload}</script>')  # noqa: S308 - escaped there


def _parameters(name: str, value: Any) -> Mapping[str, Any]:
    if isinstance(value, Mapping):
        return value
    known = current_service().contexts.get(name)
    names = known.parameter_names if known is not None else ("",)
    if not names and value is True:
        return {}
    if len(names) != 1:
        raise template.TemplateSyntaxError(
            f"The context {name!r} has the parameters {', '.join(names) or 'none'}: give it a dict of them, or True."
        )
    return {names[0]: value}
