"""From a case to its tasks: the views first, then the plan, then the tasks, so that nobody is asked who cannot answer."""

import asyncio
import base64
import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from consilium_common.bus import publish, read
from consilium_common.bus.connection import Bus, BusError
from consilium_common.contracts import subjects
from consilium_common.contracts.case import CaseView
from consilium_common.contracts.commands import TASK_SPARE_S, AssessCase, DeadlineReached, Plan, SubmitConsult
from consilium_common.contracts.envelope import Envelope
from consilium_common.contracts.events import AgentUnavailable, RouteDecided
from consilium_common.contracts.manifest import Profile
from consilium_common.models.embedder import EmbedderClient, EmbedderError
from consilium_common.stores.case_views import CaseViews
from consilium_orchestrator.planning import Asked, Case, answer_by, case_view

log = logging.getLogger(__name__)

DEFAULT_DEADLINE_S = 10.0


@dataclass(frozen=True)
class FanOut:
    """Hands a case to the specialists."""

    bus: Bus
    views: CaseViews
    embedder: EmbedderClient

    async def ask(self, envelope: Envelope, submit: SubmitConsult, case: Case) -> None:
        """Ask those whom the case names, or whom the plan names that already stands.

        Raises:
            StoreError: when the views could not be stored; nobody has been asked then, and no plan stands because of this try.
            BusError: when the bus does not take something.
        """
        now = datetime.now(UTC)
        latest = envelope.deadline_at or now + timedelta(seconds=DEFAULT_DEADLINE_S)
        due = answer_by(now, latest, [case.profiles[name] for name in case.asked.asked])
        cause = envelope.model_copy(update={"deadline_at": due})
        views = _views(cause, submit, case, now)
        # The plan and the views stand before any task: a specialist that is quick finds its view, its opinion finds the plan.
        _, first, vector = await asyncio.gather(
            self._announce(cause, submit.gateway, case, case.asked.unavailable),
            self._planned(cause, submit, case, views),
            self._vector(submit.message, [case.profiles[view.specialist] for view in views]),
        )
        if not first:
            cause, views = await self._as_planned(cause, submit, case, now)
        await asyncio.gather(*(self._task(cause, submit.gateway, view, vector) for view in views))

    async def ask_nobody(self, envelope: Envelope, submit: SubmitConsult, case: Case, reason: str) -> None:
        """Publish a plan that asks nobody, so that the consult ends with its triage, and says why.

        Raises:
            BusError: when the bus does not take something.
        """
        unavailable = dict.fromkeys(case.asked.asked, reason) | case.asked.unavailable
        nobody = replace(case, asked=Asked((), unavailable))
        await self._announce(envelope, submit.gateway, nobody, unavailable)
        await self._plan(envelope, submit, nobody)

    async def _planned(self, cause: Envelope, submit: SubmitConsult, case: Case, views: list[CaseView]) -> bool:
        await asyncio.gather(self.views.insert(views), self._set_deadline(cause, submit, case))
        return await self._plan(cause, submit, case)

    async def _as_planned(
        self, cause: Envelope, submit: SubmitConsult, case: Case, now: datetime
    ) -> tuple[Envelope, list[CaseView]]:
        """Return cause and views for the plan of an earlier try: who is alive may have changed, who is waited for has not."""
        standing = await read.last(self.bus, subjects.CASES, subjects.plan(cause.correlation_id, cause.attempt))
        if standing is None:
            raise BusError("A plan that stood a moment ago is gone; it is tried again.")
        plan = Plan.model_validate(standing.data)
        asked = tuple(name for name in plan.asked if name in case.profiles)
        cause = cause.model_copy(update={"deadline_at": standing.deadline_at})
        views = _views(cause, submit, replace(case, asked=Asked(asked, plan.unavailable)), now)
        await self.views.insert(views)
        return cause, views

    async def _announce(self, cause: Envelope, gateway: str, case: Case, unavailable: Mapping[str, str]) -> None:
        decided = RouteDecided(choices=case.choices, snapshot_id=_snapshot_id(cause), insufficient=case.reading.insufficient)
        await publish.emit(self.bus, cause, gateway, decided)
        for name, reason in unavailable.items():
            await publish.emit(self.bus, cause, gateway, AgentUnavailable(agent=name, reason=reason), part=name)

    async def _set_deadline(self, cause: Envelope, submit: SubmitConsult, case: Case) -> None:
        if not case.asked.asked or cause.deadline_at is None:
            return
        consult, attempt = cause.correlation_id, cause.attempt
        due = cause.caused(DeadlineReached(gateway=submit.gateway), self.bus.service, id=f"{consult}:{attempt}:deadline")
        at, by = subjects.deadline_set(consult, attempt), subjects.deadline_due(consult, attempt)
        await publish.schedule(self.bus, at, by, cause.deadline_at, due)

    async def _plan(self, cause: Envelope, submit: SubmitConsult, case: Case) -> bool:
        plan = Plan(
            gateway=submit.gateway,
            snapshot_id=_snapshot_id(cause),
            audience=submit.audience,
            triage=case.triage,
            reading=case.reading,
            patient=case.reading.patient,
            choices=case.choices,
            asked=case.asked.asked,
            unavailable=case.asked.unavailable,
        )
        subject = subjects.plan(cause.correlation_id, cause.attempt)
        return await publish.publish_first(self.bus, subject, cause.caused(plan, self.bus.service))

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


def _snapshot_id(cause: Envelope) -> str:
    """Return what tells one snapshot of the patient from another: consult and attempt."""
    return f"s_{cause.correlation_id.partition('_')[2]}_{cause.attempt}"


def _views(cause: Envelope, submit: SubmitConsult, case: Case, now: datetime) -> list[CaseView]:
    return [
        case_view(
            case.profiles[name],
            consult_id=cause.correlation_id,
            snapshot_id=_snapshot_id(cause),
            question=submit.message,
            reading=case.reading,
            triage=case.triage,
            audience=submit.audience,
            now=now,
        )
        for name in case.asked.asked
    ]
