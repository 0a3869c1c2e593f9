"""
The names of cached answers and of what makes them stale. Framework-free; see docs/caching.md.

Whoever reads the store learns nothing from a name, and no client can make one up: each is an HMAC under the project's
secret. All names of one context share a hash tag, so a Redis Cluster keeps them on one node and gives them in one answer.
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

    def entry(self, context: str, function: str, params: Mapping[str, Any], about: Sequence[Any]) -> str:
        """
        Where the answer of *function* is kept.

        Args:
            params: What the function takes of the context's parameters, validated.
            about: What else the answer may hang on: revision, user, permissions, host, language and the like.
        """
        return self._name(context, "e", [function, params, about])

    def tag(
        self,
        context: str,
        function: str | None = None,
        params: Mapping[str, Any] | None = None,
        left: Collection[str] = (),
    ) -> str:
        """
        What is current while no mutation made stale: the whole context, one function's slots, or those of them whose
        parameters include *params* and have the *left* ones at their defaults.

        A number and the text of it give one tag: a query string cannot tell them apart, so a mutation must not either.
        """
        told = tuple((name, _text(value)) for name, value in sorted(params.items())) if params else ()
        return self._tag(context, function, told, tuple(sorted(left)))

    def _new_tag(
        self, context: str, function: str | None, told: tuple[tuple[str, str], ...], left: tuple[str, ...]
    ) -> str:
        return self._name(context, "t", [function, told, left])

    def access_tag(self, context: str) -> str:
        """What is current while nobody's groups or permissions have changed."""
        return self._name(context, "t", ["permissions"])

    def prefix(self, context: str) -> str:
        """What every name of *context* starts with."""
        prefix = self._prefixes.get(context)
        if prefix is None:
            prefix = self._prefixes[context] = f"{PREFIX}:{{{self._digest(['context', context])[:16]}}}"
        return prefix

    def _name(self, context: str, kind: str, told: list[Any]) -> str:
        return f"{self.prefix(context)}:{kind}:{self._digest([kind, context, *told])}"

    def _digest(self, told: list[Any]) -> str:
        return hmac.digest(self._secret, canonical_json(told), "sha256").hex()


def _text(value: Any) -> str:
    text = canonical_json(value).decode()
    return json.loads(text) if text.startswith('"') else text
