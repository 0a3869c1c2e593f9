"""
The cache on Redis as it is deployed: Sentinel, a Cluster, sockets and accounts; and on other backends of Django's.
"""

from __future__ import annotations

import io
import itertools
import re
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import redis
from django.conf import LazySettings
from django.core.cache import caches
from django.core.management import call_command
from django.db import connection, transaction
from redis.cluster import RedisCluster
from redis.exceptions import RedisClusterException

import mizan
from mizan.apps import watch_data
from mizan.cache import circuit_breaker
from mizan.cache.circuit_breaker import CacheUnavailable
from mizan.cache.counters import counters
from mizan.cache.current import current_cache, make_cache
from mizan.cache.entries import FORMAT, IDENTITY_BYTES, VERSION_BYTES, EntryKey
from mizan.cache.redis_servers import UNKNOWN
from mizan.cache.redis_store import ClusterConnectionFactory, RedisStore
from mizan.cache.stores import Finished
from mizan.cache.upkeep import holdings
from mizan.client import client
from mizan.protocol.cache_keys import CacheKeys
from tests.cache.conftest import SECRET, CachedApi
from tests.cache.topologies import (
    HOST,
    PAGE,
    Cluster,
    SentinelSet,
    Server,
    as_text,
    cluster,
    quiet_port,
    sentinel_set,
    server,
    until,
)
from tests.rest.conftest import Api

OF_TESTS = ("hello", "config|resetstat", "info", "client|setinfo")
OTHER_SECRET = "another-deployment-0123456789abcdefghij"
SENTINEL = "django_redis.pool.SentinelConnectionFactory"
# Half a second for what does not answer, and what a busy machine takes. redis-py would try for three seconds by itself.
SHORT_SECONDS = 2.5

Serve = Callable[..., CachedApi]


@pytest.fixture
def serve(settings: LazySettings, api: Api, monkeypatch: pytest.MonkeyPatch) -> Serve:
    """Makes a server from settings. It looks after a cache that was lost sooner than a real one."""
    for name in ("FIRST_PAUSE_SECONDS", "LONGEST_PAUSE_SECONDS", "CATCH_UP_SECONDS"):
        monkeypatch.setattr(circuit_breaker, name, 0.05)

    def with_settings(**values: Any) -> CachedApi:
        settings.MIZAN_CACHE_SECRET = SECRET
        for name, value in values.items():
            setattr(settings, name, value)
        watch_data()
        counters.reset()
        return CachedApi()

    return with_settings


def count(context: str = "count", name: str = "number", **options: Any) -> Any:
    """A function that answers differently each time it runs."""
    numbers = itertools.count(1)

    @client(auth=False, context=context, name=name, **options)
    def number(request: Any) -> int:
        return next(numbers)

    return number


def change(*contexts: str, name: str = "save") -> Any:
    """A mutation of *contexts*."""

    @client(auth=False, affects=list(contexts), name=name)
    def save(request: Any) -> None: ...

    return save


def wait_for_hit(api: CachedApi, path: str = "count/") -> Any:
    """The first answer from a cache that is back, which nobody has helped."""

    def hit() -> Any:
        status, body = api.read(path)
        return body if status == "HIT" else None

    return until(hit, f"{path} is a hit")


def first_look(api: CachedApi, path: str = "count/") -> Any:
    """Status and body of the first read that the cache has a say in."""

    def looked() -> Any:
        status, body = api.read(path)
        return (status, body) if status != "BYPASS" else None

    return until(looked, f"{path} is looked for")


def is_believable(holder: Server) -> bool:
    """Whether the one entry that *holder* has is current by its tag: nothing but whose it is speaks against it."""
    [entry], [tag] = (holder.ask("KEYS", f"mizan:*:{kind}:*") for kind in "et")
    start = len(FORMAT) + IDENTITY_BYTES
    return bool(holder.ask("GET", entry)[start : start + VERSION_BYTES] == holder.ask("GET", tag))


def calls(one: Server) -> dict[str, int]:
    """How often *one* was asked for what, by Mizan, since ``CONFIG RESETSTAT``."""
    found = re.findall(r"cmdstat_([\w|]+):.*?calls['\": =]+(\d+)", as_text(one.ask("INFO", "commandstats")))
    return {name: int(number) for name, number in found if name not in OF_TESTS}


