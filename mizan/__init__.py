"""
One decorator on a typed Django function: a DRF view, an OpenAPI operation and a typed React hook.
"""

from __future__ import annotations

__all__ = ["wrap_asgi"]


def __getattr__(name: str) -> object:
    # Lazy on purpose: `import mizan.ir` must not load Django; the generator runs without it.
    if name == "wrap_asgi":
        from mizan.asgi import wrap_asgi

        return wrap_asgi
    raise AttributeError(f"module 'mizan' has no attribute {name!r}")
