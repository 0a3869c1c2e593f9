"""
Whether an answer hangs on something of the request that its cache key does not hold.

The key holds the user, the host, the language and the time zone. A function that looks at the session, at a cookie or at a
header may answer two people differently who have the same key, so its answer is never kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from typing import Any

from django.http import HttpRequest, QueryDict
from django.http.request import HttpHeaders

# Said by the key, or the same for every request.
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


class Dependencies:
    """
    What a function looked at, in words: ``the session``, ``the cookie 'theme'``.
    """

    def __init__(self) -> None:
        self.seen: set[str] = set()


@contextmanager
def watched(request: HttpRequest) -> Iterator[Dependencies]:
    """Notice what is read of *request* meanwhile."""
    found = Dependencies()
    own: dict[str, Any] = vars(request)
    kept: dict[str, Any] = {name: own[name] for name in ("COOKIES", "META", "GET", "headers") if name in own}
    session = getattr(request, "session", None)
    was_accessed = getattr(session, "accessed", False)
    # All read before any is replaced: an ASGI request makes the others of its META when they are first asked for.
    meta, cookies, query = request.META, request.COOKIES, request.GET
    own["META"] = _NotingDict(meta, found, "header", _KNOWN_META)
    own["COOKIES"] = _NotingDict(cookies, found, "cookie")
    own["GET"] = _NotingQuery(query, found)
    own["headers"] = _NotingHeaders(meta, found)
    if session is not None:
        session.accessed = False
    try:
        yield found
    finally:
        for name in ("COOKIES", "META", "GET", "headers"):
            own.pop(name, None)
        own.update(kept)
        if session is not None:
            if session.accessed:
                found.seen.add("the session")
            session.accessed = session.accessed or was_accessed


class _Noting:
    """A mapping that notes in *found* what is read of it, but for the names *known*."""

    found: Dependencies
    kind: str
    known: frozenset[str] = frozenset()

    def _note(self, name: Any = None) -> None:
        if name is None:
            self.found.seen.add(f"every {self.kind}")
        elif name not in self.known:
            self.found.seen.add(f"the {self.kind} {name!r}")

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
        self, values: Mapping[str, Any], found: Dependencies, kind: str, known: frozenset[str] = frozenset()
    ) -> None:
        super().__init__(values)
        self.found, self.kind, self.known = found, kind, known


class _NotingHeaders(_Noting, HttpHeaders):
    kind = "header"

    def __init__(self, meta: Mapping[str, Any], found: Dependencies) -> None:
        self._meta, self.found = meta, found

    @cached_property
    def _store(self) -> Any:  # type: ignore[override]  # the parent makes it at once, and most functions ask for no header
        return HttpHeaders(self._meta)._store

    def _note(self, name: Any = None) -> None:
        if name is None or self.to_wsgi_name(name) not in _KNOWN_META:
            super()._note(name)


class _NotingQuery(_Noting, QueryDict):
    def __init__(self, query: QueryDict, found: Dependencies) -> None:
        self.found, self.kind = found, "query parameter"
        super().__init__("", mutable=True, encoding=query.encoding)
        for name, values in query.lists():
            self.setlist(name, list(values))
        self._mutable = False