class TestSentinel:
    """With the settings that docs/deployment.md shows."""

    @pytest.fixture
    def watched(self, tmp_path: Path) -> Iterator[SentinelSet]:
        """A primary, a replica and a Sentinel."""
        with sentinel_set(tmp_path) as made:
            yield made

    @pytest.fixture
    def counted(self, watched: SentinelSet, serve: Serve) -> CachedApi:
        """A context and a mutation of it."""
        api = serve(**watched.settings())
        api.serve(count(), change("count"))
        return api

    def test_the_primary_alone_is_asked(self, watched: SentinelSet, counted: CachedApi) -> None:
        """Hits, misses and what is made stale are as with one server; a replica may be behind."""
        watched.replica.ask("CONFIG", "RESETSTAT")

        assert counted.read("count/") == ("MISS", {"number": 1})
        assert counted.read("count/") == ("HIT", {"number": 1})
        counted.call("save")
        assert counted.read("count/") == ("MISS", {"number": 2})
        assert counted.read("count/") == ("HIT", {"number": 2})

        assert "mget" in calls(watched.primary)
        assert "mget" not in calls(watched.replica)

    def test_a_fail_over_that_loses_nothing(self, watched: SentinelSet, counted: CachedApi) -> None:
        """Nobody can know that, so no entry of before is believed. The new primary is found without a restart."""
        counted.read("count/")
        watched.wait_for_copy()

        watched.fail_over()

        assert is_believable(watched.primary)
        assert first_look(counted) == ("MISS", {"number": 2})
        assert wait_for_hit(counted) == {"number": 2}

    def test_a_fail_over_that_loses_an_invalidation(self, watched: SentinelSet, counted: CachedApi) -> None:
        """The replica has the answer of before with the version of before, and it is not served."""
        counted.read("count/")
        watched.wait_for_copy()
        watched.cut_off_replica()
        counted.call("save")

        watched.fail_over()

        assert is_believable(watched.primary)
        assert first_look(counted) == ("MISS", {"number": 2})
        assert wait_for_hit(counted) == {"number": 2}

    def test_there_and_back(self, watched: SentinelSet, counted: CachedApi) -> None:
        """A primary that was a replica in between is the same process with the data of another."""
        counted.read("count/")
        watched.wait_for_copy()
        watched.cut_off_replica()
        counted.call("save")

        for _ in range(2):
            watched.fail_over()
            watched.wait_for_copy()

        assert watched.primary is watched.first
        assert is_believable(watched.primary)
        assert first_look(counted) == ("MISS", {"number": 2})
        assert wait_for_hit(counted) == {"number": 2}

    def test_a_primary_that_dies(self, watched: SentinelSet, counted: CachedApi) -> None:
        """Until another one takes over there is no cache, and then the other one hears of what was changed meanwhile."""
        counted.read("count/")
        watched.wait_for_copy()
        dead = watched.primary
        dead.stop()

        begun = time.monotonic()
        counted.call("save")
        assert counted.read("count/") == ("BYPASS", {"number": 2})
        assert time.monotonic() - begun < SHORT_SECONDS

        watched.wait_for_new_primary(dead)
        until(lambda: not is_believable(watched.primary), "the new primary knows what was changed")
        assert first_look(counted)[0] == "MISS"
        assert wait_for_hit(counted)["number"] > 2

    def test_sentinels_that_are_down(self, watched: SentinelSet, serve: Serve) -> None:
        """The next one is asked, at once."""
        api = serve(**watched.settings((HOST, quiet_port()), (HOST, quiet_port())))
        api.serve(count())

        begun = time.monotonic()
        assert store().read(["mizan:nothing"])[0] == [None]
        assert time.monotonic() - begun < SHORT_SECONDS
        assert api.read("count/") == ("MISS", {"number": 1})

    def test_a_redis_of_its_own_beside_it(self, serve: Serve, redis_server: str, redis_client: redis.Redis) -> None:
        """The project's caches are behind Sentinel, and Mizan's has a URL."""
        api = serve(DJANGO_REDIS_CONNECTION_FACTORY=SENTINEL, MIZAN_CACHE_REDIS_URL=redis_server)
        api.serve(count())

        api.read("count/")
        assert api.read("count/") == ("HIT", {"number": 1})


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
        """Each is on one node, whole; one mutation makes those on all nodes stale."""
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
            slot = EntryKey(one.keys.entry(name, "f", {}, []), (one.keys.tag(name),), 60)
            mine, theirs = (cache.single_flight.join(cache.entries.look_up([slot])[0])[0] for cache in (one, other))

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
            assert 50_000 < node.ask("PTTL", slot.name) <= 60_000
            assert other.entries.look_up([slot])[0].body == b"answer"
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
        """It finds what is on all nodes, and frees what it is told to."""
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
        """Its new node is found, and what was made stale on the old one is."""
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


