"""Consults as the gateway sees them: accept, hand to the bus, look up, cancel."""

import asyncio
import hashlib
import logging
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from consilium_common import telemetry
from consilium_common.bus import publish, read
from consilium_common.bus.connection import Bus, BusError
from consilium_common.bus.registry import Registry
from consilium_common.contracts import subjects
from consilium_common.contracts.base import Message, new_id
from consilium_common.contracts.commands import DeadlineReached, SubmitConsult
from consilium_common.contracts.envelope import Envelope, wrap
from consilium_common.contracts.events import ConsultAccepted, ConsultCancelled, Final, client_type
from consilium_common.errors import ConsiliumError
from consilium_common.security.sealing import Sealer
from consilium_common.stores.consults import Consult, Consults
from consilium_gateway.archive import Archive
from consilium_gateway.body import Ask
from consilium_gateway.hub import Hub
from consilium_gateway.load import Load
from consilium_gateway.problems import RequestError, not_found

log = logging.getLogger(__name__)

HAND_OVER_AGAIN_S = 0.5
OUTER_SPARE_S = 0.5  # the outer deadline is due this long after the one that the aggregator normally sees


@dataclass
class ConsultService:
    """What the routes call. `gateway` names this process in the subjects of the events that it will read."""

    bus: Bus
    gateway: str
    hub: Hub
    registry: Registry
    consults: Consults
    archive: Archive
    sealer: Sealer
    load: Load
    deadline_s: float
    _stopping: asyncio.Event = field(default_factory=asyncio.Event)
    _background: set["asyncio.Task[None]"] = field(default_factory=set)

    async def accept(self, owner: str, ask: Ask, idempotency_key: str | None) -> Consult:
        """Store a consult, then hand it to the bus. Stored means answered: what the bus does not get now, the sweeper submits.

        Raises:
            RequestError: 404 unknown session, 422 unknown specialist.
            ConflictError: the key was used with another body.
            StoreError: it could not be stored.
        """
        self._check_specialists(ask.specialists)
        if ask.session_id is not None and not await self.consults.has_session(ask.session_id, owner):
            raise not_found("session", ask.session_id)
        consult_id = new_id("c")
        body = orjson.dumps(ask.model_dump(exclude={"stream"}))
        wanted = Consult(
            id=consult_id,
            owner=owner,
            session_id=ask.session_id or new_id("s"),
            gateway=self.gateway,
            body_sha256=hashlib.sha256(body).hexdigest(),
            request=self.sealer.seal(body, request_aad(consult_id)),
            deadline_ms=int((datetime.now(UTC) + timedelta(seconds=self.deadline_s)).timestamp() * 1000),
            idempotency_key=idempotency_key or "",
            on_disconnect=ask.on_disconnect,
        )
        with telemetry.span("consult.accept", consult=consult_id):
            # Before it is stored: once it is, another gateway may hand it over while the answer of MongoDB is still on its way.
            self.hub.open(consult_id, owner, ends_unread=ask.on_disconnect == "cancel")
            stored = None
            try:
                stored = await self.consults.accept(wanted)
            finally:
                if stored is None or stored.id != consult_id:
                    self.hub.withdraw(consult_id)
            if stored.id == consult_id:
                self._later(self._hand_over(stored, ask), self.load.handed_over)
            else:
                self.load.handed_over()  # it was, when it was asked the first time
        return stored

    async def submit_again(self, consult: Consult) -> None:
        """Submit another attempt of a consult that has no final, with what its first one may have left undone.

        Raises:
            BusError: when the bus does not take it.
            StoreError: when MongoDB does not answer.
        """
        await self._make_known(consult)
        ask = Ask.model_validate(orjson.loads(self.sealer.open(consult.request, request_aad(consult.id))))
        fresh = datetime.now(UTC) + timedelta(seconds=self.deadline_s)
        await self._submit(consult, ask, fresh, consult.attempts)

    async def get(self, consult_id: str, owner: str) -> Consult:
        """Return a consult of this owner.

        Raises:
            RequestError: 404 when there is none.
        """
        consult = await self.consults.get(consult_id, owner)
        if consult is None:
            raise not_found("consult", consult_id)
        return consult

    async def final_of(self, consult: Consult) -> dict[str, Any] | None:
        """Return the type and data of a consult's final, from memory, from MongoDB or from the bus."""
        own = self.hub.own(consult.id)
        if own is not None:
            return own.final
        if consult.final_type is not None:
            return (await self.archive.log(consult.id)).final
        envelope = await read.last(self.bus, subjects.EVENTS, subjects.any_final(consult.id))
        return {"type": client_type(envelope.type), "data": envelope.data} if envelope else None

    async def cancel(self, consult: Consult) -> None:
        """End a consult: its final says so, running specialists are told, what has not begun is removed.

        Raises:
            RequestError: 409 when it has ended already.
            BusError: when the bus does not take it.
        """
        if consult.final_type is not None or not await self.end(consult, ConsultCancelled()):
            raise RequestError(
                409, "Already ended", "already-ended", "This consult has its final already; there is nothing to cancel."
            )

    async def end(self, consult: Consult, final: Final) -> bool:
        """End a consult from here, tell who works for it, and remove what has not begun. False when it has ended already.

        Raises:
            BusError: when the bus does not take the final.
        """
        await self._make_known(consult)
        envelope = self._wrap(consult, final, None, consult.attempts)
        if not await publish.publish_final(self.bus, consult.gateway, envelope):
            return False
        try:
            await publish.say(self.bus, subjects.cancel(consult.id))
            await asyncio.gather(
                read.purge(self.bus, subjects.CONSULTS, subjects.submit(consult.id)),
                read.purge(self.bus, subjects.TASKS, subjects.tasks_of_consult(consult.id)),
                read.purge(self.bus, subjects.DEADLINES, subjects.deadlines_of(consult.id)),
            )
        except BusError as error:  # whoever gets it looks for the final first
            log.warning("work that is not wanted any more was not removed", extra={"consult": consult.id, "code": error.code})
        return True

    async def cancel_unread(self, consult_id: str) -> None:
        """End a consult that nobody reads and whose client wanted that.

        Raises:
            RequestError: 409 when it has ended already.
            ConsiliumError: when MongoDB or the bus does not answer.
        """
        consult = await self.consults.get(consult_id)
        if consult is not None:
            await self.cancel(consult)

    async def drain(self) -> None:
        """Wait until everything accepted has been handed over, or tried to be."""
        self._stopping.set()
        if self._background:
            await asyncio.wait(self._background)

    def _check_specialists(self, names: list[str] | None) -> None:
        known = self.registry.profiles
        unknown = [name for name in names or () if name not in known]
        if unknown:
            there = ", ".join(sorted(known)) or "none yet"
            raise RequestError(
                422,
                "Unknown specialist",
                "unknown-specialist",
                f"There is no specialist {unknown[0][:40]!r}. Known here: {there}.",
            )

    async def _hand_over(self, consult: Consult, ask: Ask) -> None:
        """Say that it is accepted, then submit it: the first event of a consult is `consult.accepted`.

        While the bus is away it is tried again, until the deadline; the sweeper has what is left then, or if this process dies.
        """
        deadline = datetime.fromtimestamp(consult.deadline_ms / 1000, UTC)
        while True:
            try:
                await self._say_accepted(consult)
                await self._submit(consult, ask, deadline, 1)
            except ConsiliumError as error:
                log.warning("not handed over yet", extra={"consult": consult.id, "code": error.code})
            else:
                return
            if self._stopping.is_set() or datetime.now(UTC) >= deadline:
                return
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), HAND_OVER_AGAIN_S)

    async def _make_known(self, consult: Consult) -> None:
        """Say that a consult is accepted, if whoever accepted it did not come to that: nothing may be said of it before."""
        if await read.last(self.bus, subjects.EVENTS, subjects.step("*", consult.id, "gateway")) is None:
            await self._say_accepted(consult)

    async def _say_accepted(self, consult: Consult) -> None:
        accepted = self._wrap(consult, ConsultAccepted(session_id=consult.session_id), None, 1, id=f"{consult.id}:accepted")
        await publish.publish(self.bus, subjects.step(consult.gateway, consult.id, "gateway"), accepted)

    async def _submit(self, consult: Consult, ask: Ask, deadline: datetime, attempt: int) -> None:
        submit = SubmitConsult(
            gateway=consult.gateway,
            owner=consult.owner,
            session_id=consult.session_id,
            message=ask.message,
            specialists=tuple(ask.specialists) if ask.specialists else None,
            audience=ask.audience,
        )
        outer = self._wrap(consult, DeadlineReached(gateway=consult.gateway, outer=True), deadline, attempt)
        await asyncio.gather(
            publish.schedule(
                self.bus,
                subjects.deadline_set(consult.id, 0),
                subjects.deadline_due(consult.id, 0),
                deadline + timedelta(seconds=OUTER_SPARE_S),
                outer,
            ),
            publish.publish(
                self.bus,
                subjects.submit(consult.id),
                self._wrap(consult, submit, deadline, attempt, id=f"{consult.id}:{attempt}"),
            ),
        )

    def _wrap(
        self, consult: Consult, message: Message, deadline: datetime | None, attempt: int, *, id: str | None = None
    ) -> Envelope:
        return wrap(
            message,
            self.bus.service,
            correlation_id=consult.id,
            attempt=attempt,
            deadline_at=deadline,
            traceparent=telemetry.traceparent(),
            id=id,
        )

    def _later(self, work: Coroutine[Any, Any, None], then: Callable[[], None]) -> None:
        task = asyncio.create_task(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)
        task.add_done_callback(lambda _: then())


def request_aad(consult_id: str) -> bytes:
    """Return what a sealed request is bound to."""
    return f"consilium.consults.v1:{consult_id}:request".encode()
