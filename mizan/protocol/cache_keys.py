"""
The names of cached entries and of the tags that make them stale. Framework-free; see docs/caching.md.

Each name is an HMAC under the project's secret: nobody learns anything from one, and no client can make one up. All names
of one context share a hash tag, so a Redis Cluster keeps them on one node and gives them in one answer.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import Any

from mizan.protocol.canonical import canonical_json
from mizan.protocol.errors import E_CACHE, ConfigError, Finding

MIN_SECRET_BYTES = 32
PREFIX = "mizan"
_REMEMBERED = 10_000


class CacheKeys:
    """
    Makes the names that one secret gives.
    """

    def __init__(self, secret: str) -> None:
        """
        Raises:
            ConfigError: ``mizan.E016``, the secret is shorter than 32 bytes.
        """
        if len(secret.encode()) < MIN_SECRET_BYTES:
            raise ConfigError(
                Finding(
                    E_CACHE,
                    "MIZAN_CACHE_SECRET needs 32 bytes or more.",
                    'Make one: python -c "import secrets; print(secrets.token_urlsafe(48))"',
                )
            )
        self._secret = secret.encode()
        # The functions of a context share most of their tags.
        self._tag = lru_cache(_REMEMBERED)(self._new_tag)
        self._prefixes: dict[str, str] = {}

    def entry(self, context: str, function: str, question: str, vary: Sequence[Any]) -> str:
        """
        The name of one entry: an answer of *function*.

        Args:
            question: The parameters that the function takes, as text, as they were sent.
            vary: What else the answer may depend on: revision, user, permissions, host, language and the like.
        """
        return self._name(context, "e", [function, question, vary])

    def tag(
        self,
        context: str,
        function: str | None = None,
        params: Mapping[str, Any] | None = None,
        defaulted: Collection[str] = (),
    ) -> str:
        """
        The name of a tag; entries that carry it are stale once its version changes.

        All entries of the context carry it, or those of one function, or those whose parameters include *params* and
        have the ones in *defaulted* at their defaults. A number and its text give one tag: a query string cannot tell them
        apart, so a mutation must not either.
        """
        texts = tuple((name, _text(value)) for name, value in sorted(params.items())) if params else ()
        return self._tag(context, function, texts, tuple(sorted(defaulted)))

    def _new_tag(
        self, context: str, function: str | None, texts: tuple[tuple[str, str], ...], defaulted: tuple[str, ...]
    ) -> str:
        return self._name(context, "t", [function, texts, defaulted])

    def access_tag(self, context: str) -> str:
        """The name of the tag that changes with anybody's groups or permissions."""
        return self._name(context, "t", ["permissions"])

    def prefix(self, context: str) -> str:
        """What every name of *context* starts with."""
        prefix = self._prefixes.get(context)
        if prefix is None:
            prefix = self._prefixes[context] = f"{PREFIX}:{{{self._digest(['context', context])[:16]}}}"
        return prefix

    def _name(self, context: str, kind: str, parts: list[Any]) -> str:
        return f"{self.prefix(context)}:{kind}:{self._digest([kind, context, *parts])}"

    def _digest(self, parts: list[Any]) -> str:
        return hmac.digest(self._secret, canonical_json(parts), "sha256").hex()


def _text(value: Any) -> str:
    text = canonical_json(value).decode()
    return json.loads(text) if text.startswith('"') else text
