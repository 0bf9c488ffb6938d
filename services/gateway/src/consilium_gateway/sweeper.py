"""The sweeper: submits again what was accepted and has no final. Every gateway runs one; a lease keeps them apart.

A final that stands on the bus and was not recorded, as when MongoDB was away for long, is recorded instead.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from consilium_common.bus import read
from consilium_common.contracts import subjects
from consilium_common.contracts.events import ConsultFailed
from consilium_common.contracts.problem import Problem
from consilium_common.errors import ConsiliumError
from consilium_common.stores.consults import Consult, Consults
from consilium_common.stores.documents import now_ms
from consilium_gateway.consults import ConsultService
from consilium_gateway.recorder import Recorder

log = logging.getLogger(__name__)

EVERY_S = 5.0
YOUNG_S = 3.0  # a hand-over takes milliseconds, and a bus that restarts is back by then
FAILURES_IN_A_ROW = 3
# Each has its whole deadline and the patience after it, so that this is over three minutes of trying with all servers there:
# what is not answered then fails by itself, and whoever asked should hear so.
ATTEMPTS_MAX = 10
PATIENCE_S = 10.0  # beyond the deadline: by then a final exists unless something was lost

GIVEN_UP = Problem(
    title="No answer could be formed",
    status=503,
    code="given-up",
    detail=f"The question was stored and tried {ATTEMPTS_MAX} times without an answer, so something is wrong here. "
    "If this could be an emergency, do not wait: call your local emergency number now.",
)

Lease = Callable[[], Awaitable[Consult | None]]


@dataclass(frozen=True)
class Sweeper:
    """Looks for accepted consults without a final."""

    service: ConsultService
    consults: Consults
    recorder: Recorder

    async def run(self) -> None:
        """Sweep until cancelled, whatever the stores do meanwhile."""
        while True:
            await asyncio.sleep(EVERY_S)
            try:
                await self.sweep()
            except ConsiliumError as error:
                log.warning("could not sweep", extra={"code": error.code})

    async def sweep(self) -> int:
        """Bring everything that is due to its end; returns how many were submitted again.

        A consult that cannot be handled is passed over; several one after another mean that the fault is not theirs.

        Raises:
            ConsiliumError: when a store or the bus is away.
        """
        deadline_s = self.service.deadline_s
        count = await self._each(self._old(deadline_s + PATIENCE_S), self._bring_on)
        # Who accepted a young one may have died before it was handed over. Past its deadline it is for another attempt.
        return count + await self._each(self._young(YOUNG_S, deadline_s), self._hand_over_if_nobody_did)

    def _old(self, age_s: float) -> Lease:
        return lambda: self.consults.lease_unfinished(now_ms() - round(age_s * 1000), age_s)

    def _young(self, age_s: float, end_s: float) -> Lease:
        return lambda: self.consults.lease_unfinished(
            now_ms() - round(age_s * 1000), PATIENCE_S, accepted_after_ms=now_ms() - round(end_s * 1000), attempt=False
        )

    async def _each(self, lease: Lease, do: Callable[[Consult], Awaitable[bool]]) -> int:
        count = failed = 0
        # A lease may count as an attempt, so none is taken while the bus is away.
        while self.service.bus.ping() and (consult := await lease()):
            try:
                count += await do(consult)
                failed = 0
            except (ConsiliumError, ValueError) as error:
                log.warning("could not be brought on", extra={"consult": consult.id, "error": type(error).__name__})
                failed += isinstance(error, ConsiliumError) and error.retryable
                if failed == FAILURES_IN_A_ROW:
                    raise
        return count

    async def _bring_on(self, consult: Consult) -> bool:
        """Record the final, submit again, or end what has been submitted too often; returns whether it was submitted."""
        final = await read.last(self.service.bus, subjects.EVENTS, subjects.any_final(consult.id))
        if final is not None:
            await self.recorder.record(final)
        elif consult.attempts > ATTEMPTS_MAX:
            log.error("given up", extra={"consult": consult.id, "attempts": ATTEMPTS_MAX})
            await self.service.end(consult, ConsultFailed(problem=GIVEN_UP))
        else:
            log.warning("submitted again", extra={"consult": consult.id, "attempt": consult.attempts})
            await self.service.submit_again(consult)
            return True
        return False

    async def _hand_over_if_nobody_did(self, consult: Consult) -> bool:
        """Submit what is not on the bus at all. It is the same attempt: should it have been submitted, the bus keeps one."""
        final, deadline = await asyncio.gather(
            read.last(self.service.bus, subjects.EVENTS, subjects.any_final(consult.id)),
            read.last(self.service.bus, subjects.DEADLINES, subjects.deadline_set(consult.id, 0)),
        )
        if final is not None or deadline is not None:
            return False
        log.warning("handed over for a gateway that did not", extra={"consult": consult.id})
        await self.service.submit_again(consult)
        return True
