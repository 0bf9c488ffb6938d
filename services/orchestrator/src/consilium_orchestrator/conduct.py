"""Conducting one consult: triage, route, views, plan, tasks.

Safe to run twice: every effect has an id that follows from the consult, and the first plan is the one that is followed.
"""

import asyncio
import logging
from dataclasses import dataclass
from datetime import UTC, datetime

from consilium_common.bus import publish, read
from consilium_common.bus.connection import Bus
from consilium_common.bus.registry import Registry
from consilium_common.clinical.findings import FindingReader
from consilium_common.clinical.routing import route
from consilium_common.clinical.triage import Rules, assess
from consilium_common.contracts import subjects
from consilium_common.contracts.commands import SubmitConsult
from consilium_common.contracts.envelope import Envelope
from consilium_common.contracts.events import TriageAssessed
from consilium_common.models.embedder import EmbedderClient
from consilium_common.stores.case_views import CaseViews
from consilium_common.stores.errors import StoreError
from consilium_orchestrator.fan_out import FanOut
from consilium_orchestrator.planning import Case, who_is_asked

log = logging.getLogger(__name__)

# What one more try may take with MongoDB away: the driver looks for its server for three seconds, after a pause of a second.
TRY_AGAIN_S = 4.0
TOO_LATE = "was not asked, because the time was over before anybody could be"
NO_VIEWS = "was not asked, because the database that keeps what it may see did not answer"
NOT_HANDED_ON = "was not asked, because the question could not be handed on"


@dataclass(frozen=True)
class Conductor:
    """Everything that conducting a consult needs."""

    bus: Bus
    registry: Registry
    reader: FindingReader
    rules: Rules
    views: CaseViews
    embedder: EmbedderClient

    async def conduct(self, envelope: Envelope) -> None:
        """Take one submitted consult as far as its tasks, or to a plan that asks nobody and says why.

        Raises:
            StoreError: when the views could not be stored and there is time for another try.
            BusError: when the bus does not take something.
        """
        submit = SubmitConsult.model_validate(envelope.data)
        case = self._read(submit)
        late = _left_s(envelope) <= 0
        if await self._is_over(envelope, late):
            return
        await publish.emit(self.bus, envelope, submit.gateway, TriageAssessed(triage=case.triage))
        if late:
            await self._fan_out.ask_nobody(envelope, submit, case, TOO_LATE)
            return
        try:
            await self._fan_out.ask(envelope, submit, case)
        except StoreError as error:
            if error.retryable and _left_s(envelope) > TRY_AGAIN_S:
                raise
            log.warning("nobody is asked", extra={"consult": envelope.correlation_id, "code": error.code})
            await self._fan_out.ask_nobody(envelope, submit, case, NO_VIEWS)

    async def give_up(self, envelope: Envelope) -> None:
        """Have a consult that failed every time end with what the rules say, instead of with nothing.

        Raises:
            BusError: when the bus does not take something.
        """
        submit = SubmitConsult.model_validate(envelope.data)
        case = self._read(submit)
        if not await self._is_over(envelope, late=True):
            await publish.emit(self.bus, envelope, submit.gateway, TriageAssessed(triage=case.triage))
            await self._fan_out.ask_nobody(envelope, submit, case, NOT_HANDED_ON)

    @property
    def _fan_out(self) -> FanOut:
        return FanOut(self.bus, self.views, self.embedder)

    def _read(self, submit: SubmitConsult) -> Case:
        reading = self.reader.read(submit.message)
        triage = assess(reading, reading.patient, self.rules, submit.message)
        profiles = self.registry.profiles
        choices = (
            () if reading.insufficient else route(reading, triage, list(profiles.values()), submit.message, submit.specialists)
        )
        return Case(reading, triage, choices, who_is_asked(choices, profiles, self.registry.instances), profiles)

    async def _is_over(self, envelope: Envelope, late: bool) -> bool:
        """Return whether the consult has ended, or a newer attempt, begun when the time of this one was over, is under way."""
        consult = envelope.correlation_id
        if not late:
            return await read.has_final(self.bus, consult)
        final, planned, submitted = await asyncio.gather(
            read.has_final(self.bus, consult),
            read.subjects_with_messages(self.bus, subjects.CASES, subjects.plan(consult, "*")),
            read.last(self.bus, subjects.CONSULTS, subjects.submit(consult)),
        )
        newest = max((submitted.attempt if submitted else 0, *map(subjects.attempt_of, planned)))
        return final or newest > envelope.attempt


def _left_s(envelope: Envelope) -> float:
    """Return how many seconds are left until the deadline."""
    return (envelope.deadline_at - datetime.now(UTC)).total_seconds() if envelope.deadline_at else float("inf")
