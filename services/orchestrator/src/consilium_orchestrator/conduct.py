"""Conducting one consult: triage, route, views, plan, tasks.

Safe to run twice: every effect has an id that follows from the consult.
"""

import asyncio
import base64
import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from consilium_common.bus import publish, read
from consilium_common.bus.connection import Bus
from consilium_common.bus.registry import Registry
from consilium_common.clinical.findings import FindingReader
from consilium_common.clinical.routing import route
from consilium_common.clinical.triage import Rules, assess
from consilium_common.contracts import subjects
from consilium_common.contracts.case import CaseView, Reading, RouteChoice, Triage
from consilium_common.contracts.commands import AssessCase, DeadlineReached, Plan, SubmitConsult
from consilium_common.contracts.envelope import Envelope
from consilium_common.contracts.events import AgentUnavailable, RouteDecided, TriageAssessed
from consilium_common.contracts.manifest import Profile
from consilium_common.models.embedder import EmbedderClient, EmbedderError
from consilium_common.stores.case_views import CaseViews
from consilium_orchestrator.planning import Asked, answer_by, case_view, who_is_asked

log = logging.getLogger(__name__)

DEFAULT_DEADLINE_S = 10.0
TASK_SPARE_S = 2  # whole seconds that a task outlives the deadline in the stream, so that it is not lost to rounding


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
        """Take one submitted consult as far as its tasks."""
        submit = SubmitConsult.model_validate(envelope.data)
        reading = self.reader.read(submit.message)
        triage = assess(reading, reading.patient, self.rules)
        if await read.has_final(self.bus, envelope.correlation_id):
            return  # cancelled, or answered by an earlier attempt
        await publish.emit(self.bus, envelope, submit.gateway, TriageAssessed(triage=triage))
        profiles = self.registry.profiles
        choices = (
            () if reading.insufficient else route(reading, triage, list(profiles.values()), submit.message, submit.specialists)
        )
        asked = who_is_asked(choices, profiles, self.registry.instances)
        await self._fan_out(envelope, submit, _Case(reading, triage, choices, asked, profiles))

    async def _fan_out(self, envelope: Envelope, submit: SubmitConsult, case: "_Case") -> None:
        now = datetime.now(UTC)
        asked = [case.profiles[name] for name in case.asked.asked]
        due = answer_by(now, envelope.deadline_at or now + timedelta(seconds=DEFAULT_DEADLINE_S), asked)
        cause = envelope.model_copy(update={"deadline_at": due})
        snapshot_id = f"s_{envelope.correlation_id.partition('_')[2]}_{envelope.attempt}"
        views = [self._view(profile, cause, submit, case, snapshot_id, now) for profile in asked]
        # The plan and the views stand before any task: a specialist that is quick finds its view, its opinion finds the plan.
        _, _, _, vector = await asyncio.gather(
            self._announce(cause, submit.gateway, case, snapshot_id),
            self.views.insert(views),
            self._plan(cause, submit, case, snapshot_id),
            self._vector(submit.message, asked),
        )
        await asyncio.gather(*(self._task(cause, submit.gateway, view, vector) for view in views))

    def _view(
        self, profile: Profile, cause: Envelope, submit: SubmitConsult, case: "_Case", snapshot_id: str, now: datetime
    ) -> CaseView:
        return case_view(
            profile,
            consult_id=cause.correlation_id,
            snapshot_id=snapshot_id,
            question=submit.message,
            reading=case.reading,
            triage=case.triage,
            audience=submit.audience,
            now=now,
        )

    async def _announce(self, cause: Envelope, gateway: str, case: "_Case", snapshot_id: str) -> None:
        decided = RouteDecided(choices=case.choices, snapshot_id=snapshot_id, insufficient=case.reading.insufficient)
        await publish.emit(self.bus, cause, gateway, decided)
        for name, reason in case.asked.unavailable.items():
            await publish.emit(self.bus, cause, gateway, AgentUnavailable(agent=name, reason=reason), part=name)

    async def _plan(self, cause: Envelope, submit: SubmitConsult, case: "_Case", snapshot_id: str) -> None:
        consult, attempt = cause.correlation_id, cause.attempt
        plan = Plan(
            gateway=submit.gateway,
            snapshot_id=snapshot_id,
            audience=submit.audience,
            triage=case.triage,
            reading=case.reading,
            patient=case.reading.patient,
            choices=case.choices,
            asked=case.asked.asked,
            unavailable=case.asked.unavailable,
        )
        deadline = cause.caused(DeadlineReached(gateway=submit.gateway), self.bus.service, id=f"{consult}:{attempt}:deadline")
        if case.asked.asked and cause.deadline_at is not None:
            await publish.schedule(
                self.bus,
                subjects.deadline_set(consult, attempt),
                subjects.deadline_due(consult, attempt),
                cause.deadline_at,
                deadline,
            )
        await publish.publish_first(self.bus, subjects.plan(consult, attempt), cause.caused(plan, self.bus.service))

    async def _vector(self, question: str, asked: list[Profile]) -> str | None:
        """Embed the question once for everybody. Without the embedder, specialists search by words alone and say so."""
        if not any(profile.manifest.vectors for profile in asked):
            return None
        try:
            (vector,) = await self.embedder.embed([question])
        except EmbedderError as error:
            log.warning("no embedding for this consult", extra={"code": error.code})
            return None
        return base64.b64encode(vector).decode()

    async def _task(self, cause: Envelope, gateway: str, view: CaseView, vector: str | None) -> None:
        task = AssessCase(
            specialist=view.specialist,
            gateway=gateway,
            view_id=view.view_id,
            snapshot_id=view.snapshot_id,
            question_vector=vector,
        )
        left_s = (cause.deadline_at - datetime.now(UTC)).total_seconds() if cause.deadline_at else DEFAULT_DEADLINE_S
        identity = f"{cause.correlation_id}:{cause.attempt}:{view.specialist}:assess"
        await publish.publish(
            self.bus,
            subjects.assess(view.specialist, cause.correlation_id),
            cause.caused(task, self.bus.service, id=identity),
            ttl_s=max(1, int(left_s) + TASK_SPARE_S),
        )


@dataclass(frozen=True)
class _Case:
    reading: Reading
    triage: Triage
    choices: tuple[RouteChoice, ...]
    asked: Asked
    profiles: dict[str, Profile]
