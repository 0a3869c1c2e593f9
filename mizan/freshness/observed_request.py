"""
The observed request: it notes what a reader looks at that the key of the entry does not hold.

The key holds the viewer: user, origin, language and time zone. A reader that looks at the session, at a cookie or at a header
may answer two people with one key differently, so its answer is not kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from typing import Any

from django.http import HttpRequest, QueryDict
from django.http.request import HttpHeaders

from mizan.freshness.viewer import vary

# In the key, or the same for every request.
_KNOWN_META = frozenset(
    {
        "HTTP_HOST",
        "HTTP_X_FORWARDED_HOST",
        "HTTP_X_FORWARDED_PORT",
        "HTTP_X_FORWARDED_PROTO",
        "REQUEST_METHOD",
        "SCRIPT_NAME",
        "SERVER_NAME",
        "SERVER_PORT",
        "wsgi.url_scheme",
    }
)


class Observation:
    """
    What a reader looked at, in words: ``the session``, ``the cookie 'theme'``.
    """

    def __init__(self) -> None:
        self.seen: set[str] = set()


@contextmanager
def observed(request: HttpRequest) -> Iterator[Observation]:
    """Note what is read of *request* inside."""
    observation = Observation()
    own: dict[str, Any] = vars(request)
    kept: dict[str, Any] = {name: own[name] for name in ("COOKIES", "META", "GET", "headers") if name in own}
    session = getattr(request, "session", None)
    was_accessed = getattr(session, "accessed", False)
    # Read before any of them is replaced: an ASGI request makes the others out of its META when they are first asked for.
    meta, cookies, query = request.META, request.COOKIES, request.GET
    own["META"] = _NotingDict(meta, observation, "header", _KNOWN_META)
    own["COOKIES"] = _NotingDict(cookies, observation, "cookie")
    own["GET"] = _NotingQuery(query, observation)
    own["headers"] = _NotingHeaders(meta, observation)
    if session is not None:
        session.accessed = False
    try:
        yield observation
    finally:
        for name in ("COOKIES", "META", "GET", "headers"):
            own.pop(name, None)
        own.update(kept)
        if session is not None:
            if session.accessed:
                observation.seen.add("the session")
            session.accessed = session.accessed or was_accessed


def seen_by_vary(request: HttpRequest) -> set[str]:
    """What ``MIZAN_CACHE_VARY`` looks at: the key of every entry holds its answer, so a reader may look at it too."""
    with observed(request) as observation:
        vary(request)
    return observation.seen


class _Noting:
    """A mapping that notes what is read of it, but for the names *known*."""

    observation: Observation
    kind: str
    known: frozenset[str] = frozenset()

    def _note(self, name: Any = None) -> None:
        if name is None:
            self.observation.seen.add(f"every {self.kind}")
        elif name not in self.known:
            self.observation.seen.add(f"the {self.kind} {name!r}")

    def __getitem__(self, name: Any) -> Any:
        self._note(name)
        return super().__getitem__(name)  # type: ignore[misc]  # the mapping behind this mixin

    def get(self, name: Any, default: Any = None) -> Any:
        self._note(name)
        return super().get(name, default)  # type: ignore[misc]

    def __contains__(self, name: Any) -> bool:
        self._note(name)
        return bool(super().__contains__(name))  # type: ignore[misc]

    def __iter__(self) -> Any:
        self._note()
        return super().__iter__()  # type: ignore[misc]

    def keys(self) -> Any:
        self._note()
        return super().keys()  # type: ignore[misc]

    def values(self) -> Any:
        self._note()
        return super().values()  # type: ignore[misc]

    def items(self) -> Any:
        self._note()
        return super().items()  # type: ignore[misc]

    def copy(self) -> Any:
        self._note()
        return super().copy()  # type: ignore[misc]


class _NotingDict(_Noting, dict[str, Any]):
    def __init__(
        self, values: Mapping[str, Any], observation: Observation, kind: str, known: frozenset[str] = frozenset()
    ) -> None:
        super().__init__(values)
        self.observation, self.kind, self.known = observation, kind, known


class _NotingHeaders(_Noting, HttpHeaders):
    kind = "header"

    def __init__(self, meta: Mapping[str, Any], observation: Observation) -> None:
        self._meta, self.observation = meta, observation

    @cached_property
    def _store(self) -> Any:  # type: ignore[override]  # the parent makes it at once, and most readers ask for no header
        return HttpHeaders(self._meta)._store

    def _note(self, name: Any = None) -> None:
        if name is None or self.to_wsgi_name(name) not in _KNOWN_META:
            super()._note(name)


class _NotingQuery(_Noting, QueryDict):
    def __init__(self, query: QueryDict, observation: Observation) -> None:
        self.observation, self.kind = observation, "query parameter"
        super().__init__("", mutable=True, encoding=query.encoding)
        for name, values in query.lists():
            self.setlist(name, list(values))
        self._mutable = False
