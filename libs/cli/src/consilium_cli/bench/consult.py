"""`consilium bench consult`: consults through every service, beside plain nats-py, in one run."""

import asyncio
import itertools
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx
from nats.aio.client import Client
from pydantic import SecretStr
from rich.console import Console

from consilium_cli.ask import stack
from consilium_cli.bench import instant, plain
from consilium_cli.bench.client import Asker, Timing
from consilium_cli.bench.measure import Sample, repeat
from consilium_cli.bench.questions import different
from consilium_cli.bench.report import Row, show
from consilium_cli.stack import environment
from consilium_cli.stack.state import StateFolder
from consilium_common.security import tokens
from consilium_common.settings import MongoSettings
from consilium_common.stores.documents import open_documents
from consilium_common.stores.packs import Packs

TOKEN_TTL_S = 3600
WARM = 20
READY_LIMIT_S = 30.0
LOADED_LIMIT_S = 900.0
SPECIALISTS = ("cardiology", "neurology", "orthopedics", "gp")


@dataclass(frozen=True)
class Wish:
    """How many consults to run alone, at once, and with real specialists."""

    alone: int = 200
    at_once: int = 1500
    lanes: int = 128
    real: int = 60


def measure(state: StateFolder, wish: Wish, console: Console) -> None:
    """Start a stack of its own, measure, and print the table.

    Raises:
        StackError: when the stack does not start.
    """
    os.environ["CONSILIUM_CONSULTS_PER_MINUTE"] = "1000000"  # one user asks everything here
    os.environ["CONSILIUM_IN_FLIGHT_ALWAYS"] = "1000"  # what is measured is how long they take, not who is refused
    with ExitStack() as opened:
        url = opened.enter_context(stack.running(state))
        settings = environment.of_running(state)
        opened.enter_context(_instant_specialists(settings))
        address = plain.Address(settings["NATS_URL"], settings["NATS_USER"], settings["NATS_PASSWORD"])
        opened.enter_context(plain.workers(address))
        asyncio.run(_until_loaded(settings, console))
        token = tokens.issue(state.secrets().signing_key, "bench", TOKEN_TTL_S, ("consult",))
        rows = asyncio.run(_Bench(url, token, address, wish).rows())
    notes = [
        "Everything on this machine, clients included. NATS: one replica, sync_interval default (disk every two minutes).",
        "Stored floor: the bare JetStream messages of one consult with plain nats-py; no HTTP, no MongoDB, no encryption.",
    ]
    show(console, "consult", rows, notes)


async def _until_loaded(settings: dict[str, str], console: Console) -> None:
    """Wait until every pack is loaded: embedding passages takes both cores, and would be measured, too."""
    began = time.monotonic()
    where = MongoSettings(mongo_uri=SecretStr(settings["MONGO_URI"]), mongo_db_name=settings["MONGO_DB_NAME"])
    async with open_documents(where) as documents, asyncio.timeout(LOADED_LIMIT_S):
        packs = Packs(documents)
        while not all([await packs.loaded_version(name) for name in SPECIALISTS]):  # noqa: ASYNC110 - another process loads
            await asyncio.sleep(0.5)
    console.print(f"knowledge loaded {time.monotonic() - began:.0f} s after the stack was ready")


@contextmanager
def _instant_specialists(settings: dict[str, str]) -> Iterator[None]:
    env = {**os.environ, **settings, "CONSILIUM_PORT": "0"}
    started = [
        subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-P", "-m", "consilium_cli.bench.instant", name],
            env={**env, "CONSILIUM_INSTANCE": f"{name}-1"},
            stderr=subprocess.DEVNULL,
        )
        for name in instant.NAMES
    ]
    try:
        yield
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.wait(30)


