"""
The user as a cached reader gets them. What their row says is in the key of the entry; what somebody has put on the object for
this request, such as a second factor, is not.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from django.db.models import Model
from django.utils.functional import SimpleLazyObject, empty

# Django's own: where the row and what was asked of it before are kept, and how the user was found.
_OWN = frozenset(
    {
        "_group_perm_cache",
        "_password",
        "_perm_cache",
        "_prefetched_objects_cache",
        "_state",
        "_user_perm_cache",
        "backend",
    }
)


# What the ORM and serializers ask of any value to find out what it is. No user has these.
_PROBED = frozenset(
    {
        "all",
        "as_sql",
        "bilateral",
        "clear_ordering",
        "conditional",
        "contains_aggregate",
        "contains_column_references",
        "contains_over_clause",
        "copy",
        "get_compiler",
        "get_source_expressions",
        "has_select_fields",
        "items",
        "keys",
        "query",
        "resolve_expression",
        "select_format",
        "to_representation",
    }
)


@contextmanager
def observed_user(user: Any, seen: set[str]) -> Iterator[None]:
    """Have *user* note in *seen* what a reader looks at inside that was put on the object."""
    person = _behind(user)
    cls: Any = type(person)
    if not isinstance(getattr(person, "__dict__", None), dict):
        yield
        return
    try:
        # The object itself, so that queries, comparisons and serializers see the user that they expect.
        person.__class__ = _observed_class(cls)
    except TypeError:  # a class with a layout of its own: nothing can be noted, so the user is taken as a whole
        seen.add("request.user")
        yield
        return
    token = _notes.setdefault(id(person), [])
    token.append(seen)
    try:
        yield
    finally:
        token.remove(seen)
        if not token:
            _notes.pop(id(person), None)
            person.__class__ = cls


_notes: dict[int, list[set[str]]] = {}
"""Where each user who is observed now notes what is looked at."""


def _behind(user: Any) -> Any:
    while isinstance(user, SimpleLazyObject):
        if user._wrapped is empty:
            _ = user.is_authenticated
        user = user._wrapped
    return user


@lru_cache
def _observed_class(cls: Any) -> Any:
    """*cls* with a look-up that notes. `type` itself makes it: to Django's own metaclass it would be another model."""
    if getattr(cls, "_mizan_observed", False):
        return cls
    known = frozenset(name for base in cls.__mro__ for name in vars(base)) | _OWN | _PROBED
    if issubclass(cls, Model):
        known |= {name for field in cls._meta.get_fields() for name in (field.name, getattr(field, "attname", ""))}

    def note(self: Any, name: str) -> Any:
        # Also where there is no such attribute: another caller's user may have it.
        if name not in known and not name.startswith("__"):
            for seen in _notes.get(id(self), ()):
                seen.add(f"request.user.{name}")
        return cls.__getattribute__(self, name)

    names = {"__getattribute__": note, "__module__": cls.__module__, "_mizan_observed": True}
    return type.__new__(type(cls), cls.__name__, (cls,), names)
