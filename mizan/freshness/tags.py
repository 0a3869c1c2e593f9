"""
The tags that entries carry and the tags that changes invalidate, side by side because they must agree: whatever answer a
change may have altered, one of the tags of its entry is among the changed ones.

Which parameters tags name is known at start, from what mutations and watched models name. So an entry carries the tags that
it needs and no others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, combinations
from typing import Any

from mizan.protocol.cache_keys import CacheKeys
from mizan.service.current import Service
from mizan.service.endpoints import ContextEndpoint, Endpoint
from mizan.service.invalidations import ACCESS, Invalidation

Names = tuple[str, ...]
"""Names of parameters, sorted."""


@dataclass(frozen=True, slots=True)
class TagPattern:
    """
    Which entries a tag is about: those of *reader*, or of every reader of the context, narrowed by the parameters *names*.
    """

    reader: str | None
    names: Names


@dataclass(frozen=True, slots=True)
class ReaderPatterns:
    """
    The patterns of the tags that the entries of one reader carry beside the tag of the whole context: those it *shares* with
    the other readers, and its *own*.
    """

    reader: str
    params: frozenset[str]
    shared: tuple[Names, ...]
    own: tuple[Names, ...]

    def __iter__(self) -> Iterator[TagPattern]:
        yield from (TagPattern(None, names) for names in self.shared)
        yield from (TagPattern(self.reader, names) for names in self.own)

    def narrowest(self, params: Iterable[str], *, alone: bool) -> TagPattern:
        """
        The narrowest pattern that includes every entry of this reader which a change with *params* concerns.

        Args:
            alone: Whether the change concerns only this reader, and not the readers beside it.
        """
        known = set(params) & self.params
        own = [names for names in self.own if known.issuperset(names)]
        shared = [names for names in self.shared if known.issuperset(names)]
        if own and (alone or not known or not shared):
            return TagPattern(self.reader, max(own, key=len))
        return TagPattern(None, max(shared, key=len, default=()))


def patterns_of(context: ContextEndpoint) -> dict[str, ReaderPatterns]:
    """The patterns of each reader of *context*."""
    everything = frozenset(context.parameter_names)
    return {name: _patterns(endpoint, everything, context) for name, endpoint in context.readers.items()}


def _patterns(endpoint: Endpoint, everything: frozenset[str], context: ContextEndpoint) -> ReaderPatterns:
    params = frozenset(endpoint.parameter_names)
    # Every single parameter, too: that is what `mizan.invalidate()` is mostly called with.
    shared: set[Names] = {(each,) for each in params}
    own: set[Names] = set()
    shared |= {names for watched in context.watched if (names := tuple(sorted(params.intersection(watched))))}
    for target in context.targets:
        names = tuple(sorted(params.intersection(target.params)))
        if target.function == endpoint.name:
            own |= {(), names}
        elif target.function is None and names:
            shared.add(names)
    if everything - params:
        # A mutation may be narrowed by a parameter that this reader does not have; then every entry of the reader is affected.
        own.add(())
    return ReaderPatterns(endpoint.name, params, _by_length(shared), _by_length(own))


def _by_length(patterns: set[Names]) -> tuple[Names, ...]:
    return tuple(sorted(patterns, key=lambda names: (len(names), names)))


def entry_tags(
    keys: CacheKeys, context: ContextEndpoint, endpoint: Endpoint, arguments: Mapping[str, Any], *, has_user: bool
) -> tuple[str, ...]:
    """
    The tags of the entry that holds the answer of *endpoint* to *arguments*.

    Args:
        has_user: Whether somebody is logged in, so that permissions may have had a part in the answer.
    """
    name = context.name
    tags = [keys.tag(name)]
    if has_user:
        tags.append(keys.access_tag(name))
    defaulted = endpoint.defaulted(arguments)
    for pattern in context.derive(patterns_of)[endpoint.name]:
        given = {key: arguments[key] for key in pattern.names if key not in defaulted}
        tags.append(keys.tag(name, pattern.reader, given, defaulted.intersection(pattern.names)))
    return tuple(tags)


def changed_tags(keys: CacheKeys, service: Service, invalidations: Iterable[Invalidation]) -> dict[str, str]:
    """The tags that *invalidations* concern, each with the tag of its whole context."""
    tags: dict[str, str] = {}
    for one in invalidations:
        context = service.contexts.get(one.context)
        whole = keys.tag(one.context)
        if one.reader == ACCESS:
            tags[keys.access_tag(one.context)] = whole
        elif context is None or (one.reader is None and not one.params):
            tags[whole] = whole
        else:
            tags |= dict.fromkeys(_narrowed_tags(keys, context, one), whole)
    return tags


def _narrowed_tags(keys: CacheKeys, context: ContextEndpoint, one: Invalidation) -> Iterator[str]:
    patterns = context.derive(patterns_of)
    for name in patterns if one.reader is None else (one.reader,):
        pattern = patterns[name].narrowest(one.params, alone=one.reader is not None)
        # Entries that were asked with a default are always invalidated: a default such as None may mean "all".
        for defaulted in _subsets(context.optional_names.intersection(pattern.names)):
            given = {key: one.params[key] for key in pattern.names if key not in defaulted}
            yield keys.tag(context.name, pattern.reader, given, defaulted)


def _subsets(names: Iterable[str]) -> Iterable[Names]:
    names = sorted(names)
    return chain.from_iterable(combinations(names, size) for size in range(len(names) + 1))
