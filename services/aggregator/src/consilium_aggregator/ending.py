"""Ending a consult: when it is time, by whom, and once."""

import asyncio
import logging
from dataclasses import dataclass, field
from datetime import UTC, datetime

from consilium_aggregator.case_file import CaseFile, CaseFiles, NoPlanError
from consilium_aggregator.claims import Claim, ClaimDenied, claim
from consilium_aggregator.late import Over, note_late
from consilium_aggregator.telling import final_of, tell
from consilium_common.bus import publish, read
from consilium_common.bus.connection import Bus, BusError
from consilium_common.clinical.merge import merge
from consilium_common.contracts import subjects
from consilium_common.contracts.base import new_id
from consilium_common.contracts.commands import DeadlineReached, OpinionGiven, Plan
from consilium_common.contracts.envelope import Envelope
from consilium_common.contracts.events import ConsultFailed
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
    """Woken by plans, opinions and deadlines; ends consults.

    `at_work` holds by consult what is being merged here; it comes to the attempt that ended with all its opinions, or to 0.
    """

    bus: Bus
    files: CaseFiles
    at_work: dict[str, asyncio.Future[int]] = field(default_factory=dict)
    holder: str = field(default_factory=lambda: new_id("a"))  # of claims: no two processes share it, whatever they are called

    async def on_case(self, envelope: Envelope) -> None:
        """Take a plan or an opinion. The last one that is waited for ends the consult.

        Raises:
            HeldError: when somebody else is at it, so that it is not known yet whether this still counts.
        """
        if envelope.type not in {Plan.TYPE, OpinionGiven.TYPE}:
            return  # claims stand on the same stream
        file = await self.files.complete(self.files.note(envelope))
        past, is_opinion = _past(file), envelope.type == OpinionGiven.TYPE
        if past or (file.missing and is_opinion):
            # Nobody waits for what happens here, so it can first be seen whether it is over.
            over = await (self._ended(file) if file.missing else self._over(file))
            if over is not None:
                await note_late(self.bus, file, envelope, over)
                return
        if not file.missing:
            await self._end(file, envelope)
        elif past and is_opinion:
            raise HeldError  # the deadline, which the server keeps, ends this; then it is known whether this still counts

    async def on_deadline(self, envelope: Envelope) -> None:
        """End what is due with what is there. The outer deadline, set at acceptance, finds consults that nobody has planned.

        Raises:
            NoPlanError: when an attempt's own deadline is due and its plan, published beside it, does not stand yet.
            HeldError: when another aggregator is at it.
        """
        due = DeadlineReached.model_validate(envelope.data)
        consult = envelope.correlation_id
        if await read.has_final(self.bus, consult):
            return
        file = await self.files.newest(consult)
        if (file is not None and file.attempt > envelope.attempt) or (due.outer and await self._is_renewed(envelope)):
            return  # a newer attempt has deadlines of its own
        if file is not None and (due.outer or file.attempt == envelope.attempt):
            await self._end(file, envelope)
        elif due.outer:
            await publish.publish_final(self.bus, due.gateway, envelope.caused(ConsultFailed(problem=NOBODY), self.bus.service))
        else:
            raise NoPlanError

    async def _is_renewed(self, outer: Envelope) -> bool:
        """Return whether a newer attempt has set the outer deadline anew."""
        scheduled = await read.last(self.bus, subjects.DEADLINES, subjects.deadline_set(outer.correlation_id, 0))
        return scheduled is not None and scheduled.attempt > outer.attempt

    async def _over(self, file: CaseFile) -> Over | None:
        """Look whether an attempt is over."""
        ended, newest = await asyncio.gather(self._ended(file), self.files.newest_attempt(file.consult))
        return ended or (Over(None) if newest > file.attempt else None)

    async def _ended(self, file: CaseFile) -> Over | None:
        """Look for the final; what stood of newer attempts was seen with what is missing."""
        final = await read.last(self.bus, subjects.EVENTS, subjects.any_final(file.consult))
        return Over(final) if final is not None or file.newest > file.attempt else None

    async def _end(self, file: CaseFile, woken_by: Envelope) -> None:
        if (at_work := self.at_work.get(file.consult)) is not None:
            if await asyncio.shield(at_work) == file.attempt:
                return
            over = await self._over(file)
            if over is None:
                raise HeldError
            await note_late(self.bus, file, woken_by, over)
            return
        whole = 0
        done = self.at_work[file.consult] = asyncio.get_running_loop().create_future()
        try:
            whole = await self._merge(file, woken_by)
        finally:
            del self.at_work[file.consult]
            done.set_result(whole)

    async def _merge(self, file: CaseFile, woken_by: Envelope) -> int:
        """Merge what is there, and return the attempt if that ended the consult with all its opinions, otherwise 0."""
        plan, cause = file.plan, file.plan_envelope
        if plan is None or cause is None:
            raise AssertionError("a complete case file has a plan")
        # Together: looking first would cost every consult a round trip, and a claim that is not used hurts nobody.
        claimed, over = await asyncio.gather(claim(self.bus, cause, self.holder), self._over(file))
        if over is None and (isinstance(claimed, ClaimDenied) or claimed.number > 1):
            over = await self._over(file)  # the merge before this one may have come to its end meanwhile
        if over is not None:
            await note_late(self.bus, file, woken_by, over)
            return 0
        timed_out = file.missing
        merged = merge(plan, file.opinions, timed_out)
        number = _still_held(claimed)
        await tell(self.bus, cause, plan.gateway, merged, number, timed_out)
        _still_held(claimed)
        first = await publish.publish_final(self.bus, plan.gateway, cause.caused(final_of(merged), self.bus.service))
        log.info("ended", extra={"consult": file.consult, "outcome": merged.outcome, "first": first})
        await self._tidy(file.consult)
        return file.attempt if first and not timed_out else 0

    async def _tidy(self, consult: str) -> None:
        """Cancel the deadlines. One that is missed fires, finds the final, and is gone."""
        try:
            await read.purge(self.bus, subjects.DEADLINES, subjects.deadlines_of(consult))
        except BusError as error:
            log.warning("deadlines were not cancelled", extra={"consult": consult, "code": error.code})


def _past(file: CaseFile) -> bool:
    deadline = file.plan_envelope.deadline_at if file.plan_envelope else None
    return deadline is not None and datetime.now(UTC) >= deadline


def _still_held(claimed: Claim | ClaimDenied) -> int:
    """Return the number of a claim under which it may still be spoken.

    Raises:
        HeldError: when there is none, or its time is over because this process was stopped or slow.
    """
    if isinstance(claimed, ClaimDenied) or not claimed.holds:
        raise HeldError
    return claimed.number