class TestOneServer:
    """By its address, by a socket, with an account, and shared."""

    @pytest.fixture
    def own(self, tmp_path: Path) -> Iterator[Server]:
        """A server whose accounts a test may change."""
        with server(tmp_path / "own", "--unixsocket", "socket") as made:
            yield made

    def test_a_socket(self, own: Server, serve: Serve) -> None:
        """With a password and a database, as redis-py reads them."""
        own.ask("ACL", "SETUSER", "ann", "on", ">it's secret", "~*", "+@all")
        api = serve(MIZAN_CACHE_REDIS_URL=f"unix://ann:it%27s%20secret@{own.folder / 'socket'}?db=3")
        api.serve(count(), change("count"))

        assert api.read("count/") == ("MISS", {"number": 1})
        assert api.read("count/") == ("HIT", {"number": 1})
        api.call("save")
        assert api.read("count/") == ("MISS", {"number": 2})

        assert own.ask("INFO", "keyspace").keys() == {"db3"}
        assert store().read(["mizan:nothing"])[1] != UNKNOWN

    def test_a_server_that_starts_from_an_old_dump(self, own: Server, serve: Serve) -> None:
        """By a socket too it is seen to be another one."""
        api = serve(MIZAN_CACHE_REDIS_URL=f"unix://{own.folder / 'socket'}")
        api.serve(count(), change("count"))
        api.read("count/")
        own.ask("SAVE")
        api.call("save")
        own.stop()
        own.start()

        assert is_believable(own)
        assert first_look(api) == ("MISS", {"number": 2})

    def test_what_the_url_asks_for(self, own: Server, serve: Serve) -> None:
        """Its query is redis-py's, and goes before what Mizan would choose."""
        own.ask("ACL", "SETUSER", "ann", "on", ">a+b&c/d", "~*", "+@all")
        url = f"redis://ann:a+b%26c%2Fd@{HOST}:{own.port}/2?socket_timeout=3&client_name=shop"
        api = serve(MIZAN_CACHE_REDIS_URL=url)
        api.serve(count())

        api.read("count/")
        assert api.read("count/")[0] == "HIT"

        assert clients_of(own)["shop"]["db"] == "2"
        assert clients_of(own)["shop"]["user"] == "ann"
        assert store().client.connection_pool.connection_kwargs["socket_timeout"] == 3

    def test_mizan_says_who_it_is(self, own: Server, serve: Serve) -> None:
        """Its connections are its own: the project's cache at the same address has others, with other timeouts."""
        cache = {"BACKEND": "django_redis.cache.RedisCache", "LOCATION": own.url}
        api = serve(CACHES={"default": cache}, MIZAN_CACHE_ALIAS="default")
        api.serve(count())

        caches["default"].set("theirs", 1)
        api.read("count/")

        assert {"", "mizan"} <= clients_of(own).keys()
        assert store().read(["mizan:nothing"])[1] != UNKNOWN
        assert store().client.connection_pool.connection_kwargs["socket_timeout"] == 0.5

    def test_a_cache_that_is_made_anew(self, own: Server, serve: Serve) -> None:
        """It knows who answers: a check of the settings makes one too, and so may two threads."""
        serve(MIZAN_CACHE_REDIS_URL=own.url)

        seen = set()
        for _ in range(2):
            cache = make_cache()
            assert cache is not None
            seen.add(cache.entries.store.read(["mizan:nothing"])[1])

        assert len(seen) == 1
        assert UNKNOWN not in seen

    def test_an_account(self, own: Server, serve: Serve) -> None:
        """The commands that the page names are enough, and each of them is needed."""
        commands = commands_of_page()
        serve(MIZAN_CACHE_REDIS_URL=f"redis://mizan:secret@{HOST}:{own.port}/0")

        assert refused([own], commands) == set()
        for command in commands:
            assert refused([own], [one for one in commands if one != command]) == {command[1:]}

    def test_an_account_and_a_database(self, own: Server, serve: Serve) -> None:
        """As the page says."""
        serve(MIZAN_CACHE_REDIS_URL=f"redis://mizan:secret@{HOST}:{own.port}/1")

        assert "needs `+select`" in PAGE.read_text()
        assert refused([own], commands_of_page()) == {"select"}
        assert refused([own], [*commands_of_page(), "+select"]) == set()

    def test_without_info(self, own: Server, serve: Serve, caplog: pytest.LogCaptureFixture) -> None:
        """There is a cache all the same, and one line in the log, however many connections there are."""
        make_account(own, [one for one in commands_of_page() if one != "+info"])
        api = serve(MIZAN_CACHE_REDIS_URL=f"redis://mizan:secret@{HOST}:{own.port}/0")
        api.serve(count())

        api.read("count/")
        store().client.connection_pool.disconnect()
        assert api.read("count/") == ("HIT", {"number": 1})

        assert caplog.text.count("Redis does not say who it is") == 1

    def test_two_deployments(self, own: Server, serve: Serve, settings: LazySettings) -> None:
        """Other secrets are other names: they do not see, make stale or drop one another's answers."""
        api = serve(MIZAN_CACHE_REDIS_URL=own.url)
        api.serve(count(), change("count"))
        api.read("count/")

        settings.MIZAN_CACHE_SECRET = OTHER_SECRET
        assert api.read("count/") == ("MISS", {"number": 2})
        api.call("save")
        assert command("drop").endswith("1 answers deleted.\n")
        assert [row[:2] for row in rows("stats")] == [["count", "0"]]

        settings.MIZAN_CACHE_SECRET = SECRET
        assert api.read("count/") == ("HIT", {"number": 1})


