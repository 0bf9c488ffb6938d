"""The life of a service: settings, logs, build, serve with probes, drain, close. Every `main()` is one call to `run`."""

import asyncio
import contextlib
import logging
import signal
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn
import uvloop

from consilium_common import telemetry
from consilium_common.bus.boot import require_strong_bus
from consilium_common.contracts.base import new_id
from consilium_common.errors import ConsiliumError
from consilium_common.httpconnection import StreamingProtocol
from consilium_common.probes import probes_app
from consilium_common.safelog import log_what_nobody_catches
from consilium_common.settings import ServiceSettings, SettingsT, load

log = logging.getLogger(__name__)

DRAIN_S = 10.0  # longer than a specialist's assessment, shorter than the grace period of an orchestrator of containers
BACKLOG = 4096
SEND_BUFFER = 128 * 1024  # what the kernel keeps for a reader that is slow; its own choice would be megabytes for each
Check = Callable[[], Awaitable[bool]]


@dataclass
class Running:
    """What `build` gives back: the coroutines that run as long as the service does, how to drain, and what to check.

    `app` is the ASGI application that listens; without one, the probes alone do. `lost` ends the service when set.
    """

    tasks: list[Coroutine[Any, Any, None]] = field(default_factory=list)
    ready: Callable[[], Awaitable[None]] | None = None
    drain: Callable[[float], Awaitable[None]] | None = None
    checks: Mapping[str, Check] = field(default_factory=dict)
    app: Any = None
    lost: asyncio.Event = field(default_factory=asyncio.Event)


Build = Callable[[SettingsT], AbstractAsyncContextManager[Running]]


def run(service: str, settings: type[SettingsT], build: Build[SettingsT]) -> None:
    """Run a service until SIGTERM or SIGINT; the process exits 0 after a drain, 1 when it gave up, 2 on wrong settings."""
    try:
        loaded = load(settings)
    except ConsiliumError as error:
        sys.exit(_refuse(service, error))
    if not loaded.instance:
        loaded = loaded.model_copy(update={"instance": new_id(service)})
    telemetry.setup_logging(service, loaded.instance, loaded.log_level)
    log_what_nobody_catches()
    provider = telemetry.setup_traces(service, loaded.instance, loaded.otel_exporter_otlp_endpoint)
    try:
        code = uvloop.run(_serve(service, loaded, build))
    except ConsiliumError as error:
        code = _refuse(service, error)
    finally:
        provider.shutdown()
    sys.exit(code)


def _refuse(service: str, error: ConsiliumError) -> int:
    sys.stderr.write(f"{service} cannot start: {error.message}\n")
    return 2


async def _serve(service: str, settings: SettingsT, build: Build[SettingsT]) -> int:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with serving(service, settings, build, stop) as (running, port):
        log.info("ready", extra={"port": port})
        await _first(stop.wait(), running.lost.wait())
        log.info("stopping")
    return 1 if running.lost.is_set() else 0


@asynccontextmanager
async def serving(
    service: str, settings: SettingsT, build: Build[SettingsT], stop: asyncio.Event | None = None
) -> AsyncIterator[tuple[Running, int]]:
    """Build a service, run it, and yield it with its port once it is ready; drain and close it at the end.

    In production it is built only on a bus that keeps what the service promises.
    `stop` set before it is ready ends the waiting. Tests call this to run a service in their own process.
    """
    stop = stop or asyncio.Event()
    await _first(require_strong_bus(settings), stop.wait())
    async with build(settings) as running, _tasks(running, stop):
        if running.ready is not None:
            await _first(running.ready(), stop.wait(), running.lost.wait())
        async with listen(running.app or probes_app(service, running.checks), settings) as port:
            yield running, port
            if running.drain is not None:
                await running.drain(DRAIN_S)


async def _first(*waits: Coroutine[Any, Any, Any] | Awaitable[Any]) -> None:
    tasks = [asyncio.ensure_future(wait) for wait in waits]
    done, left = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in left:
        task.cancel()
    for task in done:
        task.result()


@asynccontextmanager
async def _tasks(running: Running, stop: asyncio.Event) -> AsyncIterator[None]:
    """Run the service's coroutines; one that ends on its own before the service stops is a fault that ends the service."""

    def ended(task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("a part of the service failed", exc_info=error)
            running.lost.set()
        elif not stop.is_set() and not task.cancelled():
            running.lost.set()

    tasks = [asyncio.create_task(part) for part in running.tasks]
    for task in tasks:
        task.add_done_callback(ended)
    try:
        yield
    finally:
        stop.set()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class _Server(uvicorn.Server):
    """Uvicorn without its own signal handlers: the lifecycle decides when it ends."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to `_serve`."""
        yield


@asynccontextmanager
async def listen(app: Any, settings: ServiceSettings) -> AsyncIterator[int]:
    """Serve an ASGI application on the service's address; yields the port.

    Raises:
        ConsiliumError: when the port is taken.
    """
    sock = socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)  # each connection inherits it
    try:
        sock.bind((settings.host, settings.port))
    except OSError:
        sock.close()
        raise ConsiliumError(
            "port-taken", f"Port {settings.port} on {settings.host} is taken; choose another CONSILIUM_PORT."
        ) from None
    sock.listen(BACKLOG)  # now, not when uvicorn comes to it: whoever is told the port may connect at once
    config = uvicorn.Config(
        app,
        http=StreamingProtocol,
        log_config=None,
        access_log=False,
        lifespan="off",
        ws="none",
        backlog=BACKLOG,
        server_header=False,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=5,
    )
    server = _Server(config)
    task = asyncio.create_task(server.serve(sockets=[sock]))
    try:
        yield int(sock.getsockname()[1])
    finally:
        server.should_exit = True
        await task
        sock.close()
