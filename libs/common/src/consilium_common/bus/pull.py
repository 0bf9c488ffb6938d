"""The pull protocol of JetStream, with overlapping requests: the next batch is asked for before the last one is used up.

nats-py's `fetch` waits out one request before it makes the next, which costs a round trip and stalls under load; a
continuous consumer is missing from it. https://docs.nats.io/reference/reference-protocols/nats_api_reference
"""

import asyncio
import json
import logging
import time
from collections.abc import Callable

import nats.errors
from nats.aio.msg import Msg
from nats.js.api import ConsumerConfig, ConsumerInfo
from nats.js.errors import NotFoundError

from consilium_common.bus.connection import Bus, BusError, unsubscribe
from consilium_common.bus.streams import ensure_streams

log = logging.getLogger(__name__)

EXPIRES_S = 30
HEARTBEAT_S = 5
SILENCE_S = 3 * HEARTBEAT_S  # two heartbeats missed: the consumer or the server is gone
CHECK_S = 1.0
RETRY_S = 0.5

Receive = Callable[[Msg], None]


class PullLoop:
    """Keeps pull requests outstanding for one consumer and hands every message to `receive`, which must not block.

    `room()` says how many more messages may be asked for; the loop never has more outstanding. Call `more()` when room
    has grown. `config()` describes the consumer and is asked again whenever the server has lost it; `made()` hears of it.
    """

    def __init__(
        self,
        bus: Bus,
        stream: str,
        config: Callable[[], ConsumerConfig],
        receive: Receive,
        room: Callable[[], int],
        made: Callable[[ConsumerInfo], None] = lambda _: None,
    ) -> None:
        self._bus = bus
        self._stream = stream
        self._config = config
        self._made = made
        self._receive = receive
        self._room = room
        self._subject = ""
        self._outstanding = 0
        self._heard_at = 0.0
        self._stopped = asyncio.Event()
        self._renew = True
        self._wake = asyncio.Event()
        self.ready = asyncio.Event()

    async def run(self) -> None:
        """Pull until `stop()`; survives lost consumers, server restarts and silent stalls."""
        inbox = self._bus.nc.new_inbox()
        subscription = await self._bus.nc.subscribe(inbox, cb=self._on_message, pending_msgs_limit=-1, pending_bytes_limit=-1)
        self._bus.on_return.append(self.recreate)
        try:
            while not self._stopped.is_set():
                if self._renew and not await self._make_consumer():
                    await self._pause(RETRY_S)
                    continue
                await self._request(inbox)
                await self._pause(CHECK_S)
                # Heartbeats come only while something is asked for; with no room, silence is as it should be.
                if self._outstanding and time.monotonic() - self._heard_at > SILENCE_S:
                    self._outstanding, self._renew = 0, True
        finally:
            self._bus.on_return.remove(self.recreate)
            await unsubscribe(subscription)

    def stop(self) -> None:
        """Ask for nothing more."""
        self._stopped.set()
        self._wake.set()

    def more(self) -> None:
        """Say that there is room again."""
        if self._room() - self._outstanding >= max(1, self._outstanding // 2):
            self._wake.set()

    def recreate(self) -> None:
        """Have the consumer made again, as after a gap, or when the connection was lost and with it what was asked."""
        self._outstanding, self._renew = 0, True
        self._wake.set()

    async def _pause(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._wake.wait(), seconds)
        except TimeoutError:
            return
        self._wake.clear()

    async def _make_consumer(self) -> bool:
        try:
            info = await self._bus.js.add_consumer(self._stream, self._config())
        except NotFoundError:
            return await self._make_streams()
        except (nats.errors.Error, OSError, TimeoutError) as error:
            if self._bus.ping():  # that the bus is away is said once, not by every reader
                log.warning("a consumer could not be made; trying again", extra={"stream": self._stream, "error": str(error)})
            return False
        self._subject = f"$JS.API.CONSUMER.MSG.NEXT.{self._stream}.{info.name}"
        self._outstanding, self._renew = 0, False
        self._heard_at = time.monotonic()
        self._made(info)
        self.ready.set()
        return True

    async def _make_streams(self) -> bool:
        """Make the streams that a server lacks which came back without its disk; what was accepted is submitted again."""
        log.error("a stream is gone; streams are made anew", extra={"stream": self._stream})
        try:
            await ensure_streams(self._bus)
        except BusError as error:
            log.warning("streams could not be made; trying again", extra={"error": error.message})
        return False

    async def _request(self, inbox: str) -> None:
        batch = self._room() - self._outstanding
        if batch <= 0 or self._stopped.is_set():
            return
        self._outstanding += batch
        ask = {"batch": batch, "expires": EXPIRES_S * 10**9, "idle_heartbeat": HEARTBEAT_S * 10**9}
        try:
            await self._bus.nc.publish(self._subject, json.dumps(ask).encode(), reply=inbox)
        except nats.errors.Error:
            self._outstanding, self._renew = 0, True

    async def _on_message(self, msg: Msg) -> None:
        self._heard_at = time.monotonic()
        status = (msg.headers or {}).get("Status") if not msg.data else None
        if status is None:
            self._outstanding = max(0, self._outstanding - 1)
            self._receive(msg)
            self.more()
        elif status != "100":
            self._on_status(status, msg.headers or {})

    def _on_status(self, status: str, headers: dict[str, str]) -> None:
        unused = headers.get("Nats-Pending-Messages")
        self._outstanding = max(0, self._outstanding - int(unused)) if unused else 0
        if status in {"404", "503"} or "Deleted" in headers.get("Description", ""):
            self._renew = True
        self._wake.set()
