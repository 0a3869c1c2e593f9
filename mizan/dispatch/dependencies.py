"""
Whether an answer hangs on something of the request that its cache key does not hold.

The key holds the user, the host, the language and the time zone. A function that looks at the session, at a cookie or at a
header may answer two people differently who have the same key, so its answer is never kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.http import HttpRequest, QueryDict

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
    meta, cookies, query = dict(request.META), dict(request.COOKIES), request.GET
    own["META"] = _watched(dict, found, "the header {!r}", _KNOWN_META)(meta)
    own["COOKIES"] = _watched(dict, found, "the cookie {!r}")(cookies)
    own["GET"] = _watched_query(query, found)
    own.pop("headers", None)
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


def _watched(base: type, found: Dependencies, words: str, known: frozenset[str] = frozenset()) -> Any:
    def note(name: Any) -> None:
        if name not in known:
            found.seen.add(words.format(name))

    class Watched(base):  # type: ignore[misc]  # one class for dicts and query dicts
        def __getitem__(self, name: Any) -> Any:
            note(name)
            return super().__getitem__(name)

        def get(self, name: Any, default: Any = None) -> Any:
            note(name)
            return super().get(name, default)

        def __contains__(self, name: Any) -> bool:
            note(name)
            return bool(super().__contains__(name))

        def __iter__(self) -> Any:
            note("*")
            return super().__iter__()

        def keys(self) -> Any:
            note("*")
            return super().keys()

        def values(self) -> Any:
            note("*")
            return super().values()

        def items(self) -> Any:
            note("*")
            return super().items()

        def copy(self) -> Any:
            note("*")
            return super().copy()

    return Watched


def _watched_query(query: QueryDict, found: Dependencies) -> QueryDict:
    copy = _watched(QueryDict, found, "the query parameter {!r}")("", mutable=True, encoding=query.encoding)
    for name, values in query.lists():
        copy.setlist(name, list(values))
    copy._mutable = False
    watched_query: QueryDict = copy
    return watched_query
