"""Reading a stream in order without acknowledging: every message once, gaps healed by starting again where they began."""

import asyncio
import secrets
from collections.abc import Callable
from contextlib import suppress

import nats.errors
from nats.aio.msg import Msg
from nats.js.api import AckPolicy, ConsumerConfig, ConsumerInfo, DeliverPolicy

from consilium_common.bus.connection import Bus
from consilium_common.bus.pull import PullLoop

BATCH = 2000
INACTIVE_S = 60.0  # the server removes the consumer of a reader that has gone


class OrderedReader:
    """Hands every message of a filter to `receive` in stream order, from the stream sequence `start`.

    `receive` must not block. `caught_up` is set when everything that stood in the stream at the start has been read.
    """

    def __init__(self, bus: Bus, stream: str, subject: str, receive: Callable[[Msg], None], *, start: int = 1) -> None:
        self._bus = bus
        self._stream = stream
        self._filter = subject
        self._receive = receive
        self._next = start
        self._expected = 1
        self._consumer = ""
        self._wanted = ""
        self._loop = PullLoop(bus, stream, self._config, self._on_message, lambda: BATCH, self._on_made)
        self.caught_up = asyncio.Event()

    async def run(self) -> None:
        """Read until `stop()`."""
        try:
            await self._loop.run()
        finally:
            await self._remove()

    async def ready(self) -> None:
        """Wait until the server delivers from now on."""
        await self._loop.ready.wait()

    def stop(self) -> None:
        """Read no more."""
        self._loop.stop()

    def restart(self) -> None:
        """Read everything again from the beginning."""
        self._next = 1
        self._loop.recreate()

    def _config(self) -> ConsumerConfig:
        # From here on nothing of the old consumer counts: it may go on delivering until the new one is there, which begins
        # exactly where it stands now, and would deliver the same again.
        self._consumer = ""
        # Asked for again under its name, one whose answer was lost is not there twice.
        self._wanted = self._wanted or secrets.token_urlsafe(12)
        return ConsumerConfig(
            name=self._wanted,
            filter_subject=self._filter,
            deliver_policy=DeliverPolicy.BY_START_SEQUENCE,
            opt_start_seq=max(1, self._next),
            ack_policy=AckPolicy.NONE,
            inactive_threshold=INACTIVE_S,
            mem_storage=True,
            num_replicas=1,
        )

    def _on_made(self, info: ConsumerInfo) -> None:
        self._consumer, self._wanted, self._expected = info.name, "", 1
        if not info.num_pending:
            self.caught_up.set()

    async def _remove(self) -> None:
        """Have the server forget the consumer at once; where that fails it does so after `INACTIVE_S`."""
        if self._consumer and self._bus.ping():
            with suppress(nats.errors.Error):
                await self._bus.nc.publish(f"$JS.API.CONSUMER.DELETE.{self._stream}.{self._consumer}")

    def _on_message(self, msg: Msg) -> None:
        meta = msg.metadata
        if meta.consumer != self._consumer:
            return  # still on its way from the consumer before this one
        if meta.sequence.consumer != self._expected:
            self._loop.recreate()
            return
        self._expected += 1
        self._next = meta.sequence.stream + 1
        self._receive(msg)
        if meta.num_pending == 0:
            self.caught_up.set()
