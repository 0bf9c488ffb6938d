"""One history: some people ask, everything that can go wrong does, the weather clears, and it is looked what became of them."""

import asyncio
import gc
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random
from typing import Any
from unittest.mock import patch

import time_machine

from consilium_common import telemetry
from consilium_common.errors import ConsiliumError
from consilium_gateway import hub
from consilium_gateway.body import Ask
from consilium_gateway.consults import ConsultService
from simulation.cast import QUESTIONS, Cast
from simulation.documents import Data
from simulation.loop import Process, SimLoop
from simulation.nats import EPOCH, Server, SimReader
from simulation.weather import Weather, draw
from simulation.wire import Faults

COLLECT_EVERY = 50
STORM_S = (3.0, 25.0)
QUIET_LIMIT_S = 400.0  # more than any number of attempts that the sweeper may need after the storm
CLEAR_SKEW_S = 0.05


@dataclass
class Question:
    """What one person asked, and what they know of it."""

    key: str
    message: str
    specialists: tuple[str, ...]
    consult: str | None = None
    cancelled: float | None = None


@dataclass(eq=False)
class History:
    """A history that is over. `quiet`: nothing was left to do; `storm_s`: when the weather cleared."""

    seed: int
    weather: Weather
    cast: Cast
    questions: list[Question]
    loop: SimLoop
    storm_s: float
    quiet: bool = False
    trace: list[tuple[Any, ...]] = field(default_factory=list)

    @property
    def server(self) -> Server:
        return self.cast.server

    @property
    def harm(self) -> set[str]:
        return self.cast.faults.harm


class Clock:
    """The wall clock of whichever process runs."""

    def __init__(self, traveller: time_machine.Traveller) -> None:
        self._traveller = traveller
        self.loop: SimLoop | None = None

    def entered(self, process: Process | None) -> None:
        now_s = EPOCH + self.loop.time() + (process.skew_s if process else 0.0)  # type: ignore[union-attr]
        self._traveller._destination_timestamp_ns = int(now_s * 1e9)

    def monotonic(self) -> float:
        return self.loop.time() if self.loop else 0.0


@contextmanager
def simulated() -> Iterator[Clock]:
    """Put the clocks, the random ids and the hub's reader of this interpreter under the simulation."""
    with time_machine.travel(EPOCH, tick=False) as traveller:
        clock = Clock(traveller)
        with (
            patch("time.monotonic", clock.monotonic),
            patch("time.perf_counter", clock.monotonic),
            patch("secrets.token_hex", lambda size: f"{random.getrandbits(8 * size):0{2 * size}x}"),
            patch("secrets.token_bytes", random.randbytes),
            patch.object(hub, "OrderedReader", SimReader),
            patch.object(telemetry, "span", _no_span),
        ):
            # Histories leave cycles behind. They are cleared now and then, without looking at all that was there before.
            gc.collect()
            gc.freeze()
            gc.disable()
            try:
                yield clock
            finally:
                gc.enable()
                gc.unfreeze()


@contextmanager
def _no_span(*_: Any, **__: Any) -> Iterator[None]:
    """Stand for a span: nobody reads traces of histories, and they take a tenth of the time."""
    yield None


def run(seed: int, clock: Clock, weather: Weather | None = None) -> History:
    """Let one history happen."""
    if seed % COLLECT_EVERY == 0:
        gc.collect()
    random.seed(seed)
    rng = Random(seed)
    loop = SimLoop(clock.entered)
    clock.loop = loop
    clock.entered(None)
    asyncio._set_running_loop(loop)
    try:
        history = _begin(seed, rng, loop, weather or draw(rng))
    finally:
        asyncio._set_running_loop(None)
    loop.run_until(lambda: False, history.storm_s)
    _clear(history)
    history.quiet = loop.run_until(lambda: _is_quiet(history), history.storm_s + QUIET_LIMIT_S)
    loop.close()
    return history


