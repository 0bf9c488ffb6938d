"""A deterministic event loop: virtual time, no sockets, and every callback belongs to a simulated process.

Time jumps to the next timer as soon as nothing is ready, so that minutes of waiting take no time. Callbacks of one process
run in the order in which they became ready, as in asyncio; how processes interleave follows from the latencies that the
simulated servers draw from the seed.
"""

import asyncio
import heapq
import inspect
from collections import deque
from collections.abc import Callable, Coroutine
from contextvars import Context, ContextVar, copy_context
from dataclasses import dataclass, field
from typing import Any

PROCESS: ContextVar["Process | None"] = ContextVar("process", default=None)


class StuckError(Exception):
    """A history did so much that something must be going in circles."""


class Handle:
    """A callback that waits for its turn."""

    __slots__ = ("args", "callback", "context", "dropped", "process", "when")

    def __init__(self, callback: Callable[..., Any], args: tuple[Any, ...], context: Context, when: float) -> None:
        self.callback, self.args, self.context, self.when = callback, args, context, when
        self.process = context.get(PROCESS)
        self.dropped = False

    def cancel(self) -> None:
        self.dropped = True

    def cancelled(self) -> bool:
        return self.dropped


@dataclass(eq=False)
class Process:
    """One process of a service. Dead: nothing of it runs again. Paused: what becomes ready waits until it is resumed."""

    name: str
    service: str
    loop: "SimLoop"
    skew_s: float = 0.0
    dead: bool = False
    paused: bool = False
    backlog: list[Handle] = field(default_factory=list)

    def spawn(self, work: Coroutine[Any, Any, Any]) -> "asyncio.Task[Any]":
        """Run a coroutine as a task of this process."""
        return self.context().run(self.loop.create_task, work)

    def context(self) -> Context:
        """Return a context whose callbacks belong to this process."""
        context = copy_context()
        context.run(PROCESS.set, self)
        return context

    def resume(self) -> None:
        """Let what waited run, in its order."""
        self.paused = False
        self.loop.ready.extend(self.backlog)
        self.backlog.clear()


class SimLoop(asyncio.AbstractEventLoop):
    """As much of an event loop as handlers use. `entered` is told whose callback runs next, for the clock."""

    STEPS_MAX = 400_000

    def __init__(self, entered: Callable[[Process | None], None]) -> None:
        self.ready: deque[Handle] = deque()
        self.errors: list[dict[str, Any]] = []
        self.steps = 0
        self._tasks: list[asyncio.Task[Any]] = []
        self._timers: list[tuple[float, int, Handle]] = []
        self._count = 0
        self._now = 0.0
        self._entered = entered
        self._running = False

    def time(self) -> float:
        return self._now

    def call_soon(self, callback: Callable[..., Any], *args: Any, context: Context | None = None) -> Handle:  # type: ignore[override]
        handle = Handle(callback, args, context if context is not None else copy_context(), self._now)
        self.ready.append(handle)
        return handle

    def call_later(self, delay: float, callback: Callable[..., Any], *args: Any, context: Context | None = None) -> Any:
        return self.call_at(self._now + delay, callback, *args, context=context)

    def call_at(self, when: float, callback: Callable[..., Any], *args: Any, context: Context | None = None) -> Any:
        handle = Handle(callback, args, context if context is not None else copy_context(), when)
        self._count += 1
        heapq.heappush(self._timers, (when, self._count, handle))
        return handle

    def create_future(self) -> "asyncio.Future[Any]":
        return asyncio.Future(loop=self)

    def create_task(self, coro: Any, *, name: str | None = None, context: Context | None = None) -> Any:
        task = asyncio.Task(coro, loop=self, name=name or "", context=context)
        self._tasks.append(task)
        return task

    def get_debug(self) -> bool:
        return False

    def is_running(self) -> bool:
        return self._running

    def is_closed(self) -> bool:
        return False

    def call_exception_handler(self, context: dict[str, Any]) -> None:
        if "was destroyed but it is pending" not in context.get("message", ""):
            self.errors.append(context)  # a task that is destroyed belonged to a process that died

    def run_until(self, done: Callable[[], bool], limit_s: float) -> bool:
        """Run until `done()`, asked whenever the clock moves on, or until virtual time `limit_s`; returns whether done."""
        asyncio._set_running_loop(self)
        self._running = True
        try:
            while self._now <= limit_s:
                self._run_ready()
                if done():
                    return True
                if not self._timers:
                    return False
                self._next_timer()
            return False
        finally:
            self._running = False
            asyncio._set_running_loop(None)

    def close(self) -> None:
        """Close what a process had not begun when it died, which would complain that nobody awaited it."""
        for coroutine in (task.get_coro() for task in self._tasks if not task.done()):
            if inspect.getcoroutinestate(coroutine) == inspect.CORO_CREATED:
                coroutine.close()
        self._tasks.clear()

    def _run_ready(self) -> None:
        while self.ready:
            self._run(self.ready.popleft())

    def _next_timer(self) -> None:
        when, _, handle = heapq.heappop(self._timers)
        if not handle.dropped:
            self._now = max(self._now, when)
            self._run(handle)

    def _run(self, handle: Handle) -> None:
        process = handle.process
        if handle.dropped or (process is not None and process.dead):
            return
        if process is not None and process.paused:
            process.backlog.append(handle)
            return
        self.steps += 1
        if self.steps > self.STEPS_MAX:
            raise StuckError(f"{self.steps} steps in {self._now:.1f} s of virtual time")
        self._entered(process)
        handle.context.run(handle.callback, *handle.args)