@pytest.mark.django_db(transaction=True)
class TestOtherBackends:
    """Of Django's cache framework, as ``MIZAN_CACHE_ALIAS``."""

    @pytest.fixture(params=["redis", "file", "database", "memory"])
    def alias(self, request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, Any]:
        """What CACHES says of one of them."""
        backends = "django.core.cache.backends"
        if request.param == "redis":
            request.getfixturevalue("redis_client")
            return {
                "BACKEND": f"{backends}.redis.RedisCache",
                "LOCATION": request.getfixturevalue("redis_server"),
                "KEY_PREFIX": "shop",
            }
        if request.param == "file":
            return {"BACKEND": f"{backends}.filebased.FileBasedCache", "LOCATION": str(tmp_path)}
        if request.param == "database":
            return {"BACKEND": f"{backends}.db.DatabaseCache", "LOCATION": "mizan_cache"}
        return {"BACKEND": f"{backends}.locmem.LocMemCache", "LOCATION": str(tmp_path)}

    @pytest.fixture
    def counted(self, alias: dict[str, Any], serve: Serve) -> Iterator[CachedApi]:
        """A context with two functions, and a mutation of it."""
        api = serve(CACHES={"default": alias}, MIZAN_CACHE_ALIAS="default")
        call_command("createcachetable")
        api.serve(count(), count(name="brief", cache=1), change("count"))
        yield api
        if "db" in alias["BACKEND"]:
            with connection.cursor() as cursor:
                cursor.execute("DROP TABLE mizan_cache")

    def test_hits_and_misses(self, counted: CachedApi) -> None:
        """As with Redis."""
        assert counted.read("count/") == ("MISS", {"number": 1, "brief": 1})
        assert counted.read("count/") == ("HIT", {"number": 1, "brief": 1})

        counted.call("save")

        assert counted.read("count/") == ("MISS", {"number": 2, "brief": 2})
        assert counted.read("count/") == ("HIT", {"number": 2, "brief": 2})
        assert counters.snapshot().get("failures", 0) == 0

    def test_seconds_are_kept_to(self, counted: CachedApi) -> None:
        """By the function that gives them."""
        counted.read("count/")

        time.sleep(1.1)

        assert counted.read("count/") == ("MISS", {"number": 1, "brief": 2})

    def test_after_commit(self, counted: CachedApi) -> None:
        """A cache in the database of the transaction is no exception."""
        counted.read("count/")
        with suppress(ZeroDivisionError), transaction.atomic():
            mizan.invalidate("count")
            1 / 0  # noqa: B018
        assert counted.read("count/")[0] == "HIT"

        with transaction.atomic():
            mizan.invalidate("count")

        assert counted.read("count/")[0] == "MISS"

    def test_leases(self, counted: CachedApi) -> None:
        """Where processes share the backend, one of them computes."""
        cache = current_cache()
        assert cache is not None
        kept = cache.entries.store

        assert kept.acquire("mizan:lease", b"mine", 60)
        assert not kept.acquire("mizan:lease", b"theirs", 60)
        kept.renew("mizan:lease", b"theirs", 60)
        kept.release("mizan:lease", b"theirs")
        assert kept.read(["mizan:lease"])[0] == [b"mine"]
        kept.renew("mizan:lease", b"mine", 60)
        kept.finish([Finished("mizan:value", b"value", 60, "mizan:lease", b"mine")])

        assert kept.read(["mizan:lease", "mizan:value"])[0] == [None, b"value"]


