"""How much is in flight in the whole deployment, as its streams say, and whether one more would still be answered in time.

Every running consult has its outer deadline on `DEADLINES`. Beside it stands its submission on `CONSULTS` until it is planned,
and from then on the deadline of its plan: two messages a consult, whoever accepted it. `CONSULTS` has also counted every
submission there ever was, so two looks tell how many ended in between.
"""

import asyncio
import logging
import math
import time
from collections import deque
from dataclasses import dataclass

from consilium_common import telemetry
from consilium_common.bus import read
from consilium_common.bus.connection import Bus
from consilium_common.contracts import subjects
from consilium_common.errors import ConsiliumError

log = logging.getLogger(__name__)

LOOK_EVERY_S = 0.25
WINDOW_S = 3.0  # long enough that a few consults end in it, short enough to follow what the services can do
BUDGET = 0.4  # of the deadline: so long may what is in flight take, and the rest is for a slow one and for merging
RETRY_LONGEST_S = 30


@dataclass(frozen=True)
class Look:
    """What the streams said at one time: consults in flight, and submissions ever."""

    at_s: float
    in_flight: int
    submitted: int


class Load:
    """Decides how many consults may be in flight. No I/O, no clock: it is told what was seen when.

    `always` may be in flight whatever happens; beyond, as many as end within `budget_s` at the pace of the last seconds, and
    never more than `most`.
    """

    def __init__(self, always: int, most: int, budget_s: float) -> None:
        self._always = always
        self._most = most
        self._budget_s = budget_s
        self._looks: deque[Look] = deque()
        self._on_their_way = 0
        self._fresh = 0

    @property
    def in_flight(self) -> int:
        """Return how many are in flight, with those that were admitted here and no look has seen yet."""
        return (self._looks[-1].in_flight if self._looks else 0) + self._on_their_way + self._fresh

    @property
    def ended_per_s(self) -> float:
        """Return how many consults have ended a second lately."""
        if len(self._looks) < 2:
            return 0.0
        first, last = self._looks[0], self._looks[-1]
        ended = (last.submitted - first.submitted) - (last.in_flight - first.in_flight)
        return max(0.0, ended / (last.at_s - first.at_s))

    @property
    def limit(self) -> int:
        """Return how many may be in flight now."""
        return min(self._most, max(self._always, int(self.ended_per_s * self._budget_s)))

    def saw(self, look: Look, fresh_before: int = 0) -> None:
        """Take what the streams say. `fresh_before` had been handed over here before they were asked, and are in the figure."""
        if self._looks and look.submitted < self._looks[-1].submitted:
            self._looks.clear()  # the stream was made anew
        self._looks.append(look)
        while self._looks[0].at_s < look.at_s - WINDOW_S:
            self._looks.popleft()
        self._fresh -= fresh_before

    def admit(self) -> int | None:
        """Count one more and return None; or return in how many seconds there should be room."""
        over = self.in_flight - self.limit
        if over < 0:
            self._on_their_way += 1
            return None
        return min(RETRY_LONGEST_S, math.ceil((over + 1) / max(self.ended_per_s, 1.0)))

    def handed_over(self) -> None:
        """Hear that one that was admitted stands on the streams, or is left to the sweeper: the next look sees it or nobody."""
        self._on_their_way -= 1
        self._fresh += 1

    def take_back(self) -> None:
        """Uncount one that was admitted and then not accepted."""
        self._on_their_way -= 1

    @property
    def fresh(self) -> int:
        """Return how many were handed over here since the last look began."""
        return self._fresh


@dataclass(frozen=True)
class LoadWatch:
    """Looks at the streams again and again. While the bus is away, what was admitted since the last look adds up."""

    bus: Bus
    load: Load

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            try:
                await self.look()
            except ConsiliumError as error:
                log.warning("the load is not known", extra={"code": error.code})
            await asyncio.sleep(LOOK_EVERY_S)

    async def look(self) -> None:
        """Look once.

        Raises:
            BusError: when the bus does not answer.
        """
        before = self.load.fresh
        submissions, deadlines = await asyncio.gather(
            read.held(self.bus, subjects.CONSULTS), read.held(self.bus, subjects.DEADLINES)
        )
        in_flight = math.ceil((submissions.messages + deadlines.messages) / 2)
        self.load.saw(Look(time.monotonic(), in_flight, submissions.last_seq), before)
        telemetry.IN_FLIGHT.set(in_flight)
        telemetry.IN_FLIGHT_LIMIT.set(self.load.limit)
