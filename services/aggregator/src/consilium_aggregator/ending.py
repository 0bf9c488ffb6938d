"""Ending a consult: merge, say what differs, stream the answer, publish the one final."""

import asyncio
import logging
from dataclasses import dataclass
from datetime import UTC, datetime

from consilium_aggregator.case_file import CaseFile, CaseFiles, NoPlanError
from consilium_aggregator.claims import ClaimDenied, claim
from consilium_common.bus import publish, read
from consilium_common.bus.connection import Bus
from consilium_common.clinical.answer_text import answer_text
from consilium_common.clinical.merge import MergedAnswer, merge
from consilium_common.contracts import subjects
from consilium_common.contracts.commands import DeadlineReached, Plan
from consilium_common.contracts.envelope import Envelope
from consilium_common.contracts.events import (
    FINALS,
    AgentLate,
    AgentTimedOut,
    AnswerCompleted,
    AnswerDelta,
    ConflictDetected,
    ConsultCompleted,
    ConsultFailed,
    ConsultIncomplete,
    Final,
)
from consilium_common.contracts.problem import Problem
from consilium_common.errors import ConsiliumError

log = logging.getLogger(__name__)

NOBODY = Problem(
    title="No answer could be formed",
    status=503,
    code="no-plan",
    retryable=True,
    detail="The question was stored, but nobody was there to look at it in time. Ask again in a minute. "
    "If this could be an emergency, do not wait: call your local emergency number now.",
)


class HeldError(ConsiliumError):
    """Another aggregator is at this merge; look again in a moment."""

    def __init__(self) -> None:
        super().__init__("merge-held", "Another aggregator holds this merge.", retryable=True)


@dataclass(frozen=True)
class Aggregator:
    """Woken by plans, opinions and deadlines; ends consults."""

    bus: Bus
    files: CaseFiles
    at_work: set[str]

    async def on_case(self, envelope: Envelope) -> None:
        """Take a plan or an opinion. The last one that is waited for ends the consult."""
        if envelope.type not in {Plan.TYPE, "consilium.opinion.given.v1"}:
            return  # claims stand on the same stream
        file = await self.files.complete(self.files.note(envelope))
        past = _past(file)
        final = await read.last(self.bus, subjects.EVENTS, subjects.any_final(file.consult)) if past else None
        if final is not None:
            await self._note_late(file, envelope, final)
        elif past and file.consult in self.at_work:
            raise HeldError  # whether this still counts is being decided; it comes again when that is known
        elif past or not file.missing:
            await self._end(file, timed_out=file.missing)

    async def on_deadline(self, envelope: Envelope) -> None:
        """End what is due with what is there. The outer deadline, set at acceptance, finds consults that nobody has planned.

        Raises:
            NoPlanError: when an attempt's own deadline is due and its plan, published beside it, does not stand yet.
        """
        due = DeadlineReached.model_validate(envelope.data)
        consult = envelope.correlation_id
        if await read.has_final(self.bus, consult):
            return
        file = await self.files.newest(consult)
        if file is None or file.plan_envelope is None:
            if not due.outer:
                raise NoPlanError
            await publish.publish_final(self.bus, due.gateway, envelope.caused(ConsultFailed(problem=NOBODY), self.bus.service))
            return
        if not due.outer and file.attempt != envelope.attempt:
            return  # a newer attempt has a deadline of its own
        await self.files.complete(file)
        await self._end(file, timed_out=file.missing)

    async def _end(self, file: CaseFile, timed_out: tuple[str, ...]) -> None:
        if file.consult in self.at_work:
            return  # this process is at it; should it fail, its own message comes again
        self.at_work.add(file.consult)
        try:
            await self._merge(file, timed_out)
        finally:
            self.at_work.discard(file.consult)

    async def _merge(self, file: CaseFile, timed_out: tuple[str, ...]) -> None:
        plan, cause = file.plan, file.plan_envelope
        if plan is None or cause is None:
            raise AssertionError("a complete case file has a plan")
        number = await claim(self.bus, cause)
        if isinstance(number, ClaimDenied):
            if await read.has_final(self.bus, file.consult):
                return
            raise HeldError
        if number > 1 and await read.has_final(self.bus, file.consult):
            return  # the merge before this one came to its end
        merged = merge(plan, file.opinions, timed_out)
        await self._tell(cause, plan.gateway, merged, number, timed_out)
        first = await publish.publish_final(self.bus, plan.gateway, cause.caused(_final(merged), self.bus.service))
        log.info("ended", extra={"consult": file.consult, "outcome": merged.outcome, "first": first})
        await read.purge(self.bus, subjects.DEADLINES, subjects.deadlines_of(file.consult))

    async def _tell(self, cause: Envelope, gateway: str, merged: MergedAnswer, number: int, timed_out: tuple[str, ...]) -> None:
        """Publish what leads to the final. All at once: one connection keeps their order."""
        said: list[tuple[str, AgentTimedOut | ConflictDetected | AnswerDelta | AnswerCompleted]] = []
        said += [(name, AgentTimedOut(agent=name)) for name in timed_out]
        said += [(f"{number}.{i}", ConflictDetected(conflict=conflict)) for i, conflict in enumerate(merged.answer.conflicts)]
        for i, (text, citations) in enumerate(answer_text(merged.answer)):
            said.append((f"{number}.{i}", AnswerDelta(merge=number, text=text, citations=tuple(citations))))
        said.append((str(number), AnswerCompleted(merge=number, answer=merged.answer)))
        await asyncio.gather(*(publish.emit(self.bus, cause, gateway, message, part=part) for part, message in said))

    async def _note_late(self, file: CaseFile, envelope: Envelope, final: Envelope) -> None:
        """Keep what came after the end, or for an attempt that was given up, as `agent.late`."""
        plan, agent = file.plan, envelope.data.get("specialist")
        if plan is None or agent is None or _counted(final, agent):
            return
        identity = f"{file.consult}:{file.attempt}:{agent}:late"
        late = envelope.caused(AgentLate(agent=agent), self.bus.service, id=identity)
        await publish.publish(self.bus, subjects.late(plan.gateway, file.consult), late)


def _past(file: CaseFile) -> bool:
    deadline = file.plan_envelope.deadline_at if file.plan_envelope else None
    return deadline is not None and datetime.now(UTC) >= deadline


def _counted(final: Envelope, agent: str) -> bool:
    """Return whether the final used this agent's opinion or failure."""
    kind = next((kind for kind in FINALS if final.type == kind.TYPE), Final)
    coverage = kind.model_validate(final.data).coverage
    return any(entry.agent == agent and entry.status in {"answered", "failed"} for entry in coverage)


def _final(merged: MergedAnswer) -> Final:
    kinds: dict[str, type[Final]] = {"completed": ConsultCompleted, "incomplete": ConsultIncomplete, "failed": ConsultFailed}
    return kinds[merged.outcome](answer=merged.answer, coverage=merged.answer.coverage)
