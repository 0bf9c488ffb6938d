"""nats-servers with a configuration and a monitoring port of their own, alone or as a cluster, on loopback."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from consilium_common.localservers import HOST, NATS, Place
from consilium_common.testing.servers import LocalProcess, free_port

SYNC_ALWAYS = "sync_interval: always"


@dataclass(frozen=True)
class Node:
    """One server: where clients connect, where it says how it is configured, and the process."""

    url: str
    monitor: str
    process: LocalProcess


@contextmanager
def nats_nodes(folder: Path, count: int = 1, jetstream: str | None = SYNC_ALWAYS) -> Iterator[list[Node]]:
    """Start servers, as a cluster when there are several. `jetstream` goes into its block; None leaves JetStream out."""
    peers = [free_port() for _ in range(count)] if count > 1 else []
    with ExitStack() as stack:
        nodes = [_node(folder / f"n{number}", number, jetstream, peers) for number in range(count)]
        for node in nodes:
            node.process.start()
            stack.callback(node.process.stop)
        yield nodes


def _node(folder: Path, number: int, jetstream: str | None, peers: Sequence[int]) -> Node:
    folder.mkdir()
    place, monitor = Place(free_port(), folder), free_port()
    lines = [f'listen: "{HOST}:{place.port}"', f'http: "{HOST}:{monitor}"', f"server_name: n{number}"]
    if jetstream is not None:
        lines.append(f'jetstream {{ store_dir: "{folder}"\n {jetstream} }}')
    if peers:
        routes = ", ".join(f'"nats://{HOST}:{port}"' for port in peers)
        lines.append(f'cluster {{ name: consilium, listen: "{HOST}:{peers[number]}", routes: [{routes}] }}')

    def prepare(place: Place) -> None:
        (place.data_dir / "nats.conf").write_text("\n".join(lines))

    process = LocalProcess(replace(NATS, prepare=prepare), place)
    return Node(f"nats://{HOST}:{place.port}", f"http://{HOST}:{monitor}", process)
