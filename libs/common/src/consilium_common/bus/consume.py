"""Durable consumption: at least once, a bounded number at a time, progress acks while working, dead letters at the end."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import nats.errors
from nats.aio.msg import Msg
from nats.js.api import AckPolicy, ConsumerConfig

from consilium_common import telemetry
from consilium_common.bus.codec import UnreadableError
from consilium_common.bus.connection import Bus
from consilium_common.bus.dead import bury
from consilium_common.bus.pull import PullLoop
from consilium_common.contracts.envelope import Envelope
from consilium_common.errors import ConsiliumError

log = logging.getLogger(__name__)

RETRY_FIRST_S = 0.25
RETRY_LIMIT_S = 10.0

Handle = Callable[[Envelope], Awaitable[None]]


@dataclass(frozen=True)
class ConsumerSpec:
    """A durable consumer that all replicas of a service share.

    `ack_wait_s`: how long after a replica's death its message moves on; a working handler renews it. `max_deliver`:
    after so many deliveries a message counts as poison.
    """

    stream: str
    durable: str
    filters: tuple[str, ...]
    concurrency: int = 64
    ack_wait_s: float = 4.0
    max_deliver: int = 5

    def config(self) -> ConsumerConfig:
        """Return what the server is told. It never stops delivering by itself: this side counts, so nothing is lost."""
        return ConsumerConfig(
            durable_name=self.durable,
            filter_subjects=list(self.filters),
            ack_policy=AckPolicy.EXPLICIT,
            ack_wait=self.ack_wait_s,
            max_deliver=-1,
            max_ack_pending=16 * self.concurrency,
        )


class Consumer:
    """Runs a handler for every message of a durable consumer, `concurrency` at a time.

    A handler may run twice for one message and must have its effects once. It raises `ConsiliumError`: retryable ones
    are delivered again after a pause, others and those that have run out of tries are buried in `DEAD`. `given_up` hears
    of what can be read and is buried, so that whoever waits for it can be told.
    """

    def __init__(self, bus: Bus, spec: ConsumerSpec, handle: Handle, given_up: Handle | None = None) -> None:
        self._bus = bus
        self._spec = spec
        self._handle = handle
        self._given_up = given_up
        self._tasks: set[asyncio.Task[None]] = set()
        self._loop = PullLoop(bus, spec.stream, spec.config, self._start, lambda: spec.concurrency - len(self._tasks))

    async def run(self) -> None:
        """Consume until `drain()`."""
        await self._loop.run()

    async def ready(self) -> None:
        """Wait until the consumer exists on the server."""
        await self._loop.ready.wait()

    async def drain(self, timeout_s: float) -> None:
        """Take no more, finish what runs, and hand back what does not finish in time."""
        self._loop.stop()
        if self._tasks:
            _, left = await asyncio.wait(self._tasks, timeout=timeout_s)
            for task in left:
                task.cancel()
            if left:
                log.warning("handed back unfinished work", extra={"count": len(left)})
                await asyncio.wait(left)

    def _start(self, msg: Msg) -> None:
        task = asyncio.create_task(self._process(msg))
        self._tasks.add(task)
        task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._loop.more()

    async def _process(self, msg: Msg) -> None:
        began = time.perf_counter()
        kind, outcome = "unreadable", "handled"
        try:
            # Before anything is read: poison that kills the process never gets past its first line.
            if msg.metadata.num_delivered > self._spec.max_deliver:
                outcome = await self._bury(msg, "tries-used-up")
                return
            envelope = self._bus.codec.decode(msg.data)
            kind = envelope.type
            outcome = await self._run_handler(msg, envelope)
        except UnreadableError as error:
            outcome = await self._bury(msg, error.code)
        except asyncio.CancelledError:
            await self._answer(msg.nak())
            raise
        except Exception:  # the consume loop is the one place that catches everything: one message must not end the service
            log.exception("a handler failed", extra={"type": kind})
            outcome = await self._again(msg)
        finally:
            telemetry.HANDLED.labels(self._bus.service, kind, outcome).inc()
            telemetry.HANDLE_SECONDS.labels(self._bus.service, kind).observe(time.perf_counter() - began)

    async def _run_handler(self, msg: Msg, envelope: Envelope) -> str:
        progress = asyncio.create_task(self._keep_alive(msg))
        parent = (msg.headers or {}).get("traceparent", envelope.traceparent)
        try:
            with telemetry.span(envelope.type, parent=parent, consult=envelope.correlation_id, attempt=envelope.attempt):
                await self._handle(envelope)
        except ConsiliumError as error:
            log.warning("not handled", extra={"type": envelope.type, "code": error.code, "consult": envelope.correlation_id})
            return await (self._again(msg) if error.retryable else self._bury(msg, error.code))
        finally:
            progress.cancel()
        await self._answer(msg.ack())
        return "handled"

    async def _keep_alive(self, msg: Msg) -> None:
        while True:
            await asyncio.sleep(self._spec.ack_wait_s / 3)
            await self._answer(msg.in_progress())

    async def _again(self, msg: Msg) -> str:
        pause_s = min(RETRY_FIRST_S * 2 ** (msg.metadata.num_delivered - 1), RETRY_LIMIT_S)
        await self._answer(msg.nak(delay=pause_s))
        return "retried"

    async def _bury(self, msg: Msg, reason: str) -> str:
        if not await bury(self._bus, msg, reason):
            return "retried"
        # Told before it is let go: who dies in between is given it again, and tells it again.
        if self._given_up is not None and reason != UnreadableError.CODE:
            await self._given_up(self._bus.codec.decode(msg.data))
        await self._answer(msg.term())
        return "dead"

    async def _answer(self, answer: Awaitable[None]) -> None:
        """Send an ack of any kind. When the connection is away it is lost, and the message comes again: handlers bear that."""
        with contextlib.suppress(nats.errors.Error):
            await answer
