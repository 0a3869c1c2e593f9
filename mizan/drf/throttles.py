"""
``throttle=`` as DRF throttle classes.
"""

from __future__ import annotations

from typing import Any

from rest_framework.settings import api_settings
from rest_framework.throttling import BaseThrottle, SimpleRateThrottle


class RateThrottle(SimpleRateThrottle):
    """
    At most so many calls of one function by one caller: the user, or the address of an anonymous one.
    """

    def get_cache_key(self, request: Any, view: Any) -> str:
        user = request.user
        who = user.pk if user is not None and user.is_authenticated else self.get_ident(request)
        return self.cache_format % {"scope": f"{self.scope}.{self.rate}", "ident": who}


def throttle_classes(name: str, throttle: tuple[Any, ...]) -> list[type[BaseThrottle]]:
    """
    The throttle classes of the function called *name*: its own, or the project's defaults.

    Raises:
        ValueError: a rate is not of the form ``"10/min"`` (``mizan.E014`` tells the developer).
    """
    if not throttle:
        defaults: Any = api_settings.DEFAULT_THROTTLE_CLASSES
        return list(defaults)
    return [_class(name, item) for item in throttle]


def _class(name: str, item: Any) -> type[BaseThrottle]:
    if isinstance(item, type) and issubclass(item, BaseThrottle):
        return item
    if not isinstance(item, str) or not _is_rate(item):
        raise ValueError(f"throttle={item!r}")
    return type("RateThrottle", (RateThrottle,), {"rate": item, "scope": f"mizan.{name}"})


def _is_rate(text: str) -> bool:
    number, slash, period = text.partition("/")
    return bool(slash) and number.isdecimal() and int(number) > 0 and period[:1] in ("s", "m", "h", "d")
