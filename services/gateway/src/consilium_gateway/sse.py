"""Streaming a log to one client in plain ASGI: one coroutine and one small object a stream, since there are thousands."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import AbstractAsyncContextManager
from typing import Any

from starlette.responses import Response

from consilium_common import telemetry
from consilium_common.httpconnection import connection_of
from consilium_gateway.frames import COME_BACK, KEEP_ALIVE, RETRY
from consilium_gateway.hub import ConsultLog

KEEP_ALIVE_S = 15.0
SEND_LIMIT_S = 30.0  # a reader that takes nothing for so long is closed; it can come back with its Last-Event-ID
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class EventStream(Response):
    """The events of a consult after `after` (a `seq`), until its final. 204 when it has ended and there is nothing new."""

    def __init__(self, following: AbstractAsyncContextManager[ConsultLog], after: int = 0) -> None:
        super().__init__()
        self._following = following
        self._after = after

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer as an ASGI application."""
        connection = connection_of(scope)
        async with self._following as log:
            if log.ended and self._after >= len(log.frames):
                await send({"type": "http.response.start", "status": 204, "headers": []})
                await send({"type": "http.response.body", "body": b""})
                return
            await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
            connection.hold_back()
            try:
                await _pump(log, self._after, receive, send)
                async with asyncio.timeout(SEND_LIMIT_S):
                    await connection.flushed()
            except TimeoutError:
                telemetry.STALLED.inc()
                connection.abort()
                await _until_disconnect(receive)


async def end_or_leave(log: ConsultLog, receive: Receive) -> dict[str, Any] | None:
    """Wait for a consult's final and return it; None when the client goes before.

    Raises:
        StoppingError: when this gateway stops before.
    """
    loop = asyncio.get_running_loop()
    gone, end = loop.create_task(_until_disconnect(receive)), loop.create_task(log.end())
    await asyncio.wait({gone, end}, return_when=asyncio.FIRST_COMPLETED)
    gone.cancel()
    if not end.done():
        end.cancel()
        return None
    return end.result()


async def _pump(log: ConsultLog, sent: int, receive: Receive, send: Send) -> None:
    gone = asyncio.get_running_loop().create_task(_until_disconnect(receive))
    pending = RETRY
    try:
        while not gone.done():
            ended, frames = log.ended or log.cut, log.frames[sent:]
            sent += len(frames)
            if pending or frames or ended:
                farewell = COME_BACK if ended and not log.ended else b""
                await _send(send, pending + b"".join(frames) + farewell, more=not ended)
            if ended:
                return
            pending = b""
            # Below: the client comes from another gateway and has read what this one has not heard yet.
            if len(log.frames) <= sent and not gone.done():
                await _change(log, gone)
                pending = b"" if len(log.frames) > sent else KEEP_ALIVE
    finally:
        gone.cancel()


async def _change(log: ConsultLog, gone: "asyncio.Task[None]") -> None:
    """Wait for an event, the end of the client, or the time for a sign of life."""
    loop = asyncio.get_running_loop()
    waiter: asyncio.Future[None] = loop.create_future()

    def wake(_: object = None) -> None:
        if not waiter.done():
            waiter.set_result(None)

    log.call_on_change(wake)
    gone.add_done_callback(wake)
    timer = loop.call_later(KEEP_ALIVE_S, wake)
    try:
        await waiter
    finally:
        timer.cancel()
        gone.remove_done_callback(wake)
        log.forget(wake)


async def _send(send: Send, body: bytes, *, more: bool) -> None:
    async with asyncio.timeout(SEND_LIMIT_S):
        await send({"type": "http.response.body", "body": body, "more_body": more})


async def _until_disconnect(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
