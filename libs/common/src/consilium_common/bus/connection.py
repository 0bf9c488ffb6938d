"""The connection to NATS: reconnects for ever, says so, and gives up the process when it has been away too long."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import nats.errors
from nats.aio.client import Client
from nats.aio.subscription import Subscription
from nats.js import JetStreamContext

from consilium_common.bus.codec import Codec
from consilium_common.errors import ConsiliumError
from consilium_common.security.sealing import Sealer
from consilium_common.settings import ServiceSettings

log = logging.getLogger(__name__)

PING_INTERVAL_S = 5  # two lost pings and the connection counts as dead: a silent stall is noticed within 15 s
AWAY_LIMIT_S = 150.0  # a server may be away for a minute and is then used at once; after this a fresh process is the surer cure
PATIENCE_S = 30.0  # a service that starts beside its server waits for it this long
REQUEST_TIMEOUT_S = 5.0
DRAIN_TIMEOUT_S = 5  # what is published at the end leaves in milliseconds; a server that hangs must not keep a process
PENDING_BYTES = 8 * 1024 * 1024

Returned = Callable[[], None]


class PromptClient(Client):  # type: ignore[misc]  # nats-py does not say that it is typed
    """Says nothing late: whatever is published while the connection is away waits for it, and is dropped with whoever gives up.

    nats-py keeps all of it and says it on return, with every repetition: thousands of consumers that nobody reads, made at
    the moment when the server has most to do.
    """

    def __init__(self) -> None:
        super().__init__()
        self.up = asyncio.Event()

    async def publish(self, subject: str, payload: bytes = b"", reply: str = "", headers: dict[str, str] | None = None) -> None:
        """Publish, and wait at most `REQUEST_TIMEOUT_S` for a connection that is away.

        Raises:
            TimeoutError: when it does not come back.
        """
        if self.is_reconnecting:
            try:
                await asyncio.wait_for(self.up.wait(), REQUEST_TIMEOUT_S)
            except TimeoutError:
                raise nats.errors.TimeoutError from None
        await super().publish(subject, payload, reply, headers)


class BusError(ConsiliumError):
    """The bus cannot be reached or refused something. Retryable: the bus comes back."""

    def __init__(self, message: str, retryable: bool = True) -> None:
        super().__init__("bus", message, retryable)


@dataclass(frozen=True)
class Bus:
    """An open connection with its codec. `lost` is set when the watchdog gives up; the service then ends.

    `on_return` holds what is called when the connection is back after a loss; none of it may raise or block. The server has
    then forgotten what was asked of it: pull requests, and consumers in memory if it was started anew.
    """

    nc: Client
    js: JetStreamContext
    codec: Codec
    service: str
    instance: str
    replicas: int
    lost: asyncio.Event
    on_return: list[Returned] = field(default_factory=list)

    def ping(self) -> bool:
        """Return whether the connection is up."""
        return bool(self.nc.is_connected)


@asynccontextmanager
async def connect(settings: ServiceSettings, service: str, patience_s: float = PATIENCE_S) -> AsyncIterator[Bus]:
    """Open the bus, waiting for the server at most `patience_s`, and close it after what was published has left.

    Raises:
        BusError: when nothing answers at the URL, or the credentials are refused.
        SealError: when the key is not usable.
    """
    codec = Codec(Sealer.from_base64(settings.bus_key.get_secret_value()))
    lost = asyncio.Event()
    on_return: list[Returned] = []
    nc = PromptClient()
    watch = _Watchdog(lost, on_return, nc.up)
    await _open(nc, settings, service, watch, patience_s)
    bus = Bus(
        nc=nc,
        js=nc.jetstream(timeout=REQUEST_TIMEOUT_S),
        codec=codec,
        service=service,
        instance=settings.instance or service,
        replicas=settings.nats_replicas,
        lost=lost,
        on_return=on_return,
    )
    try:
        yield bus
    finally:
        watch.closing = True
        await _close(nc)


async def unsubscribe(subscription: Subscription) -> None:
    """Listen no more, also while the connection is away: what is left standing then would be there again when it is back."""
    with suppress(nats.errors.ConnectionClosedError, nats.errors.ConnectionDrainingError, nats.errors.BadSubscriptionError):
        await subscription.unsubscribe()


async def _open(nc: Client, settings: ServiceSettings, service: str, watch: "_Watchdog", patience_s: float) -> None:
    try:
        async with asyncio.timeout(patience_s):
            await nc.connect(
                settings.nats_servers,
                user=settings.nats_user,
                password=settings.nats_password.get_secret_value() if settings.nats_password else None,
                name=settings.instance or service,
                # An inbox prefix of its own: with the shared one any client could read replies meant for others.
                inbox_prefix=f"_INBOX_{service}",
                connect_timeout=5,
                reconnect_time_wait=1,
                max_reconnect_attempts=-1,
                ping_interval=PING_INTERVAL_S,
                max_outstanding_pings=2,
                pending_size=PENDING_BYTES,
                drain_timeout=DRAIN_TIMEOUT_S,
                error_cb=watch.on_error,
                disconnected_cb=watch.on_down,
                reconnected_cb=watch.on_up,
                closed_cb=watch.on_closed,
            )
    except (OSError, TimeoutError, nats.errors.Error) as error:
        why = watch.last_error or type(error).__name__
        raise BusError(f"NATS does not answer at NATS_URL ({why}); check the address and the credentials.") from error


async def _close(nc: Client) -> None:
    if nc.is_connected:
        try:
            await nc.drain()
            return
        except (nats.errors.Error, TimeoutError) as error:
            log.warning("the bus connection did not drain", extra={"error": type(error).__name__})
    if not nc.is_closed:
        with suppress(OSError):  # the other side is gone already
            await nc.close()


class _Watchdog:
    """Callbacks of the connection. None may raise: an exception here can stop reconnection."""

    def __init__(self, lost: asyncio.Event, on_return: list[Returned], up: asyncio.Event) -> None:
        self.closing = False
        self.last_error = ""
        self._lost = lost
        self._on_return = on_return
        self._up = up
        self._timer: asyncio.TimerHandle | None = None

    async def on_error(self, error: Exception) -> None:
        self.last_error = type(error).__name__
        log.warning("bus error", extra={"error": self.last_error})

    async def on_down(self) -> None:
        self._up.clear()
        if self.closing:
            return
        log.warning("bus connection lost; trying again")
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(AWAY_LIMIT_S, self._give_up)

    async def on_up(self) -> None:
        self._up.set()
        log.info("bus connection is back")
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        for returned in tuple(self._on_return):
            returned()

    async def on_closed(self) -> None:
        if not self.closing:
            self._give_up()

    def _give_up(self) -> None:
        log.error("bus away for too long; this process ends, so that a fresh one can take over")
        self._lost.set()
