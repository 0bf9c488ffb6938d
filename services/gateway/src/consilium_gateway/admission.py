"""Who may ask now. The load of the whole deployment is read from the bus; how often a user asks is counted in Redis.

Without Redis nobody is refused for asking often.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from consilium_common import telemetry
from consilium_common.stores.cache import Cache
from consilium_gateway.load import Load
from consilium_gateway.problems import RequestError

WINDOW_S = 60


@dataclass
class Admission:
    """Refuses what could not be answered in time, and users who ask too often. `stopping`: this gateway takes nothing more."""

    cache: Cache
    per_minute: int
    load: Load
    stopping: bool = False

    @asynccontextmanager
    async def admitted(self, owner: str) -> AsyncIterator[None]:
        """Admit one consult, which the block accepts; when it fails, the consult is not counted as in flight.

        Raises:
            RequestError: 503 when this gateway stops, 429 when too much is in flight or the user has asked too often; each
                with when to come back.
        """
        if self.stopping:
            raise _refused("stopping", 503, "Stopping", "This gateway is stopping; ask again, another one answers.", 1)
        wait_s = self.load.admit()
        if wait_s is not None:
            raise _refused(
                "overload",
                429,
                "Too much at once",
                f"{self.load.in_flight} questions are being answered, as many as can be in time; ask again in {wait_s} s.",
                wait_s,
            )
        try:
            await self._count(owner)
            yield
        except BaseException:
            self.load.take_back()
            raise

    async def _count(self, owner: str) -> None:
        used = await self.cache.count(f"consults:{owner}", WINDOW_S)
        if used > self.per_minute:
            raise _refused(
                "rate-limit",
                429,
                "Too many questions",
                f"At most {self.per_minute} questions a minute are taken from one user; wait a little.",
                WINDOW_S // 4,
            )


def _refused(code: str, status: int, title: str, message: str, retry_after_s: int) -> RequestError:
    telemetry.REFUSED.labels(code).inc()
    return RequestError(status, title, code, message, retry_after_s)
