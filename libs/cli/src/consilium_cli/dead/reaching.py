"""Where `consilium dead` connects: the bus that the environment names, else the one of the running local stack."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from pydantic import SecretStr

from consilium_cli.stack import environment
from consilium_cli.stack.state import StateFolder
from consilium_common.bus.connection import Bus, connect
from consilium_common.errors import ConsiliumError
from consilium_common.settings import ServiceSettings, load

NAMED = ("NATS_URL", "CONSILIUM_BUS_KEY")
SERVICE = "consilium-dead"  # how the connection is called; it consumes nothing and buries nothing
PATIENCE_S = 5.0


class WhichBusError(ConsiliumError):
    """The environment names a bus in part only."""

    def __init__(self, there: str, missing: str) -> None:
        super().__init__(
            "which-bus",
            f"{there} is set but {missing} is not; set both for a bus elsewhere, or neither for the local one.",
        )


@asynccontextmanager
async def reached(environ: Mapping[str, str]) -> AsyncIterator[Bus]:
    """Open the bus.

    Raises:
        WhichBusError: when half of an address is given.
        StateError: when no bus is named and nothing runs here.
        BusError: when the bus does not answer.
    """
    async with connect(settings(environ), SERVICE, PATIENCE_S) as bus:
        yield bus


def settings(environ: Mapping[str, str]) -> ServiceSettings:
    """Return where the bus is, and its key."""
    given = [name for name in NAMED if environ.get(name)]
    if len(given) == len(NAMED):
        return load(ServiceSettings)
    if given:
        (missing,) = set(NAMED) - set(given)
        raise WhichBusError(given[0], missing)
    local = environment.of_running(StateFolder.of(environ))
    return ServiceSettings(
        environment="local",
        nats_url=local["NATS_URL"],
        nats_user=local["NATS_USER"],
        nats_password=SecretStr(local["NATS_PASSWORD"]),
        bus_key=SecretStr(local["CONSILIUM_BUS_KEY"]),
    )
