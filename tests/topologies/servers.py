"""
Redis as it is deployed: a server of a test's own, Sentinel with a primary and a replica, and a Cluster of three nodes.

Servers are children of the test process and end with the test that started them, or with its module.
"""

from __future__ import annotations

import random
import re
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import redis
from redis.crc import key_slot

from tests.conftest import require_program, wait_for_redis
from tests.waiting import wait_until

PAGE = Path(__file__).parents[2] / "docs" / "deployment.md"
HOST = "127.0.0.1"
SLOTS = 16_384
PATIENCE_SECONDS = 10.0
REPLICA_USER = "copier"
TRIES = 5
NODE = ("--cluster-enabled", "yes", "--cluster-node-timeout", "4000")
NOTHING_KEPT = ("--save", "", "--appendonly", "no")


def quiet_port() -> int:
    """A TCP port that nobody listens on, and that no outgoing connection is given: a server may come back to it."""
    while True:
        port = random.SystemRandom().randrange(15_000, 32_000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind((HOST, port))
            return port


def until(found: Callable[[], Any], what: str, seconds: float = PATIENCE_SECONDS) -> Any:
    """What *found* returns as soon as it is true; a Redis that does not answer has not found it yet."""

    def look() -> Any:
        with suppress(redis.RedisError):
            return found()

    return wait_until(look, seconds, what)


class Server:
    """
    One process of redis-server, in a folder of its own, which it finds again when it is started again.
    """

    def __init__(self, folder: Path, *options: str, sentinel: str = "") -> None:
        """
        Args:
            sentinel: The configuration of a Sentinel, where it is to be one.
        """
        self._program = require_program("redis-server", "redis-server")
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self._options, self._sentinel = folder, options, sentinel
        self.port = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._start_anywhere()

    @property
    def address(self) -> tuple[str, int]:
        return HOST, self.port

    @property
    def url(self) -> str:
        return f"redis://{HOST}:{self.port}/0"

    def client(self, **options: Any) -> redis.Redis:
        """A connection of the test's own."""
        return redis.Redis(host=HOST, port=self.port, socket_timeout=5, single_connection_client=True, **options)

    def ask(self, *command: Any) -> Any:
        """The answer to one command."""
        with self.client() as client:
            return client.execute_command(*command)

    def start(self) -> None:
        """Start it again where it was."""
        arguments = [self._program]
        if self._sentinel:
            arguments += ["sentinel.conf", "--sentinel"]
        arguments += ["--port", str(self.port), "--bind", HOST, "--logfile", "log", *self._options]
        if "--cluster-enabled" in self._options:
            arguments += ["--cluster-port", str(self.port + 1)]
        self._process = subprocess.Popen(arguments, cwd=self.folder)
        wait_for_redis(self._process, self.port, self.folder / "log")

    def stop(self, number: int = signal.SIGKILL) -> None:
        """As if the machine failed, unless told otherwise."""
        if self._process is not None:
            self._process.send_signal(number)
            self._process.wait()

    def forget(self) -> None:
        """Delete what it would find again."""
        (self.folder / "dump.rdb").unlink(missing_ok=True)

    def _start_anywhere(self) -> None:
        # Another process may take the port in the moment between looking for it and listening.
        for tries_left in reversed(range(TRIES)):
            self.port = quiet_port()
            if self._sentinel:
                (self.folder / "sentinel.conf").write_text(self._sentinel)
            try:
                self.start()
            except BaseException:
                self.stop()
                if not tries_left:
                    raise
            else:
                return


@contextmanager
def server(folder: Path, *options: str, sentinel: str = "") -> Iterator[Server]:
    """A server that keeps nothing on disk unless it is told to."""
    made = Server(folder, *([] if sentinel else NOTHING_KEPT), *options, sentinel=sentinel)
    try:
        yield made
    finally:
        made.stop()


class SentinelSet:
    """
    A primary, its replica, and one Sentinel that decides alone.
    """

    def __init__(self, first: Server, second: Server, sentinel: Server, service: str) -> None:
        self.first, self.second, self.sentinel, self.service = first, second, sentinel, service

    @property
    def primary(self) -> Server:
        """Whom Sentinel sends clients to."""
        _, port = self.sentinel.ask("SENTINEL", "GET-MASTER-ADDR-BY-NAME", self.service)
        return self.first if int(port) == self.first.port else self.second

    @property
    def replica(self) -> Server:
        return self.second if self.primary is self.first else self.first

    def settings(self, *other_sentinels: tuple[str, int]) -> dict[str, Any]:
        """The page's, with *other_sentinels* before the one that runs."""
        addresses = [*other_sentinels, *[self.sentinel.address] * 3]
        replaced = {
            f'"sentinel-{number}", 26379': f'"{host}", {port}' for number, (host, port) in enumerate(addresses[:3], 1)
        }
        return settings_of_page("Sentinel", {"mymaster": self.service, **replaced})

    def wait_for_copy(self) -> None:
        """Until the replica has everything, and Sentinel knows that there is one."""
        until(lambda: self.replica.ask("INFO", "replication")["master_link_status"] == "up", "the replica is linked")
        offset = self.primary.ask("INFO", "replication")["master_repl_offset"]
        until(lambda: self.replica.ask("INFO", "replication")["slave_repl_offset"] >= offset, "the replica has it all")

    def cut_off_replica(self) -> None:
        """What the primary is told from now on, the replica does not learn."""
        with self.primary.client() as client:
            client.execute_command("ACL", "SETUSER", REPLICA_USER, "off")
            client.execute_command("CLIENT", "KILL", "TYPE", "replica")
        until(
            lambda: self.replica.ask("INFO", "replication")["master_link_status"] == "down",
            "the replica has lost its primary",
        )

    def fail_over(self) -> None:
        """Let the replica take over from a primary that is well, and wait until that follows it."""
        before = self.primary
        until(lambda: self.sentinel.ask("SENTINEL", "FAILOVER", self.service), "Sentinel begins")
        self.wait_for_new_primary(before)
        with before.client() as client:
            client.execute_command("ACL", "SETUSER", REPLICA_USER, "on")
        until(lambda: before.ask("INFO", "replication")["role"] == "slave", "the old primary is told")

    def wait_for_new_primary(self, before: Server) -> None:
        """Until Sentinel sends clients to the other one, which takes writes."""
        until(lambda: self.primary is not before, "Sentinel names the new primary")
        until(lambda: self.primary.ask("INFO", "replication")["role"] == "master", "it knows")


@contextmanager
def sentinel_set(folder: Path) -> Iterator[SentinelSet]:
    """Started, with the replica a copy of the primary."""
    # On an account of their own, replicas can be shut out without shutting out anybody else.
    user = ["--user", REPLICA_USER, "on", ">copy", "+psync", "+replconf", "+ping"]
    options = [*user, "--masteruser", REPLICA_USER, "--masterauth", "copy", "--repl-diskless-sync-delay", "0"]
    with ExitStack() as stack:
        first = stack.enter_context(server(folder / "first", *options))
        second = stack.enter_context(server(folder / "second", *options, "--replicaof", f"{HOST} {first.port}"))
        # django-redis keeps its connections under the service's name for as long as the process lives.
        service = f"mymaster-{first.port}"
        watch = (
            f"sentinel monitor {service} {HOST} {first.port} 1\n"
            f"sentinel down-after-milliseconds {service} 400\n"
            f"sentinel failover-timeout {service} 2000\n"
        )
        sentinel = stack.enter_context(server(folder / "sentinel", sentinel=watch))
        sentinel.ask("SENTINEL", "DEBUG", "info-period", 100, "ping-period", 100, "publish-period", 100)
        made = SentinelSet(first, second, sentinel, service)
        until(lambda: sentinel.ask("SENTINEL", "REPLICAS", service), "Sentinel knows the replica")
        made.wait_for_copy()
        yield made


class Cluster:
    """
    Three primaries with a third of the hash slots each.
    """

    def __init__(self, nodes: list[Server]) -> None:
        self.nodes = nodes
        self._moved: dict[int, Server] = {}

    def settings(self, *others: tuple[str, int]) -> dict[str, Any]:
        """The page's, with one of *others* before a node that runs."""
        first, second, *_ = [*others, *[node.address for node in self.nodes] * 2]
        return settings_of_page(
            "Cluster", {"node-1:6379": "{}:{}".format(*first), "node-2:6379": "{}:{}".format(*second)}
        )

    def node_of(self, key: str) -> Server:
        """Who has *key*."""
        slot = key_slot(key.encode())
        return self._moved.get(slot) or self.nodes[slot * len(self.nodes) // SLOTS]

    def move(self, key: str, to: Server) -> None:
        """Let *to* have *key* and whatever shares its hash slot, with what is there, as ``redis-cli --cluster`` does."""
        slot, source = key_slot(key.encode()), self.node_of(key)
        ids = {node: node.ask("CLUSTER", "MYID").decode() for node in (source, to)}
        to.ask("CLUSTER", "SETSLOT", slot, "IMPORTING", ids[source])
        source.ask("CLUSTER", "SETSLOT", slot, "MIGRATING", ids[to])
        if keys := source.ask("CLUSTER", "GETKEYSINSLOT", slot, 1000):
            source.ask("MIGRATE", HOST, to.port, "", 0, 5000, "KEYS", *keys)
        for node in (to, source):
            node.ask("CLUSTER", "SETSLOT", slot, "NODE", ids[to])
        self._moved[slot] = to

    def empty(self) -> None:
        """Delete everything."""
        for node in self.nodes:
            node.ask("FLUSHALL")

    def wait_until_ready(self) -> None:
        """Until every node finds that all of them are well."""
        for node in self.nodes:
            until(lambda node=node: "cluster_state:ok" in as_text(node.ask("CLUSTER", "INFO")), "the cluster is well")


@contextmanager
def cluster(folder: Path, size: int = 3) -> Iterator[Cluster]:
    """Started, and agreed on who has what."""
    with ExitStack() as stack:
        nodes = [stack.enter_context(server(folder / str(number), *NODE)) for number in range(size)]
        for number, node in enumerate(nodes):
            first, after = (-(-SLOTS * at // size) for at in (number, number + 1))
            node.ask("CLUSTER", "ADDSLOTSRANGE", first, after - 1)
            node.ask("CLUSTER", "SET-CONFIG-EPOCH", number + 1)
            nodes[0].ask("CLUSTER", "MEET", HOST, node.port, node.port + 1)
        made = Cluster(nodes)
        made.wait_until_ready()
        yield made


def settings_of_page(heading: str, replaced: Mapping[str, str]) -> dict[str, Any]:
    """What docs/deployment.md shows below *heading*, with the addresses *replaced*."""
    block = re.search(rf"^### {heading}\n.*?^```python\n(.*?)^```", PAGE.read_text(), re.DOTALL | re.MULTILINE)
    assert block is not None
    text, shown = block[1], dict[str, Any]()
    for old, new in replaced.items():
        assert old in text
        text = text.replace(old, new)
    exec(text, shown)
    return {name: value for name, value in shown.items() if name.isupper()}


def as_text(answer: Any) -> str:
    """An answer of `Server.ask` as the server sent it, whether redis-py has taken it apart or not."""
    if isinstance(answer, dict):
        return "\n".join(f"{key}:{value}" for key, value in answer.items())
    return answer.decode() if isinstance(answer, bytes) else str(answer)
