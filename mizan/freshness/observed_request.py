"""
The observed request: what a cached reader gets in place of its request. It notes everything that the reader looks at and the
key of the entry does not hold.

The rule is an allow-list. A reader may look at what the viewer in the key is made of: the user, the origin as Django derives
it, the language, the method. Whatever else it looks at, known to us or not, may differ between two callers with one key, so the
answer is then its caller's own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any

from django.http import HttpRequest, QueryDict
from django.http.request import HttpHeaders
from django.utils.translation import get_language
from rest_framework.request import Request

from mizan.freshness.observed_user import observed_user
from mizan.freshness.viewer import vary

# In the key of every entry, or the same for every request of Mizan's. Methods that only derive these are among them.
_ALLOWED = frozenset(
    {
        "auser",
        "get_host",
        "is_secure",
        "method",
        "scheme",
        "user",
        "version",
        "versioning_scheme",
        "_get_raw_host",
        "_get_scheme",
    }
)
_KINDS = {"META": "header", "COOKIES": "cookie", "GET": "query parameter", "query_params": "query parameter"}


class Observation:
    """
    What a reader looked at, in words: ``the session``, ``the cookie 'theme'``, ``request.tenant``.
    """

    def __init__(self) -> None:
        self.seen: set[str] = set()


@contextmanager
def observed(request: Request) -> Iterator[tuple[Request, Observation]]:
    """
    *request* as a reader gets it inside, and what was noted.

    Args:
        request: DRF's request, of a user who is known.
    """
    observation = Observation()
    with ExitStack() as stack:
        stack.enter_context(observed_user(request.user, observation.seen))
        yield _ObservedDrfRequest(request, observation), observation


def seen_by_vary(request: HttpRequest) -> set[str]:
    """What ``MIZAN_CACHE_VARY`` looks at: the key of every entry holds its answer, so a reader may look at it too."""
    observation = Observation()
    vary(_ObservedHttpRequest(request, observation))
    return observation.seen


class _Observed:
    """Stands before a request and passes on what is asked of it. What is not allowed is noted."""

    def __init__(self, request: Any, observation: Observation) -> None:
        object.__setattr__(self, "_observed", (request, observation))

    def __getattribute__(self, name: str) -> Any:
        request, observation = object.__getattribute__(self, "_observed")
        if name in _ALLOWED or name.startswith("__"):
            return getattr(request, name)
        if name in _KINDS:
            return _noting(getattr(request, name), _KINDS[name], observation)
        if name == "headers":
            return _NotingHeaders(request.META, observation)
        if name == "build_absolute_uri":
            return _uri_builder(request, observation)
        if name == "LANGUAGE_CODE" and getattr(request, name, None) == get_language():
            return request.LANGUAGE_CODE
        if name == "_request":
            return _ObservedHttpRequest(request._request, observation)
        observation.seen.add("the session" if name == "session" else f"request.{name}")
        return getattr(request, name)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(object.__getattribute__(self, "_observed")[0], name, value)

    def __delattr__(self, name: str) -> None:
        delattr(object.__getattribute__(self, "_observed")[0], name)


class _ObservedDrfRequest(_Observed, Request):
    """DRF's request; its own initialisation is that of the request behind it."""

    __init__ = _Observed.__init__


class _ObservedHttpRequest(_Observed, HttpRequest):
    """Django's request, for whoever looks behind DRF's, and for ``MIZAN_CACHE_VARY``."""

    __init__ = _Observed.__init__


def _uri_builder(request: Any, observation: Observation) -> Any:
    """``build_absolute_uri``: what is relative hangs on the path too."""

    def build_absolute_uri(location: str | None = None) -> str:
        if location is None or not str(location).startswith(("/", "http://", "https://")):
            observation.seen.add("request.path")
        uri: str = request.build_absolute_uri(location)
        return uri

    return build_absolute_uri


def _noting(values: Any, kind: str, observation: Observation) -> Any:
    if isinstance(values, QueryDict):
        return _NotingQuery(values, kind, observation)
    return _NotingDict(values, kind, observation)


class _Noting:
    """A mapping that notes what is read of it."""

    observation: Observation
    kind: str

    def _note(self, name: Any = None) -> None:
        if self.kind == "header" and name is not None:
            name = _header_name(str(name))
        self.observation.seen.add(f"every {self.kind}" if name is None else f"the {self.kind} {name!r}")

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

    def __len__(self) -> int:
        self._note()
        return super().__len__()  # type: ignore[misc, no-any-return]

    def __eq__(self, other: object) -> bool:
        self._note()
        return bool(super().__eq__(other))

    __hash__ = None  # type: ignore[assignment]  # as for every dict

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
    def __init__(self, values: Mapping[str, Any], kind: str, observation: Observation) -> None:
        super().__init__(values)
        self.kind, self.observation = kind, observation


class _NotingHeaders(_Noting, HttpHeaders):
    kind = "header"

    def __init__(self, meta: Mapping[str, Any], observation: Observation) -> None:
        self.observation = observation
        super().__init__(meta)


def _header_name(name: str) -> str:
    """One name for a header in META and in the request's headers, of which MIZAN_CACHE_VARY may look at either."""
    words = name.removeprefix("HTTP_").replace("_", "-") if name.startswith("HTTP_") else name
    return name if words == name == name.upper() else "-".join(word.capitalize() for word in words.split("-"))


class _NotingQuery(_Noting, QueryDict):
    def __init__(self, query: QueryDict, kind: str, observation: Observation) -> None:
        self.observation, self.kind = observation, kind
        super().__init__("", mutable=True, encoding=query.encoding)
        for name, values in query.lists():
            QueryDict.setlist(self, name, list(values))
        self._mutable = False

    def getlist(self, key: Any, default: Any = None) -> Any:
        self._note(key)
        return super().getlist(key, default)

    def lists(self) -> Any:
        self._note()
        return super().lists()

    def dict(self) -> Any:
        self._note()
        return super().dict()

    def urlencode(self, safe: str | None = None) -> str:
        self._note()
        return super().urlencode(safe)
