"""A light stack of real processes: nats-server, MongoDB and Redis, every service, and a proxy before each server."""

import asyncio
import base64
import os
import random
import secrets
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from consilium_cli.stack.nursery import Nursery
from consilium_common.localservers import LOCAL_SERVERS, USER, Place
from consilium_common.testing.servers import LocalProcess, free_port
from support.chaos.asker import Asker
from support.chaos.checker import Checker
from support.chaos.cluster import Cluster, three_nodes
from support.chaos.http import request
from support.chaos.natsproxy import NatsProxy, Seen
from support.chaos.process import Service
from support.chaos.proxy import HOST, Proxy
from support.waiting import eventually

ENTRIES = {name: f"consilium_{name}.main:main" for name in ("gateway", "orchestrator", "aggregator")}
SPECIALIST_ENTRY = "support.chaos.specialists:main"
SPECIALISTS = ("chaos_one", "chaos_two")
DATABASE = "consilium"
TESTS = Path(__file__).parents[2]


@contextmanager
def tests_on_path() -> Iterator[None]:
    """Let processes that are started import the chaos specialists."""
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join([*([before] if before else []), str(TESTS)])
    try:
        yield
    finally:
        os.environ.pop("PYTHONPATH")
        if before is not None:
            os.environ["PYTHONPATH"] = before


@dataclass
class LightStack:
    """What runs. Every service reaches the bus through a proxy of its own, MongoDB and Redis through one for all."""

    folder: Path
    nursery: Nursery
    opened: AsyncExitStack
    settings: dict[str, str] = field(default_factory=dict)
    servers: dict[str, LocalProcess] = field(default_factory=dict)
    proxies: dict[str, Proxy] = field(default_factory=dict)
    buses: dict[str, NatsProxy] = field(default_factory=dict)
    services: dict[str, Service] = field(default_factory=dict)
    nats_urls: tuple[str, ...] = ()
    signing_key: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    bus_key: bytes = field(default_factory=lambda: secrets.token_bytes(32))

    @property
    def checker(self) -> Checker:
        mongo = self.servers["mongo"]
        return Checker(self.nats_urls, mongo.server.url(mongo.place), DATABASE)

    def gateways(self) -> list[int]:
        """Return the ports of all gateways."""
        return [service.port for name, service in self.services.items() if name.startswith("gateway")]

    def asker(self, seed: int, **more: object) -> Asker:
        """Return a client that uses any gateway."""
        return Asker(self.gateways, self.signing_key, random.Random(seed), **more)  # type: ignore[arg-type]

    async def start_server(self, name: str) -> None:
        """Start a server of one's own."""
        folder = self.folder / name
        folder.mkdir()
        server = next(each for each in LOCAL_SERVERS if each.name == name)
        process = LocalProcess(server, Place(free_port(), folder, secrets.token_urlsafe(24)))
        self.opened.push_async_callback(asyncio.to_thread, process.stop)
        await asyncio.to_thread(process.start)
        self.servers[name] = process

    async def start_proxy(self, name: str) -> None:
        """Put a proxy before MongoDB or Redis, and have services use it."""
        process = self.servers[name]
        proxy = await self.opened.enter_async_context(Proxy(process.place.port))
        self.proxies[name] = proxy
        self.settings[process.server.variable] = _through(process.server.url(process.place), proxy.port)

    async def add(self, name: str, *, entry: str = "", **env: str) -> Service:
        """Add a service, `gateway-2` being a second gateway, with a proxy of its own before the bus; not started yet."""
        kind = name.partition("-")[0]
        nats = self.servers["nats"]
        bus = await self.opened.enter_async_context(NatsProxy(nats.place.port))
        self.buses[name] = bus
        url = _through(nats.server.url(nats.place), bus.port)
        return self.add_at(name, url, entry=entry or ENTRIES.get(kind, SPECIALIST_ENTRY), **env)

    def add_at(self, name: str, nats_url: str, *, entry: str, **env: str) -> Service:
        """Add a service that reaches the bus at this URL."""
        port = free_port()
        own = {
            "NATS_URL": nats_url,
            "CONSILIUM_PORT": str(port),
            "CONSILIUM_INSTANCE": name,
            "CHAOS_NAME": name.partition("-")[0],
            **env,
        }
        service = Service(name, entry, port, {**self.settings, **own}, self.nursery, self.folder / f"{name}.log")
        self.services[name] = service
        self.opened.push_async_callback(service.stop)
        return service

    def of(self, kind: str) -> list[Service]:
        """Return all replicas of a service."""
        return [service for name, service in self.services.items() if name.partition("-")[0] == kind]

    def seen(self) -> Seen:
        """Return what all bus proxies have done."""
        return sum((bus.seen for bus in self.buses.values()), Seen())

    def heal(self) -> None:
        """Let everything through."""
        for proxy in (*self.proxies.values(), *self.buses.values()):
            proxy.heal()

    async def start_services(self) -> None:
        """Start everything that was added, and wait until it has found each other."""
        await asyncio.gather(*(service.start() for service in self.services.values()))
        await self.until_known([name for name in self.services if name in SPECIALISTS])

    def assert_nothing_left(self) -> None:
        """Assert that no process that was ever started here is still there."""
        pids = [pid for service in self.services.values() for pid in service.pids]
        assert not [pid for pid in pids if _alive(pid)], "processes outlived the stack"
        assert all(server.process is None or server.process.poll() is not None for server in self.servers.values())

    async def until_known(self, names: Sequence[str], timeout_s: float = 30.0) -> None:
        """Wait until every gateway knows these specialists, and each is alive."""

        async def known() -> bool:
            for port in self.gateways():
                async with request(port, "GET", "/v1/agents", headers=self.asker(0).auth()) as answer:
                    alive = {agent["name"] for agent in await answer.json() if agent["instances"]}
                if not alive.issuperset(names):
                    return False
            return True

        await eventually(known, timeout_s)


