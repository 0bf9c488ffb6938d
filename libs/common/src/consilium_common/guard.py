"""A guard before each store: not too many calls at once, and none for a while to one that has failed again and again.

A store that hangs costs every call its timeout, and with it the time that an answer has. After some failures in a row it is
therefore passed over; one call at a time then looks whether it is back. What was passed over is said in the answer.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager

import pybreaker

from consilium_common import telemetry
from consilium_common.errors import ConsiliumError

log = logging.getLogger(__name__)

FAILURES = 5  # in a row: one lost connection fails every call that was on it, and is no reason yet
PAUSE_S = 2.0  # short beside a consult's ten seconds, so that the next one finds a store that is back
AT_ONCE = 32  # beyond this a store only gets slower; as many connections as the graph's pool has
SLOT_WAIT_S = 0.5


class Guard:
    """Guards one store in one process. `refuse` makes the error of a call that is not made, from its message."""

    def __init__(self, store: str, refuse: Callable[[str], ConsiliumError], at_once: int = AT_ONCE) -> None:
        self._store = store
        self._refuse = refuse
        self._slots = asyncio.Semaphore(at_once)
        self._probing = False
        self._breaker = pybreaker.CircuitBreaker(
            fail_max=FAILURES,
            reset_timeout=PAUSE_S,
            exclude=[_answered],
            throw_new_error_on_trip=False,
            listeners=[_Log(store)],
        )

    @contextmanager
    def call(self) -> Iterator[None]:
        """Run one call, and learn from how it ends. For drivers that limit their calls themselves.

        Raises:
            ConsiliumError: what `refuse` makes, when the store is passed over.
        """
        # While it is open, the call that comes through is the one that looks whether the store is back: one at a time.
        probe = self._breaker.current_state != pybreaker.STATE_CLOSED
        if probe and self._probing:
            raise self._passed_over()
        self._probing = self._probing or probe
        try:
            with self._breaker.calling():
                yield
        except pybreaker.CircuitBreakerError:
            raise self._passed_over() from None
        finally:
            if probe:
                self._probing = False

    @asynccontextmanager
    async def slot(self) -> AsyncIterator[None]:
        """Run one call among at most `at_once`; one that finds no room within half a second is not made.

        Raises:
            ConsiliumError: what `refuse` makes, when there is no room or the store is passed over.
        """
        try:
            await asyncio.wait_for(self._slots.acquire(), SLOT_WAIT_S)
        except TimeoutError:  # before the call: a crowd in here is no failure of the store
            raise self._refuse(f"Too much is asked of the {self._store} at once.") from None
        try:
            with self.call():
                yield
        finally:
            self._slots.release()

    def _passed_over(self) -> ConsiliumError:
        telemetry.PASSED_OVER.labels(self._store).inc()
        return self._refuse(f"The {self._store} failed {FAILURES} times in a row and is not asked for {PAUSE_S:g} s.")


def _answered(error: BaseException) -> bool:
    """Return whether a store answered although the call failed: it refused, or the caller went away."""
    return not isinstance(error, Exception) or (isinstance(error, ConsiliumError) and not error.retryable)


class _Log(pybreaker.CircuitBreakerListener):
    def __init__(self, store: str) -> None:
        self._store = store

    def state_change(
        self,
        cb: pybreaker.CircuitBreaker,
        old_state: pybreaker.CircuitBreakerState | None,
        new_state: pybreaker.CircuitBreakerState,
    ) -> None:
        del cb, old_state
        log.warning("guard of a store", extra={"store": self._store, "state": new_state.name})