def command(*arguments: str) -> str:
    """What ``mizan_cache`` prints."""
    output = io.StringIO()
    call_command("mizan_cache", *arguments, stdout=output)
    return output.getvalue()


def rows(*arguments: str) -> list[list[str]]:
    """The rows of a table of ``mizan_cache`` below its head."""
    return [line.split() for line in command(*arguments).splitlines()[1:]]


def store() -> RedisStore:
    """The one in use."""
    cache = current_cache()
    assert cache is not None and isinstance(cache.entries.store, RedisStore)
    return cache.entries.store


def clients_of(one: Server) -> dict[str, dict[str, str]]:
    """The last connection of each name."""
    with one.client() as asking:
        return {told["name"]: told for told in asking.client_list()}


def commands_of_page() -> list[str]:
    """What docs/deployment.md gives the account."""
    found = re.search(r"ACL SETUSER mizan on >\S+ ~mizan:\* (.+)", PAGE.read_text())
    assert found is not None
    return found[1].split()


def make_account(one: Server, commands: list[str]) -> None:
    """The page's account, which may use *commands*."""
    one.ask("ACL", "SETUSER", "mizan", "reset", "on", ">secret", "~mizan:*", *commands)


def refused(servers: list[Server], commands: list[str], *, anew: bool = False) -> set[str]:
    """
    What an account with *commands* would have needed too, to do all that Mizan does, from the first connection on.

    Args:
        anew: Whether its connections are made by a cache of its own, and not those that others have made already.
    """
    for one in servers:
        make_account(one, commands)
        one.ask("ACL", "LOG", "RESET")
    if anew:
        ClusterConnectionFactory._clusters.clear()
    with suppress(CacheUnavailable, redis.RedisError, RedisClusterException):
        use_everything()
    with suppress(RedisClusterException):
        for pool in pools_of(store().client):
            pool.disconnect()
    told: set[str] = set()
    for one in servers:
        with one.client() as asking:
            told |= {line["object"] for line in asking.acl_log()}
    # Newer servers are told which library speaks, and need not let it.
    return told - {"client|setinfo"}


def pools_of(client: Any) -> list[Any]:
    """The connections of *client*."""
    if isinstance(client, RedisCluster):
        return [node.redis_connection.connection_pool for node in client.get_nodes() if node.redis_connection]
    return [client.connection_pool]


def use_everything() -> None:
    """Each step on its own, so that one that is refused does not keep the next from being tried."""
    cache = make_cache()
    assert cache is not None
    kept, slot = cache.entries.store, EntryKey(cache.keys.entry("count", "f", {}, []), (cache.keys.tag("count"),), 60)
    lease = f"{cache.keys.prefix('count')}:f:lease"
    for step in (
        lambda: cache.entries.look_up([slot]),
        lambda: kept.release(lease, b"owner"),
        lambda: kept.acquire(lease, b"owner", 60),
        lambda: kept.renew(lease, b"owner", 60),
        lambda: kept.finish([Finished(slot.name, b"entry", 60, lease, b"owner")]),
        lambda: cache.entries.renew_versions([cache.keys.tag("count"), cache.keys.tag("other")]),
        lambda: holdings(cache, ["count"]),
        lambda: kept.delete_matching(f"{cache.keys.prefix('count')}:*"),
    ):
        with suppress(CacheUnavailable, redis.RedisError, RedisClusterException):
            step()
