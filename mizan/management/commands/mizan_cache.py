"""
``manage.py mizan_cache``: what the cache holds, and emptying it.
"""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mizan.cache.circuit_breaker import CacheUnavailable
from mizan.cache.current import Cache, current_cache
from mizan.cache.upkeep import drop, holdings
from mizan.protocol.errors import ConfigError
from mizan.service.current import current_service


class Command(BaseCommand):
    help = "Show what the cache of contexts holds, or empty it."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        commands = parser.add_subparsers(dest="command", required=True)
        for name, text in (
            ("stats", "how many answers the cache has of each context, and how large they are"),
            ("drop", "make every answer in the cache stale, and free its memory"),
        ):
            command = commands.add_parser(name, help=text, description=text)
            command.add_argument("contexts", nargs="*", metavar="context", help="the contexts; all unless given")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            cache = current_cache()
        except ConfigError as error:
            raise CommandError(str(error)) from None
        if cache is None:
            raise CommandError("Nothing is cached: MIZAN_CACHE_SECRET is not set.")
        known = list(current_service().contexts)
        names = options["contexts"] or known
        unknown = [name for name in names if name not in known]
        if unknown:
            raise CommandError(f"No such context: {', '.join(unknown)}. There are: {', '.join(known) or 'none'}.")
        try:
            self._stats(cache, names) if options["command"] == "stats" else self._drop(cache, names)
        except CacheUnavailable as error:
            raise CommandError(f"The cache does not answer: {error.__cause__ or 'try again in a moment'}") from None

    def _stats(self, cache: Cache, names: list[str]) -> None:
        held = holdings(cache, names)
        if held is None:
            raise CommandError("Only a Redis can list what it holds, and this cache is none.")
        width = max((len(name) for name in names), default=7)
        self.stdout.write(f"{'context':<{width}}  {'answers':>9}  {'kB':>9}  {'tags':>9}")
        for holding in held:
            self.stdout.write(
                f"{holding.context:<{width}}  {holding.entries:>9}  {holding.size / 1000:>9.1f}  {holding.tags:>9}"
            )

    def _drop(self, cache: Cache, names: list[str]) -> None:
        count = drop(cache, names)
        self.stdout.write(f"Everything kept of {', '.join(names) or 'no context'} is stale; {count} answers deleted.")
