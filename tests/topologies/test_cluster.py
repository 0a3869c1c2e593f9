"""
The cache on a Redis Cluster.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from mizan.cache.counters import counters
from mizan.cache.current import make_cache
from mizan.cache.entries import EntryKey
from mizan.client import client
from mizan.protocol.cache_keys import CacheKeys
from tests.api import SECRET, CachedApi
from tests.topologies.accounts import commands_of_page, refused
from tests.topologies.servers import (
    HOST,
    PAGE,
    Cluster,
    Server,
    cluster,
    quiet_port,
)
from tests.topologies.shop import Serve, calls, change, command, count, first_look, rows, wait_for_hit


@pytest.fixture(scope="module")
def three_nodes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A Cluster, which takes two seconds to begin."""
    with cluster(tmp_path_factory.mktemp("cluster")) as made:
        yield made


class TestCluster:
    """With the settings that docs/deployment.md shows."""

    @pytest.fixture
    def nodes(self, three_nodes: Cluster) -> Cluster:
        """Three nodes, empty and well."""
        three_nodes.wait_until_ready()
        three_nodes.empty()
        return three_nodes

    @pytest.fixture
    def contexts(self, nodes: Cluster) -> dict[str, Server]:
        """A context on each node, and its node."""
        found: dict[Server, str] = {}
        for name in map("c{}".format, itertools.count()):
            found.setdefault(nodes.node_of(CacheKeys(SECRET).prefix(name)), name)
            if len(found) == len(nodes.nodes):
                return {name: node for node, name in found.items()}
        raise AssertionError

    @pytest.fixture
    def counted(self, nodes: Cluster, contexts: dict[str, Server], serve: Serve) -> CachedApi:
        """The contexts, with a function each, and a mutation that affects all."""
        api = serve(**nodes.settings())
        api.serve(*(count(name, f"{name}_number") for name in contexts), change(*contexts))
        return api

    def test_contexts_are_spread(self, nodes: Cluster, contexts: dict[str, Server], counted: CachedApi) -> None:
        """Each is on one node, whole; one mutation invalidates those on all nodes."""
        for name in contexts:
            assert counted.read(f"{name}/") == ("MISS", {f"{name}_number": 1})
            assert counted.read(f"{name}/") == ("HIT", {f"{name}_number": 1})
        for name, node in contexts.items():
            prefix = CacheKeys(SECRET).prefix(name).encode()
            assert {key.startswith(prefix) for key in node.ask("KEYS", "mizan:*")} == {True}

        counted.call("save")

        for name in contexts:
            assert counted.read(f"{name}/") == ("MISS", {f"{name}_number": 2})
            assert counted.read(f"{name}/") == ("HIT", {f"{name}_number": 2})

    def test_a_read_is_one_command(self, nodes: Cluster, serve: Serve) -> None:
        """Also of several functions with their tags: an MGET to one node, and nothing to the others."""
        api = serve(**nodes.settings())

        @client(auth=False, context="page")
        def title(request: Any, id: int) -> int:
            return id

        @client(auth=False, context="page")
        def lines(request: Any, id: int, last: int = 10) -> list[int]:
            return [id, last]

        api.serve(title, lines, count("page"))
        api.read("page/?id=1")
        for node in nodes.nodes:
            node.ask("CONFIG", "RESETSTAT")

        assert api.read("page/?id=1") == ("HIT", {"title": 1, "lines": [1, 10], "number": 1})

        assert [asked for node in nodes.nodes if (asked := calls(node))] == [{"mget": 1}]

    def test_many_processes_compute_once(self, nodes: Cluster, contexts: dict[str, Server], counted: CachedApi) -> None:
        """One holds a lease until it has stored what it computed, and the others wait for that."""
        for name, node in contexts.items():
            one, other = make_cache(), make_cache()
            assert one is not None and other is not None
            key = EntryKey(one.keys.entry(name, "f", "{}", []), (one.keys.tag(name),), 60)
            mine, theirs = (cache.single_flight.join(cache.entries.look_up([key])[0])[0] for cache in (one, other))

            assert one.single_flight.poll(mine) is None
            assert isinstance(other.single_flight.poll(theirs), float)
            one.entries.store.renew(mine.lease.name, mine.lease.owner, 60)
            assert node.ask("PTTL", mine.lease.name) > 50_000
            other.entries.store.renew(mine.lease.name, theirs.lease.owner, 1)
            other.entries.store.release(mine.lease.name, theirs.lease.owner)
            assert node.ask("GET", mine.lease.name) == mine.lease.owner
            one.single_flight.resolve(mine, b"answer")
            one.single_flight.store_all([mine])

            assert node.ask("EXISTS", mine.lease.name) == 0
            assert 50_000 < node.ask("PTTL", key.name) <= 60_000
            assert other.entries.look_up([key])[0].body == b"answer"
            other.single_flight.abandon(theirs)

    def test_a_failure_gives_its_lease_back(self, nodes: Cluster, counted: CachedApi) -> None:
        """The next one need not wait."""

        @client(auth=False, context="broken")
        def broken(request: Any) -> int:
            raise ValueError

        counted.serve(broken)
        assert counted.get("ctx/broken/").status_code == 500

        assert sum((node.ask("KEYS", "mizan:*:f:*") for node in nodes.nodes), []) == []
        assert counters.snapshot().get("failures", 0) == 0

    def test_the_command(self, contexts: dict[str, Server], counted: CachedApi) -> None:
        """It finds what is on all nodes, and frees what it is asked to."""
        first, *others = contexts
        for name in contexts:
            counted.read(f"{name}/")

        assert [row[:2] + row[3:] for row in rows("stats")] == [[name, "1", "1"] for name in contexts]
        assert command("drop", first) == f"Everything kept of {first} is stale; 1 answers deleted.\n"

        assert {name: row[1] for name, row in zip(contexts, rows("stats"), strict=True)} == {
            first: "0",
            **dict.fromkeys(others, "1"),
        }
        assert counted.read(f"{first}/")[0] == "MISS"
        assert command("drop").endswith("3 answers deleted.\n")

    @pytest.mark.parametrize("has_dump", [True, False], ids=["from an old dump", "empty"])
    def test_a_node_that_starts_anew(self, contexts: dict[str, Server], counted: CachedApi, *, has_dump: bool) -> None:
        """What it has forgotten is not known, so nothing of before is served from it."""
        name, node = next(iter(contexts.items()))
        counted.read(f"{name}/")
        if has_dump:
            node.ask("SAVE")
        counted.call("save")
        node.stop()
        assert counted.read(f"{name}/") == ("BYPASS", {f"{name}_number": 2})

        node.start()
        node.forget()

        assert first_look(counted, f"{name}/")[0] == "MISS"
        for each in contexts:
            wait_for_hit(counted, f"{each}/")
        before = wait_for_hit(counted, f"{name}/")
        counted.call("save")
        assert counted.read(f"{name}/")[0] == "MISS"
        assert wait_for_hit(counted, f"{name}/") != before

    def test_a_context_that_moves(self, nodes: Cluster, contexts: dict[str, Server], counted: CachedApi) -> None:
        """Its new node is found, and what was invalidated on the old one is."""
        name, node = next(iter(contexts.items()))
        key = CacheKeys(SECRET).prefix(name)
        counted.read(f"{name}/")
        counted.call("save")

        nodes.move(key, nodes.nodes[nodes.nodes.index(node) - 1])
        assert counted.read(f"{name}/") == ("MISS", {f"{name}_number": 2})
        assert counted.read(f"{name}/") == ("HIT", {f"{name}_number": 2})
        counted.call("save")
        nodes.move(key, node)

        assert counted.read(f"{name}/") == ("MISS", {f"{name}_number": 3})
        assert counted.read(f"{name}/") == ("HIT", {f"{name}_number": 3})

    def test_any_node_tells_of_the_others(self, nodes: Cluster, serve: Serve) -> None:
        """The first one of the settings may be down when a process starts."""
        api = serve(**nodes.settings((HOST, quiet_port())))
        api.serve(count())

        assert api.read("count/")[0] == "MISS"
        assert api.read("count/")[0] == "HIT"

    def test_an_account(self, nodes: Cluster, serve: Serve) -> None:
        """The commands that the page names are enough, and those that it names for a Cluster are needed."""
        commands = commands_of_page()
        more = re.findall(r"\+\S+", re.search(r"Cluster needs `([^`]+)`", PAGE.read_text())[1])  # type: ignore[index]
        settings = nodes.settings()
        settings["CACHES"]["contexts"]["OPTIONS"] |= {"USERNAME": "mizan", "PASSWORD": "secret"}
        serve(**settings)

        assert refused(nodes.nodes, [*commands, *more], anew=True) == set()
        for one in more:
            assert refused(nodes.nodes, [*commands, *(other for other in more if other != one)], anew=True) >= {one[1:]}


class TestClusterThatIsDown:
    """When a process starts."""

    def test_nobody_needs_it(self, tmp_path: Path, serve: Serve) -> None:
        """Functions answer, and the cache is there as soon as the Cluster is."""
        with cluster(tmp_path, size=1) as made:
            [node] = made.nodes
            node.stop()
            api = serve(**made.settings())
            api.serve(count(), change("count"))

            call_command("check")
            assert api.read("count/") == ("BYPASS", {"number": 1})
            api.call("save")
            node.start()

            assert wait_for_hit(api)["number"] > 1
