"""Handling one task: look whether it still matters, read the view, form the opinion, say so. Stops when the client cancels."""

import asyncio
import base64
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from nats.aio.msg import Msg

from consilium_common.bus import publish, read
from consilium_common.bus.connection import Bus
from consilium_common.contracts import subjects
from consilium_common.contracts.case import CaseView
from consilium_common.contracts.commands import TOO_LATE, AssessCase, OpinionGiven
from consilium_common.contracts.envelope import Envelope
from consilium_common.contracts.events import AgentCompleted, AgentFailed, AgentProgress, AgentStarted
from consilium_common.contracts.opinion import Opinion
from consilium_common.contracts.problem import Problem
from consilium_common.errors import ConsiliumError
from consilium_common.stores.case_views import CaseViews
from consilium_common.stores.errors import StoreError

log = logging.getLogger(__name__)

Progress = Callable[[str, str], Awaitable[None]]
Assess = Callable[[CaseView, bytes | None, Progress], Awaitable[Opinion]]

VIEW_AGAIN_S = 0.1
TELLING_S = 0.5  # kept of the deadline for saying that the view could not be read
WORTH_TELLING_S = 0.2  # what is done sooner is followed by the opinion before anybody has read about it


class NoViewError(ConsiliumError):
    """The case view is gone: it expired, or the patient was erased."""

    def __init__(self) -> None:
        super().__init__("no-case-view", "The case view of this task does not exist any more.")


# A fault in a specialist's own code is tried so often, in all for about two seconds, and then said: nobody waits for it.
MAX_DELIVER = 3


class GivenUpError(ConsiliumError):
    """A task failed every time that it was tried."""

    def __init__(self) -> None:
        super().__init__("given-up", "It failed every time that it was tried; the fault is in its log.")


@dataclass
class TaskDesk:
    """Takes one specialist's tasks. `assess` forms the opinion from a view and the embedded question."""

    bus: Bus
    views: CaseViews
    assess: Assess
    _running: dict[str, set[asyncio.Task[None]]] = field(default_factory=dict)

    async def on_task(self, envelope: Envelope) -> None:
        """Answer one task, unless the consult has ended, its time is over, or it is cancelled meanwhile."""
        consult, task = envelope.correlation_id, AssessCase.model_validate(envelope.data)
        if _left_s(envelope) <= 0:
            await self._give(envelope, OpinionGiven(specialist=task.specialist, problem=TOO_LATE))
            return
        work = asyncio.ensure_future(self._answer(envelope, task))
        # Several at once: another attempt of the consult, or the same task again because this process seemed to be gone.
        self._running.setdefault(consult, set()).add(work)
        try:
            await work
        except asyncio.CancelledError:
            if work in self._running.get(consult, ()):
                raise  # not by a client: this process is stopping
            log.info("stopped, the consult is cancelled", extra={"consult": consult})
        finally:
            self._finished(consult, work)

    async def on_cancel(self, msg: Msg) -> None:
        """Stop all work for a consult that its client took back."""
        for work in self._running.pop(msg.subject.rpartition(".")[2], ()):
            work.cancel()

    async def on_given_up(self, envelope: Envelope) -> None:
        """Say that a task has failed which was tried as often as it may be, instead of letting everybody wait for it."""
        if _left_s(envelope) > 0:
            await self._fail(envelope, AssessCase.model_validate(envelope.data), GivenUpError())

    def _finished(self, consult: str, work: asyncio.Task[None]) -> None:
        running = self._running.get(consult, set())
        running.discard(work)
        if not running:
            self._running.pop(consult, None)

    async def _answer(self, envelope: Envelope, task: AssessCase) -> None:
        began = time.perf_counter()
        try:
            ended, view = await asyncio.gather(read.has_final(self.bus, envelope.correlation_id), self._view(envelope, task))
            if ended:
                return
            if view is None:
                raise NoViewError
            _, opinion = await asyncio.gather(
                publish.emit(self.bus, envelope, task.gateway, AgentStarted(agent=task.specialist)),
                self._in_time(envelope, task, view),
            )
        except ConsiliumError as error:
            if error.retryable and not isinstance(error, StoreError) and _left_s(envelope) > 0:
                raise
            await self._fail(envelope, task, error)
            return
        if opinion is None:
            log.warning("out of time", extra={"consult": envelope.correlation_id})
            await self._give(envelope, OpinionGiven(specialist=task.specialist, problem=TOO_LATE))
            return  # the deadline names this specialist
        took_ms = round((time.perf_counter() - began) * 1000, 1)
        # The event first: by the time the opinion ends the consult, its client has seen who said what.
        await publish.emit(
            self.bus, envelope, task.gateway, AgentCompleted(agent=task.specialist, opinion=opinion, took_ms=took_ms)
        )
        await self._give(envelope, OpinionGiven(specialist=task.specialist, opinion=opinion))

    async def _view(self, envelope: Envelope, task: AssessCase) -> CaseView | None:
        """Read the view, waiting for a database that is away as long as it can still be said in time that it is.

        Tries of the message are for faults in the work itself; a store that is away would use them up at once.

        Raises:
            StoreError: when it is still away shortly before the deadline.
        """
        pause_s, left_s = VIEW_AGAIN_S, _left_s(envelope)
        try:
            async with asyncio.timeout(max(left_s - TELLING_S, left_s / 2)):
                while True:
                    try:
                        return await self.views.get(task.view_id, task.specialist)
                    except StoreError as error:
                        if not error.retryable:
                            raise
                    await asyncio.sleep(pause_s)
                    pause_s *= 2
        except TimeoutError:
            raise StoreError("documents", "The case could not be read, because MongoDB did not answer.") from None

    async def _in_time(self, envelope: Envelope, task: AssessCase, view: CaseView) -> Opinion | None:
        began = time.perf_counter()

        async def progress(step: str, detail: str) -> None:
            if time.perf_counter() - began < WORTH_TELLING_S:
                return
            told = AgentProgress(agent=task.specialist, step=step, detail=detail)
            await publish.emit(self.bus, envelope, task.gateway, told, part=step)

        vector = base64.b64decode(task.question_vector) if task.question_vector else None
        try:
            async with asyncio.timeout(_left_s(envelope)) as limit:
                return await self.assess(view, vector, progress)
        except TimeoutError:
            if not limit.expired():
                raise  # not this limit: something inside took too long
            return None

    async def _fail(self, envelope: Envelope, task: AssessCase, error: ConsiliumError) -> None:
        if await read.has_final(self.bus, envelope.correlation_id):
            return  # nobody waits for it
        problem = Problem(title="A specialist could not answer", status=503, detail=error.message, code=error.code)
        await publish.emit(self.bus, envelope, task.gateway, AgentFailed(agent=task.specialist, problem=problem))
        await self._give(envelope, OpinionGiven(specialist=task.specialist, problem=problem))

    async def _give(self, envelope: Envelope, given: OpinionGiven) -> None:
        subject = subjects.opinion(envelope.correlation_id, envelope.attempt, given.specialist)
        await publish.publish_first(self.bus, subject, envelope.caused(given, self.bus.service))


def _left_s(envelope: Envelope) -> float:
    """Return how many seconds the task still matters."""
    return (envelope.deadline_at - datetime.now(UTC)).total_seconds() if envelope.deadline_at else 8.0
