"""Answering requests on the bus: one task for each, so that those that arrive together meet in one batch."""

import asyncio
import base64
import contextlib
import logging
import time

import nats.errors
from nats.aio.msg import Msg
from pydantic import ValidationError

from consilium_common import telemetry
from consilium_common.bus.codec import UnreadableError
from consilium_common.bus.connection import Bus
from consilium_common.contracts import subjects
from consilium_common.contracts.commands import EmbedTexts, TextsEmbedded
from consilium_common.contracts.problem import Problem
from consilium_common.errors import ConsiliumError
from consilium_common.models.embedder import MODEL
from consilium_embedder.batching import Batcher

log = logging.getLogger(__name__)

QUEUE_GROUP = "embedder"


class Answering:
    """Takes part in the queue group of all embedders."""

    def __init__(self, bus: Bus, batcher: Batcher) -> None:
        self._bus = bus
        self._batcher = batcher
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Take requests from now on."""
        self._subscription = await self._bus.nc.subscribe(subjects.EMBED, queue=QUEUE_GROUP, cb=self._on_request)
        await self._settle()

    async def drain(self, timeout_s: float) -> None:
        """Take no more, and finish what was taken."""
        with contextlib.suppress(nats.errors.Error):
            await self._subscription.unsubscribe()
            await self._settle()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=timeout_s)

    async def _settle(self) -> None:
        """Wait until the server has taken notice.

        Twice: nats-py writes the ping of a flush at once and what was to be sent before it a moment later, so that the first
        answer may come too early.
        """
        await self._bus.nc.flush()
        await self._bus.nc.flush()

    async def _on_request(self, msg: Msg) -> None:
        task = asyncio.create_task(self._answer(msg))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _answer(self, msg: Msg) -> None:
        began = time.perf_counter()
        try:
            request = self._bus.codec.decode(msg.data)
            texts = EmbedTexts.model_validate(request.data).texts
        except (UnreadableError, ValidationError) as error:
            # Nobody who holds this deployment's key sends such a thing; an answer would be a help to whoever did.
            log.warning("a request could not be read", extra={"error": type(error).__name__})
            return
        with telemetry.span("embed", parent=request.traceparent, texts=len(texts)):
            reply = await self._embed(texts)
        with contextlib.suppress(nats.errors.Error):  # connection gone: the requester times out and goes on without
            await msg.respond(self._bus.codec.encode(request.caused(reply, self._bus.service)))
        outcome = reply.problem.code if reply.problem else "handled"
        telemetry.HANDLED.labels(self._bus.service, request.type, outcome).inc()
        telemetry.HANDLE_SECONDS.labels(self._bus.service, request.type).observe(time.perf_counter() - began)

    async def _embed(self, texts: tuple[str, ...]) -> TextsEmbedded:
        try:
            vectors = await self._batcher.embed(texts)
        except ConsiliumError as error:
            problem = Problem(title="No vectors", status=503, detail=error.message, code=error.code, retryable=error.retryable)
            return TextsEmbedded(model=MODEL, problem=problem)
        return TextsEmbedded(model=MODEL, vectors=tuple(base64.b64encode(vector).decode() for vector in vectors))
