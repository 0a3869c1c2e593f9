"""
One decorator on a typed Django function: a DRF view, an OpenAPI operation and a typed React hook.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mizan.asgi import wrap_asgi
    from mizan.freshness.invalidate import ainvalidate, invalidate

__all__ = ["ainvalidate", "invalidate", "wrap_asgi"]


def __getattr__(name: str) -> object:
    # Lazy on purpose: `import mizan.ir` must not load Django; the generator runs without it.
    if name == "wrap_asgi":
        from mizan.asgi import wrap_asgi

        return wrap_asgi
    if name in ("invalidate", "ainvalidate"):
        from mizan.freshness import invalidate as module

        return getattr(module, name)
    raise AttributeError(f"module 'mizan' has no attribute {name!r}")
