"""What lies between a process and a server: latency, loss, duplication, and the moment at which a process dies or stops."""

from collections.abc import Callable
from contextvars import Context, ContextVar
from dataclasses import dataclass, field
from random import Random
from typing import Any, TypeVar

import nats.errors
from pymongo.errors import PyMongoError

from simulation.loop import Handle, Process, SimLoop
from simulation.weather import CALM, Weather

T = TypeVar("T")

REQUEST_TIMEOUT_S = 5.0
DELIVERY: ContextVar[int] = ContextVar("delivery", default=0)
WORLD = Context()  # what happens at a server belongs to no process
SLOWER = 20
LONG_PAUSE_S = 10.0  # a stopped process is given the same message every few seconds: so long, and its tries are used up
PAUSES_S = ((0.2, 1.0), (2.0, 5.0), (5.0, 12.0), (12.0, 40.0))


@dataclass(eq=False)
class Faults:
    """Decides what goes wrong with an effect. `harm` holds what was done to whom, for judging a history fairly."""

    rng: Random
    loop: SimLoop
    weather: Weather
    trace: list[tuple[Any, ...]]
    crash: Callable[[Process], None] = lambda _: None
    harm: set[str] = field(default_factory=set)

    def heal(self) -> None:
        self.weather = CALM

    def happens(self, rate: float) -> bool:
        return rate > 0 and self.rng.random() < rate

    def latency_s(self) -> float:
        rate = 1 / self.weather.latency_s
        if self.happens(self.weather.slow):
            rate /= SLOWER
        return self.rng.expovariate(rate)

    def strike(self, process: Process, where: str) -> None:
        """Perhaps kill or stop a process, or set its clock, at this very effect."""
        weather = self.weather
        if process.dead or not (weather.crash or weather.pause or weather.jump):
            return
        if self.happens(weather.crash):
            self.note("crash", process.name, where)
            self.harm |= {"crash", f"crash:{process.service}"}
            self.crash(process)
        elif self.happens(weather.pause) and not process.paused:
            low, high = self.rng.choice(PAUSES_S)
            pause_s = self.rng.uniform(low, high)
            self.note("pause", process.name, where, round(pause_s, 2))
            self.harm |= {"pause", f"pause:{process.service}", *(["long pause"] if pause_s > LONG_PAUSE_S else [])}
            process.paused = True
            self.loop.call_later(pause_s, process.resume)
        elif self.happens(weather.jump):
            process.skew_s = self.rng.choice((-30.0, -3.0, -0.5, 0.5, 3.0, 30.0)) * self.rng.random()
            self.harm.add("jump")
            self.note("clock", process.name, round(process.skew_s, 2))

    def note(self, *entry: Any) -> None:
        self.trace.append((round(self.loop.time(), 4), *entry))


@dataclass(eq=False)
class Wire:
    """One process's connection to one server. `ordered`: requests arrive in the order in which they were sent."""

    process: Process
    faults: Faults
    lost: Callable[[], Exception]
    ordered: bool = True
    _out_s: float = 0.0
    _in_s: float = 0.0
    _cut: bool = False

    async def ask(self, what: str, subject: str, apply: Callable[[], T]) -> T:
        """Have the server do something and wait for its reply; raises what the server raises, or `lost()` after a timeout."""
        faults, loop = self.faults, self.process.loop
        reply = loop.create_future()
        if faults.happens(faults.weather.lost_request):
            faults.note("lost", self.process.name, DELIVERY.get(), what, subject)
            faults.harm |= {"lost", f"lost:{self.process.service}"}
            loop.call_later(REQUEST_TIMEOUT_S, self._fail, reply)
        else:
            self._send(what, subject, apply, reply)
        return await reply  # type: ignore[no-any-return]

    def tell(self, what: str, subject: str, apply: Callable[[], None], lost: float) -> None:
        """Have the server do something without a reply, as with an acknowledgement."""
        if self.faults.happens(lost):
            self.faults.note("lost", self.process.name, DELIVERY.get(), what, subject)
            return
        self._send(what, subject, apply, None)

    def arrive(self, callback: Callable[..., None], *args: Any) -> None:
        """Bring something from the server to the process, in order."""
        self.process.loop.call_at(self._inbound_s(), callback, *args, context=self.process.context())

    def _send(self, what: str, subject: str, apply: Callable[[], Any], reply: Any) -> None:
        when = self.process.loop.time() + self.faults.latency_s()
        if self.ordered:
            when = self._out_s = max(when, self._out_s)
        context = DELIVERY.get()
        self._world(when, self._reached, what, subject, apply, reply, context)

    def _reached(self, what: str, subject: str, apply: Callable[[], Any], reply: Any, delivery: int) -> None:
        """The request is at the server, unless it had not left the process when that died or was stopped."""
        if self._is_held((what, subject, apply, reply, delivery)):
            return
        faults, process = self.faults, self.process
        faults.strike(process, f"before {what}")
        if self._is_held((what, subject, apply, reply, delivery)):
            return
        result, error = None, None
        try:
            result = apply()
        except (nats.errors.Error, PyMongoError) as raised:
            error = raised
        faults.note(what, process.name, delivery, subject, type(error).__name__ if error else "ok")
        if process.dead or reply is None:
            return
        faults.strike(process, f"after {what}")
        if faults.happens(faults.weather.lost_reply):
            faults.note("lost", process.name, delivery, f"reply to {what}", subject)
            faults.harm |= {"lost", f"lost:{process.service}"}
            process.loop.call_later(REQUEST_TIMEOUT_S, self._fail, reply)
            return
        self._world(self._inbound_s(), _settle, reply, result, error)

    def _is_held(self, request: tuple[Any, ...]) -> bool:
        """Return whether the request, and with it all that follow, was still inside a process that stopped."""
        process = self.process
        if not (process.dead or process.paused):
            self._cut = False
            return False
        self._cut = self._cut or self.faults.rng.random() < 0.5
        if self._cut and process.paused:
            process.backlog.append(Handle(self._reached, request, WORLD, 0.0))
        return self._cut

    def _inbound_s(self) -> float:
        when = self.process.loop.time() + self.faults.latency_s()
        if self.ordered:
            when = self._in_s = max(when, self._in_s)
        return when

    def _world(self, when: float, callback: Callable[..., None], *args: Any) -> None:
        """Call something at the server: it happens whatever becomes of the process."""
        self.process.loop.call_at(when, callback, *args, context=WORLD)

    def _fail(self, reply: Any) -> None:
        _settle(reply, None, self.lost())


def _settle(reply: Any, result: Any, error: Exception | None) -> None:
    if reply.done():
        return
    if error is None:
        reply.set_result(result)
    else:
        reply.set_exception(error)
        reply.exception()  # who waited for it may be dead; that is no reason to complain
