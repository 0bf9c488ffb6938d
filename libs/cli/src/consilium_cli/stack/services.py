"""Which services are installed. Each is an entry point, so that a new specialist is found without a change here."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import entry_points

from consilium_common.errors import ConsiliumError
from consilium_common.localservers import LOCAL_SERVERS

GROUPS = ("consilium.services", "consilium.specialists")
MAX_REPLICAS = 16
ALL_SERVERS = tuple(server.name for server in LOCAL_SERVERS)
# What a service waits for before it starts. Anything not listed here waits for every server.
NEEDS = {
    "embedder": ("nats",),  # it loads a model for seconds, so it begins early
    "gateway": ("nats", "mongo", "redis"),
    "orchestrator": ("nats", "mongo"),
    "aggregator": ("nats",),
}
# On the way down the gateway goes first, so that nothing new comes in, and the embedder last, since others drain through it.
STOP_STAGE = {"gateway": 0, "embedder": 2}
DEFAULT_STOP_STAGE = 1
SERVER_STOP_STAGE = 3


class ServicesError(ConsiliumError):
    """A service is not installed, or a wish about services cannot be met."""

    def __init__(self, message: str) -> None:
        super().__init__("services", message)


@dataclass(frozen=True)
class Service:
    """An installed service; `entry` is `module:callable`, which reads the environment and runs until SIGTERM."""

    name: str
    entry: str

    @property
    def needs(self) -> tuple[str, ...]:
        """Return the servers that must be ready before it starts."""
        return NEEDS.get(self.name, ALL_SERVERS)

    @property
    def stop_stage(self) -> int:
        """Return when it stops: lower stages first."""
        return STOP_STAGE.get(self.name, DEFAULT_STOP_STAGE)


@dataclass(frozen=True)
class Replica:
    """One process of a service. The first is called like the service, so that it is easily found."""

    service: Service
    number: int

    @property
    def name(self) -> str:
        """Return `cardiology`, then `cardiology-2` and so on."""
        return self.service.name if self.number == 1 else self.instance

    @property
    def instance(self) -> str:
        """Return `cardiology-1`, `cardiology-2` and so on."""
        return f"{self.service.name}-{self.number}"


def installed() -> tuple[Service, ...]:
    """Return every installed service and specialist, by name.

    Raises:
        ServicesError: when two distributions bring one of the same name.
    """
    found = {Service(entry.name, entry.value) for group in GROUPS for entry in entry_points(group=group)}
    twice = [name for name, count in Counter(service.name for service in found).items() if count > 1]
    if twice:
        raise ServicesError(f"Two installed distributions bring a service named {twice[0]!r}; uninstall one of them.")
    return tuple(sorted(found, key=lambda service: service.name))


def chosen(services: Sequence[Service], only: Iterable[str]) -> tuple[Service, ...]:
    """Return the services that are named in `only`, or all when it is empty.

    Raises:
        ServicesError: when one is named that is not installed, or nothing is installed at all.
    """
    if not services:
        raise ServicesError("No Consilium service is installed; `make setup` installs those of this repository.")
    wanted = set(only)
    unknown = wanted - {service.name for service in services}
    if unknown:
        raise ServicesError(f"{min(unknown)!r} is not an installed service; there are {_names(services)}.")
    return tuple(service for service in services if not wanted or service.name in wanted)


def replicas(services: Sequence[Service], wish: str) -> tuple[Replica, ...]:
    """Return the processes to run. `wish` is like `gateway=2,orchestrator=2`; what is not named runs once.

    Raises:
        ServicesError: when the wish cannot be read, or names a service that does not run.
    """
    counts = dict(_count(item, services) for item in wish.split(",") if item.strip())
    return tuple(Replica(service, number + 1) for service in services for number in range(counts.get(service.name, 1)))


def _count(item: str, services: Sequence[Service]) -> tuple[str, int]:
    name, _, number = (part.strip() for part in item.partition("="))
    if name not in {service.name for service in services}:
        raise ServicesError(f"--replicas names {name!r}, which is not a service that runs; there are {_names(services)}.")
    if not number.isascii() or not number.isdigit() or not 1 <= int(number) <= MAX_REPLICAS:
        raise ServicesError(f"--replicas has {item.strip()!r}; write NAME=COUNT with a count from 1 to {MAX_REPLICAS}.")
    return name, int(number)


def _names(services: Iterable[Service]) -> str:
    return ", ".join(service.name for service in services)
