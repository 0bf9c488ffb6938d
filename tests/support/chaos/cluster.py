"""Three nats-servers as one cluster, each on its own data, whose routes to each other go through proxies that can be cut."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import nats

from consilium_common.localservers import NATS, USER, Place
from consilium_common.testing.servers import LocalProcess, free_port
from support.chaos.http import request
from support.chaos.proxy import HOST, Proxy
from support.waiting import eventually

NAMES = ("n1", "n2", "n3")
HEALTHY_S = 60.0
CONF = """\
listen: "{host}:{port}"
server_name: {name}
http: "{host}:{monitor}"
max_payload: 1MB
authorization {{ user: {user}, password: "{password}" }}
jetstream {{ store_dir: "{store}", sync_interval: always }}
cluster {{
  name: consilium
  listen: "{host}:{route}"
  routes: [{routes}]
}}
"""


def _prepare(route: int, monitor: int, routes: Mapping[str, Proxy], name: str, place: Place) -> None:
    urls = ", ".join(f'"nats-route://{HOST}:{proxy.port}"' for proxy in routes.values())
    text = CONF.format(
        host=HOST,
        port=place.port,
        name=name,
        monitor=monitor,
        user=USER,
        password=place.password,
        store=place.data_dir / "jetstream",
        route=route,
        routes=urls,
    )
    (place.data_dir / "nats.conf").write_text(text)


@dataclass
class Cluster:
    """The nodes, and the proxies between them: `links[a][b]` carries what a says to b when a has dialled."""

    nodes: dict[str, LocalProcess]
    links: dict[str, dict[str, Proxy]]
    monitors: dict[str, int]

    def urls(self) -> tuple[str, ...]:
        """Return the address of every node."""
        return tuple(NATS.url(node.place) for node in self.nodes.values())

    def partition(self, name: str) -> None:
        """Let nothing through between a node and the others; no connection is closed."""
        for proxy in self._around(name):
            proxy.stall()

    def heal(self) -> None:
        """Let everything through again."""
        for links in self.links.values():
            for proxy in links.values():
                proxy.heal()

    async def leader(self, stream: str) -> str:
        """Return the node that leads a stream."""

        async def found() -> str:
            nc = await nats.connect(list(self.urls()), error_cb=_say_nothing)
            try:
                cluster = (await nc.jetstream().stream_info(stream)).cluster
                return (cluster.leader or "") if cluster else ""
            finally:
                await nc.close()

        return await eventually(found, HEALTHY_S)

    async def healthy(self) -> None:
        """Wait until every node says that it is current."""

        async def well() -> bool:
            return all([await self._is_well(name) for name in self.nodes])

        await eventually(well, HEALTHY_S)

    async def _is_well(self, name: str) -> bool:
        try:
            async with asyncio.timeout(5), request(self.monitors[name], "GET", "/healthz") as answer:
                return answer.status == 200
        except (OSError, asyncio.IncompleteReadError, TimeoutError):
            return False

    def _around(self, name: str) -> list[Proxy]:
        return [proxy for a, links in self.links.items() for b, proxy in links.items() if name in {a, b}]


@asynccontextmanager
async def three_nodes(folder: Path, password: str) -> AsyncIterator[Cluster]:
    """Start a cluster of three and yield it healthy."""
    async with AsyncExitStack() as opened:
        routes = {name: free_port() for name in NAMES}
        monitors = {name: free_port() for name in NAMES}
        links: dict[str, dict[str, Proxy]] = {name: {} for name in NAMES}
        for a in NAMES:
            for b in NAMES:
                if a != b:
                    links[a][b] = await opened.enter_async_context(Proxy(routes[b]))
        nodes = {}
        for name in NAMES:
            place = Place(free_port(), folder / name, password)
            place.data_dir.mkdir()
            server = replace(NATS, prepare=partial(_prepare, routes[name], monitors[name], links[name], name))
            nodes[name] = LocalProcess(server, place)
            opened.push_async_callback(asyncio.to_thread, nodes[name].stop)
        await asyncio.gather(*(asyncio.to_thread(node.start) for node in nodes.values()))
        cluster = Cluster(nodes, links, monitors)
        await cluster.healthy()
        yield cluster


async def _say_nothing(_: Exception) -> None:
    """A node that is away says so by itself."""
