"""Counting what happened, past everything that the product reads with: a plain consumer on EVENTS, and MongoDB itself."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import nats
from nats.aio.client import Client
from nats.js.api import ConsumerConfig, DeliverPolicy
from pymongo import AsyncMongoClient

from support.chaos.asker import Told
from support.client import assert_whole
from support.waiting import eventually

READ_S = 30.0
RECORDED_S = 60.0


@dataclass
class Stored:
    """What stands on EVENTS, by consult."""

    finals: Counter[str] = field(default_factory=Counter)
    late: Counter[str] = field(default_factory=Counter)
    steps: Counter[str] = field(default_factory=Counter)

    def add(self, subject: str) -> None:
        _, _, _, _, consult, kind, *_ = subject.split(".")
        {"final": self.finals, "late": self.late, "step": self.steps}[kind][consult] += 1


@dataclass(frozen=True)
class Tally:
    """How many ended how: `twice` and `missing` are what must be zero."""

    asked: int
    once: int
    twice: tuple[str, ...]
    missing: tuple[str, ...]
    slowest_s: float

    def __str__(self) -> str:
        return f"{self.once} of {self.asked} one final, {len(self.twice)} twice, {len(self.missing)} missing"

    @property
    def good(self) -> bool:
        return self.once == self.asked and not self.twice and not self.missing


def ends(told: Iterable[Told]) -> str:
    """Say how consults ended, with why when there was no answer: `58 completed, 2 failed (no-plan)`."""
    finals = [each.final for each in told if each.final is not None]
    kinds = Counter((final.type.removeprefix("consult."), (final.data.get("problem") or {}).get("code")) for final in finals)
    return ", ".join(f"{number} {kind}" + (f" ({code})" if code else "") for (kind, code), number in kinds.most_common())


@dataclass(frozen=True)
class Checker:
    """Looks at the servers directly, never through a proxy."""

    nats_url: Sequence[str]
    mongo_uri: str
    database: str

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[Client]:
        nc = await nats.connect(list(self.nats_url), error_cb=_say_nothing, connect_timeout=5)
        try:
            yield nc
        finally:
            await nc.close()

    async def mark(self) -> int:
        """Return the last sequence of EVENTS, to count from there."""
        async with self.connected() as nc:
            return (await nc.jetstream().stream_info("EVENTS")).state.last_seq

    async def stored(self, mark: int = 0) -> Stored:
        """Read EVENTS after a mark."""
        found = Stored()
        async with asyncio.timeout(READ_S), self.connected() as nc:
            js = nc.jetstream()
            last = (await js.stream_info("EVENTS")).state.last_seq
            if last <= mark:
                return found
            start = ConsumerConfig(deliver_policy=DeliverPolicy.BY_START_SEQUENCE, opt_start_seq=mark + 1)
            reading = await js.subscribe("consilium.v1.event.>", stream="EVENTS", ordered_consumer=True, config=start)
            async for msg in reading.messages:
                found.add(msg.subject)
                if not msg.metadata.num_pending:
                    break
        return found

    async def tally(self, told: Iterable[Told], mark: int = 0) -> Tally:
        """Count the finals of these consults on the bus, and hold what every client was told against it."""
        told = list(told)
        finals = (await self.stored(mark)).finals
        for each in told:
            if each.final is not None:
                assert_whole(each.events)
        return Tally(
            asked=len(told),
            once=sum(finals[each.consult] == 1 and each.final is not None for each in told),
            twice=tuple(each.consult for each in told if finals[each.consult] > 1),
            missing=tuple(each.consult or each.key for each in told if not finals[each.consult] or each.final is None),
            slowest_s=max((each.ended_s for each in told), default=0.0),
        )

    async def forget(self) -> None:
        """Remove every consult and view, so that no test is slowed by those before it.

        The local MongoDB reads a whole collection for whatever it does not find by `_id`: 30 ms at 5,000 consults.
        """
        client: AsyncMongoClient[dict[str, Any]] = AsyncMongoClient(self.mongo_uri)
        async with client:
            for name in ("consults", "case_views"):
                await client[self.database][name].delete_many({})

    async def recorded(self, told: Iterable[Told]) -> int:
        """Wait until MongoDB holds exactly one finished record for each of these keys, and return how many there are."""
        told = list(told)
        keys, ends = {each.key for each in told}, {each.consult: each.final.type for each in told if each.final}
        client: AsyncMongoClient[dict[str, Any]] = AsyncMongoClient(self.mongo_uri)
        async with client:
            consults = client[self.database]["consults"]

            async def finished() -> bool:
                query = {"_id": {"$in": list(ends)}, "final_type": {"$ne": None}}
                return await consults.count_documents(query) >= len(ends)

            await eventually(finished, RECORDED_S)
            rows = await consults.find({"idempotency_key": {"$in": list(keys)}}, {"archive": 0}).to_list()
        assert len({row["idempotency_key"] for row in rows}) == len(rows), "one key, two records"
        assert {row["_id"]: row["final_type"] for row in rows if row["_id"] in ends} == ends, "recorded as it was told"
        return len(rows)

    async def dead(self) -> list[str]:
        """Return the subjects of all dead letters."""
        async with self.connected() as nc:
            js = nc.jetstream()
            count = (await js.stream_info("DEAD")).state.messages
            reading = await js.subscribe("consilium.v1.dead.>", stream="DEAD", ordered_consumer=True)
            letters = [await reading.next_msg(timeout=5) for _ in range(count)]
        return [letter.headers["Consilium-Subject"] for letter in letters]


async def _say_nothing(_: Exception) -> None:
    """A broker that is away says so by itself."""