@dataclass(frozen=True)
class _Bench:
    url: str
    token: str
    address: plain.Address
    wish: Wish

    async def rows(self) -> list[Row]:
        await self._until_known(instant.NAMES)
        async with plain.connected(self.address) as nc:
            floor = plain.StoredFloor(nc.jetstream())
            await floor.open()
            return [*await self._alone(nc, floor), *await self._at_once(floor), *await self._real()]

    async def _alone(self, nc: Client, floor: plain.StoredFloor) -> list[Row]:
        async def scatter(_: int) -> None:
            await plain.scatter_gather(nc)

        async def stored(_: int) -> None:
            await floor.ask()

        await repeat(scatter, WARM, 1)
        bare = await repeat(scatter, self.wish.alone, 1)
        await repeat(stored, WARM, 1)
        base = await repeat(stored, self.wish.alone, 1)
        sample, timings = await self._consults(self.wish.alone, 1, instant.NAMES, itertools.repeat("I have a sore throat"))
        return [
            Row("plain nats-py scatter-gather, nothing stored, 1 at a time", f"p50 {bare.p50_ms:.1f} ms"),
            Row("stored floor, 1 at a time", f"p50 {base.p50_ms:.1f} ms, p95 {base.p95_ms:.1f} ms"),
            Row(
                "one consult, instant specialists, everything stored, 1 at a time",
                f"p50 {sample.p50_ms:.1f} ms, p95 {sample.p95_ms:.1f} ms, {_well(timings)}",
                f"{sample.p50_ms / base.p50_ms:.1f}x the stored floor",
                "p50 <= 10 ms and <= 2x",
            ),
            Row("  of these, until the 202", f"p50 {_p50(t.accepted_ms for t in timings):.1f} ms"),
        ]

    async def _at_once(self, floor: plain.StoredFloor) -> list[Row]:
        async def stored(_: int) -> None:
            await floor.ask()

        base = await repeat(stored, self.wish.at_once, self.wish.lanes)
        sample, timings = await self._consults(
            self.wish.at_once, self.wish.lanes, instant.NAMES, itertools.repeat("I have a sore throat")
        )
        return [
            Row(f"stored floor, {self.wish.lanes} at a time", f"{base.per_s:.0f}/s"),
            Row(
                f"the same consult, {self.wish.lanes} at a time",
                f"{sample.per_s:.1f}/s, p50 {sample.p50_ms:.0f} ms, {_well(timings)}",
                f"{sample.per_s / base.per_s:.2f}x the stored floor",
                ">= 0.4x, then >= 0.7x",
            ),
        ]

    async def _real(self) -> list[Row]:
        everybody = SPECIALISTS
        await self._until_known(everybody)
        questions = different()
        await self._consults(8, 1, everybody, questions)
        one, timings = await self._consults(self.wish.real, 1, everybody, questions)
        again, _ = await self._consults(self.wish.real, 1, everybody, itertools.repeat("Crushing chest pain for 20 minutes"))
        many, crowd = await self._consults(self.wish.real * 2, 16, everybody, questions)
        first, triage = _p50(t.first_ms for t in timings), _p50(t.triage_ms for t in timings)
        return [
            Row(
                "a real consult, four specialists, all different, 1 at a time",
                f"p50 {one.p50_ms:.0f} ms, first event {first:.0f} ms, triage {triage:.0f} ms",
                target="p50 <= 80 ms, first <= 20 ms, triage <= 30 ms",
            ),
            Row("a repeated question", f"p50 {again.p50_ms:.0f} ms", target="p50 <= 30 ms"),
            Row(
                "real consults, 16 at a time, all different",
                f"{many.per_s:.1f}/s, p50 {many.p50_ms:.0f} ms, {_well(crowd)}",
                target=">= 15/s",
            ),
        ]

    async def _consults(
        self, count: int, lanes: int, specialists: Sequence[str], questions: Iterator[str]
    ) -> tuple[Sample, list[Timing]]:
        place = urlsplit(self.url)
        askers = [Asker(place.hostname or "", place.port or 80, self.token, tuple(specialists)) for _ in range(lanes)]
        timings: list[Timing] = []

        async def ask(lane: int) -> None:
            timing = await askers[lane].ask(next(questions))
            timings.append(timing)

        await repeat(ask, min(WARM, count), lanes)
        timings.clear()
        sample = await repeat(ask, count, lanes)
        await asyncio.gather(*(asker.close() for asker in askers))
        return sample, timings

    async def _until_known(self, names: Sequence[str]) -> None:
        """Wait until the gateway knows these specialists and each is alive."""
        async with httpx.AsyncClient(headers={"Authorization": f"Bearer {self.token}"}, trust_env=False) as client:
            async with asyncio.timeout(READY_LIMIT_S):
                while True:
                    agents = (await client.get(f"{self.url}/v1/agents")).raise_for_status().json()
                    alive = {agent["name"] for agent in agents if agent["instances"]}
                    if alive.issuperset(names):
                        return
                    await asyncio.sleep(0.1)


def _well(timings: Sequence[Timing]) -> str:
    """Say how many consults ended with everybody's view: a figure over others would mean something else."""
    return f"{sum(timing.outcome == 'completed' for timing in timings)} of {len(timings)} completed"


def _p50(values: Iterator[float]) -> float:
    return Sample(tuple(values), 1.0).p50_ms
