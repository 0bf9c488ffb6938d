"""What a client that goes away means for its consult: nothing, or, when it asked for that, its end.

Whoever asked with `on_disconnect: cancel` wants no answer that nobody reads. A lost connection is not a farewell yet: clients
come back within seconds, to any gateway. So the gateway that saw the last reader leave waits, asks all gateways whether one of
them has a reader now, and only then cancels. A gateway that dies with its readers cancels nothing; the consult then goes on.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import nats.errors
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription

from consilium_common.bus.connection import Bus, unsubscribe
from consilium_common.contracts import subjects
from consilium_common.errors import ConsiliumError
from consilium_gateway.hub import ConsultLog

log = logging.getLogger(__name__)

GRACE_S = 6.0  # three times what clients are told to wait before they come back
ASK_TIMEOUT_S = 2.0


@dataclass
class Leaving:
    """Counts the readers of consults that end when nobody reads them; `cancel` ends one by its id."""

    bus: Bus
    cancel: Callable[[str], Awaitable[None]]
    _readers: Counter[str] = field(default_factory=Counter)
    _present: dict[str, Subscription] = field(default_factory=dict)
    _waiting: set["asyncio.Task[None]"] = field(default_factory=set)

    @asynccontextmanager
    async def reading(self, consult: str, log: ConsultLog) -> AsyncIterator[None]:
        """Be a reader of a consult inside the block."""
        self._readers[consult] += 1
        if self._readers[consult] == 1:
            self._present[consult] = await self.bus.nc.subscribe(subjects.readers(consult), cb=_present)
        try:
            yield
        finally:
            self._readers[consult] -= 1
            if not self._readers[consult]:
                await self._last_has_left(consult, log)

    def close(self) -> None:
        """Wait for nobody any more: what is left goes on."""
        for task in self._waiting:
            task.cancel()

    async def _last_has_left(self, consult: str, log: ConsultLog) -> None:
        del self._readers[consult]
        present = self._present.pop(consult)
        await unsubscribe(present)
        if log.ended or log.cut:
            return
        task = asyncio.create_task(self._cancel_if_nobody_comes(consult, log))
        self._waiting.add(task)
        task.add_done_callback(self._waiting.discard)

    async def _cancel_if_nobody_comes(self, consult: str, consult_log: ConsultLog) -> None:
        await asyncio.sleep(GRACE_S)
        if consult_log.ended or await self._is_read_somewhere(consult):
            return
        try:
            await self.cancel(consult)
        except ConsiliumError as error:  # it has ended meanwhile, or the bus is away and it ends by itself
            log.info("not cancelled after its reader left", extra={"consult": consult, "code": error.code})
        else:
            log.info("cancelled, since nobody reads it", extra={"consult": consult})

    async def _is_read_somewhere(self, consult: str) -> bool:
        try:
            await self.bus.nc.request(subjects.readers(consult), b"", timeout=ASK_TIMEOUT_S)
        except nats.errors.NoRespondersError:
            return False
        except (nats.errors.Error, TimeoutError):
            pass  # not known: an answer that nobody reads is the lesser harm
        return True


async def _present(msg: Msg) -> None:
    await msg.respond(b"")