def common_settings(stack: LightStack, deadline_s: float) -> dict[str, str]:
    """Return what every service gets. Whatever these services have no use for leads nowhere."""
    return {
        "CONSILIUM_ENVIRONMENT": "local",
        "CONSILIUM_HOST": HOST,
        "CONSILIUM_BUS_KEY": base64.b64encode(stack.bus_key).decode(),
        "CONSILIUM_TOKEN_KEY": base64.b64encode(stack.signing_key).decode(),
        "CONSILIUM_CONSULTS_PER_MINUTE": "1000000",
        "CONSILIUM_IN_FLIGHT_ALWAYS": "2000",  # what must be refused is tried where it is the question
        "CONSILIUM_CONSULT_DEADLINE_S": str(deadline_s),
        "MONGO_DB_NAME": DATABASE,
        "NEO4J_URI": f"bolt://{HOST}:1",
        "NEO4J_USER": "nobody",
        "NEO4J_PASSWORD": "none",
        "MILVUS_URI": f"http://{HOST}:1",
    }


@asynccontextmanager
async def light_stack(
    folder: Path,
    nursery: Nursery,
    *,
    deadline_s: float = 20.0,
    names: Sequence[str] = ("gateway", "gateway-2", "orchestrator", "aggregator", *SPECIALISTS),
) -> AsyncIterator[LightStack]:
    """Start everything, yield it ready, and stop it; nothing is left running."""
    async with AsyncExitStack() as opened:
        stack = LightStack(folder, nursery, opened)
        stack.settings = common_settings(stack, deadline_s)
        await asyncio.gather(*(stack.start_server(name) for name in ("nats", "mongo", "redis")))
        nats = stack.servers["nats"]
        stack.nats_urls = (nats.server.url(nats.place),)
        for name in ("mongo", "redis"):
            await stack.start_proxy(name)
        for name in names:
            await stack.add(name)
        await stack.start_services()
        yield stack
    stack.assert_nothing_left()


@asynccontextmanager
async def cluster_stack(
    folder: Path, nursery: Nursery, *, deadline_s: float = 30.0
) -> AsyncIterator[tuple[LightStack, Cluster]]:
    """Start two of each service on a cluster of three nodes, the replicas at different nodes."""
    async with AsyncExitStack() as opened:
        stack = LightStack(folder, nursery, opened)
        stack.settings = {**common_settings(stack, deadline_s), "NATS_REPLICAS": "3"}
        await asyncio.gather(*(stack.start_server(name) for name in ("mongo", "redis")))
        for name in ("mongo", "redis"):
            await stack.start_proxy(name)
        password = secrets.token_urlsafe(24)
        cluster = await opened.enter_async_context(three_nodes(folder, password))
        stack.nats_urls = cluster.urls()
        # Beside the address: a client does not carry what stands in it over to the nodes that it is told about.
        stack.settings |= {"NATS_USER": USER, "NATS_PASSWORD": password}
        for number, (kind, replica) in enumerate((kind, replica) for kind in (*ENTRIES, *SPECIALISTS) for replica in (1, 2)):
            url = stack.nats_urls[number % len(stack.nats_urls)]
            name = kind if replica == 1 else f"{kind}-{replica}"
            stack.add_at(name, url, entry=ENTRIES.get(kind, SPECIALIST_ENTRY))
        await stack.start_services()
        yield stack, cluster
    stack.assert_nothing_left()


def _through(url: str, port: int) -> str:
    """Return a URL that leads through a proxy: with the same credentials, at another port."""
    parts = urlsplit(url)
    user = f"{parts.netloc.rpartition('@')[0]}@" if "@" in parts.netloc else ""
    return parts._replace(netloc=f"{user}{HOST}:{port}").geturl()


def _alive(pid: int) -> bool:
    status = Path(f"/proc/{pid}/status")
    try:
        return "\nState:\tZ" not in status.read_text()
    except OSError:
        return False
