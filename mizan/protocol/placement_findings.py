"""
What is wrong with where a ``@client`` stands: below another decorator, or inside a class. Neither is served.
"""

from __future__ import annotations

from typing import Any

from mizan.protocol.errors import E_DECORATED, E_METHOD, Finding
from mizan.protocol.specs import FunctionSpec

_LOGIN_DECORATORS = "django.contrib.auth.decorators"


def decorated_finding(spec: FunctionSpec, carrier: Any) -> Finding:
    """A decorator above `@client` made *carrier* of the function that *spec* belongs to."""
    module = _module_of(carrier)
    hint = f"Put that decorator below @client: @client first, then the decorator, then def {spec.function.__name__}."
    if module == _LOGIN_DECORATORS:
        hint = (
            'Write @client(auth=True) instead of @login_required, @client(auth="staff") instead of '
            '@staff_member_required, @client(auth="app_label.codename") instead of @permission_required.'
        )
    return Finding(
        E_DECORATED,
        f"{spec.located} is not served: a decorator{f' of {module}' if module else ''} stands above its @client, and "
        "every call would go past it.",
        hint,
    )


def method_finding(spec: FunctionSpec) -> Finding:
    """*spec* belongs to a function in the body of a class."""
    name = spec.function.__name__
    return Finding(
        E_METHOD,
        f"{spec.located} is not served: it is written in a class, and there is no object to call it on.",
        f"Write def {name}(request, …) at the top level of the module.",
    )


def _module_of(carrier: Any) -> str:
    """The module whose decorator made *carrier*, where that can be told: ``__module__`` is the function's own by then."""
    module = getattr(carrier, "__globals__", {}).get("__name__") or type(carrier).__module__
    return "" if module == "builtins" else str(module)
