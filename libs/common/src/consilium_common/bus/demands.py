"""What production demands of NATS, judged from what its servers say of themselves. Nothing here asks a server."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Self

OLDEST = (2, 12)  # the first with scheduled messages, which deadlines are
COPIES = 3  # two disks hold a message before it is acknowledged, so that one may fail


@dataclass(frozen=True)
class ServerState:
    """One NATS server, as its `/varz` shows it.

    `cluster_size` counts the servers that share JetStream, 0 when unknown; `led`: it knows which of them leads.
    """

    id: str
    name: str
    version: str
    jetstream: bool
    sync_always: bool
    clustered: bool
    cluster_size: int
    led: bool

    @classmethod
    def of_varz(cls, varz: dict[str, Any]) -> Self:
        """Read it from `/varz`. A server without JetStream shows none, one that syncs at intervals no `sync_always`."""
        jetstream = varz.get("jetstream") or {}
        config, meta = jetstream.get("config") or {}, jetstream.get("meta") or {}
        return cls(
            id=str(varz.get("server_id", "")),
            name=str(varz.get("server_name") or varz.get("server_id", "")),
            version=str(varz.get("version", "")),
            jetstream=bool(config),
            sync_always=bool(config.get("sync_always")),
            clustered=bool((varz.get("cluster") or {}).get("name")),
            cluster_size=int(meta.get("cluster_size", 0)),
            led=bool(meta.get("leader")),
        )


@dataclass(frozen=True)
class Survey:
    """What was heard from the monitoring addresses: those that were asked, those that did not answer, and the answers."""

    asked: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()
    servers: tuple[ServerState, ...] = ()


@dataclass(frozen=True)
class Complaint:
    """One thing that is wrong, and what to change. `passing`: it may right itself while servers start."""

    text: str
    passing: bool = False


def judge(survey: Survey, replicas: int) -> list[Complaint]:
    """Return everything that is too weak for production; nothing when the bus keeps what Consilium promises.

    A minority of silent servers is borne: a service must be able to start while one server of three is away.
    """
    servers = {server.id: server for server in survey.servers}
    return [
        *_of_settings(survey, replicas),
        *(complaint for server in servers.values() for complaint in _of_server(server)),
        *_of_cluster(survey, list(servers.values())),
    ]


def _of_settings(survey: Survey, replicas: int) -> Iterator[Complaint]:
    if replicas < COPIES:
        yield Complaint(
            f"NATS_REPLICAS is {replicas}, so what was accepted is lost with one disk; set NATS_REPLICAS={COPIES} on a cluster."
        )
    if not survey.asked:
        yield Complaint(
            "NATS_MONITOR_URL is not set, so nobody can see how NATS keeps messages; set it to the monitoring address of every "
            "server, as http://nats-0:8222,http://nats-1:8222,http://nats-2:8222, and have `http_port: 8222` in their "
            "configuration."
        )


def _of_server(server: ServerState) -> Iterator[Complaint]:
    if _version(server.version) < OLDEST:
        yield Complaint(
            f"NATS server {server.name} has version {server.version or 'unknown'}, which cannot schedule deadlines; "
            f"install nats-server {OLDEST[0]}.{OLDEST[1]} or newer."
        )
    if not server.jetstream:
        yield Complaint(
            f"NATS server {server.name} runs without JetStream and keeps nothing; add "
            '`jetstream { store_dir: "/data", sync_interval: always }` to its configuration.'
        )
    elif not server.sync_always:
        yield Complaint(
            f"NATS server {server.name} acknowledges before its disk has the message, so a power cut loses what was accepted; "
            "add `sync_interval: always` to the `jetstream { }` block of its configuration."
        )


def _of_cluster(survey: Survey, servers: list[ServerState]) -> Iterator[Complaint]:
    if survey.asked and len(survey.silent) * 2 >= len(survey.asked):
        yield Complaint(
            f"NATS does not say how it is configured at {', '.join(survey.silent)}; check NATS_MONITOR_URL, and have "
            "`http_port: 8222` in the configuration of every server.",
            passing=True,
        )
    if not servers:
        return
    size = max(1, *(server.cluster_size for server in servers))
    if size < COPIES:
        yield Complaint(
            f"JetStream runs on {size} of at least {COPIES} servers; start {COPIES}, each with "
            '`cluster { name: consilium, listen: "0.0.0.0:6222", routes: [nats://nats-0:6222, …] }` in its configuration.',
            passing=all(server.clustered for server in servers),
        )
    elif len(survey.asked) < size:
        yield Complaint(
            f"NATS_MONITOR_URL names {len(survey.asked)} of {size} servers; name all, since each is configured by itself."
        )
    elif not any(server.led for server in servers):
        yield Complaint(
            "JetStream has no leader, so no stream can be made; check that its servers reach each other (`cluster`).",
            passing=True,
        )


def _version(text: str) -> tuple[int, int]:
    found = re.match(r"(\d+)\.(\d+)", text)
    return (int(found[1]), int(found[2])) if found else (0, 0)