def _begin(seed: int, rng: Random, loop: SimLoop, weather: Weather) -> History:
    trace: list[tuple[Any, ...]] = []
    names = tuple(f"specialist_{letter}" for letter in "abcd"[: rng.choice((1, 1, 2, 2, 3, 4))])
    faults = Faults(rng, loop, weather, trace)
    cast = Cast(rng, loop, Server(loop, faults), Data(), faults, names)
    faults.crash = cast.crash
    for service in ("orchestrator", "aggregator", "gateway"):
        cast.start(service, rng.choice((1, 1, 2, 3)))
    for name in names:
        cast.start(name, rng.choice((1, 1, 2)) if rng.random() < 0.95 else 0)
    storm_s = rng.uniform(*STORM_S)
    questions = [_question(rng, number, names) for number in range(rng.choice((1, 1, 1, 1, 2, 3)))]
    history = History(seed, weather, cast, questions, loop, storm_s, trace=trace)
    for question in questions:
        loop.call_at(rng.uniform(0.01, storm_s / 3), _ask, history, question)
    if weather.store_away and rng.random() < weather.store_away:
        loop.call_at(rng.uniform(0, storm_s), _take_store_away, history, rng.choice((1.0, 5.0, 20.0)))
    return history


def _question(rng: Random, number: int, names: tuple[str, ...]) -> Question:
    message = rng.choice((*QUESTIONS[:2], *QUESTIONS[:2], *QUESTIONS))
    return Question(f"key-{number}", message, tuple(rng.sample(names, rng.randint(1, len(names)))))


def _take_store_away(history: History, seconds: float) -> None:
    history.cast.data.away_until = history.loop.time() + seconds
    history.harm.add("store")


def _ask(history: History, question: Question) -> None:
    """Have a person ask some gateway, and ask again with the same key until there is a 202, or just to be sure."""
    cast, rng = history.cast, history.cast.rng
    if cast.gateways:
        process, service = cast.gateways[rng.choice(sorted(cast.gateways))]
        process.spawn(_asked(history, question, service))
    if question.consult is None or rng.random() < 0.1:
        history.loop.call_later(rng.uniform(0.5, 3.0), _ask_if_unknown, history, question, rng.random() < 0.1)


def _ask_if_unknown(history: History, question: Question, anyway: bool) -> None:
    if question.consult is None or anyway:
        _ask(history, question)


async def _asked(history: History, question: Question, service: ConsultService) -> None:
    try:
        stored = await service.accept(
            "owner", Ask(message=question.message, specialists=list(question.specialists)), question.key
        )
    except ConsiliumError:
        return  # the person asks again
    first = question.consult is None
    question.consult = stored.id
    if first and history.cast.rng.random() < 0.25:
        history.loop.call_later(
            history.cast.rng.choice((0.0, 0.05, 1.0, 5.0)) * history.cast.rng.random(), _cancel, history, question
        )


def _cancel(history: History, question: Question) -> None:
    cast = history.cast
    if cast.gateways:
        process, service = cast.gateways[cast.rng.choice(sorted(cast.gateways))]
        process.spawn(_cancelled(history, question, service))


async def _cancelled(history: History, question: Question, service: ConsultService) -> None:
    try:
        await service.cancel(await service.get(question.consult or "", "owner"))
    except ConsiliumError:
        return
    question.cancelled = history.loop.time()


def _clear(history: History) -> None:
    """End the storm: nothing goes wrong from now on, what stopped goes on, clocks are nearly right."""
    cast = history.cast
    cast.faults.heal()
    cast.data.away_until = 0.0
    for process in [each for replicas in cast.alive.values() for each in replicas]:
        process.resume()
        process.skew_s = cast.rng.uniform(-CLEAR_SKEW_S, CLEAR_SKEW_S)
    history.trace.append((round(history.loop.time(), 4), "clear"))


def _is_quiet(history: History) -> bool:
    """Return whether everything that was accepted has ended and is recorded, and nothing is left to be delivered."""
    cast = history.cast
    rows = cast.data.rows("consults").values()
    return (
        len(rows) >= sum(question.consult is not None for question in history.questions)
        and all(question.consult is not None for question in history.questions)
        and all(row.get("final_type") for row in rows)
        and not any(desk._running for process, desk in cast.desks if not process.dead)
        and not any(durable.busy for durable in cast.server.durables.values())
        and not any(cast.server.streams[name].messages for name in ("CONSULTS", "TASKS", "DEADLINES"))
    )
