"""A light HTTP client for measuring: a keep-alive connection, one request, the stream read to its final.

An ordinary client library spends about as long on a request as the gateway does, and would measure itself.
"""

import asyncio
import re
import secrets
import time
from dataclasses import dataclass, field

import orjson

_FINAL = re.compile(rb"event: consult\.(completed|incomplete|failed|cancelled)\n")
_TRIAGE = b"event: triage.assessed\n"
_STATUS = re.compile(rb"HTTP/1\.1 (\d+)")
_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
TIMEOUT_S = 60.0


@dataclass
class Timing:
    """Milliseconds from sending the question: to the 202, the first event, the triage and the final; and how it ended."""

    accepted_ms: float = 0.0
    first_ms: float = 0.0
    triage_ms: float = 0.0
    final_ms: float = 0.0
    outcome: str = ""


@dataclass
class Asker:
    """One client on one connection."""

    host: str
    port: int
    token: str
    specialists: tuple[str, ...] = ()
    _streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = field(default=None, init=False)

    async def ask(self, message: str) -> Timing:
        """POST a question, GET its events, read to the final.

        Raises:
            ConnectionError: when the gateway refuses or closes early.
        """
        async with asyncio.timeout(TIMEOUT_S):
            return await self._ask(message)

    async def close(self) -> None:
        """Close the connection."""
        if self._streams is not None:
            self._streams[1].close()
            await self._streams[1].wait_closed()
            self._streams = None

    async def _ask(self, message: str) -> Timing:
        reader, writer = self._streams = self._streams or await asyncio.open_connection(self.host, self.port, limit=2**20)
        body = orjson.dumps({"message": message, **({"specialists": self.specialists} if self.specialists else {})})
        timing, began = Timing(), time.perf_counter()
        key = secrets.token_hex(8)
        writer.write(
            b"POST /v1/consults HTTP/1.1\r\nHost: l\r\nAuthorization: Bearer %b\r\nIdempotency-Key: %b\r\n"
            b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%b"
            % (self.token.encode(), key.encode(), len(body), body)
        )
        head = await _head(reader, 202)
        answer = orjson.loads(await reader.readexactly(_length(head)))
        timing.accepted_ms = (time.perf_counter() - began) * 1000
        writer.write(b"GET %b HTTP/1.1\r\nHost: l\r\n\r\n" % answer["events_url"].encode())
        await _head(reader, 200)
        await _read_events(reader, timing, began)
        return timing


async def _head(reader: asyncio.StreamReader, wanted: int) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    status = _STATUS.match(head)
    if status is None or int(status[1]) != wanted:
        detail = await reader.readexactly(_length(head)) if _LENGTH.search(head) else b""
        raise ConnectionError(f"expected {wanted}, got {head.splitlines()[0]!r} {detail[:300]!r}")
    return head


def _length(head: bytes) -> int:
    found = _LENGTH.search(head)
    return int(found[1]) if found else 0


async def _read_events(reader: asyncio.StreamReader, timing: Timing, began: float) -> None:
    while size := int(await reader.readline(), 16):
        chunk = await reader.readexactly(size + 2)
        now_ms = (time.perf_counter() - began) * 1000
        if not timing.first_ms and b"event: " in chunk:
            timing.first_ms = now_ms
        if not timing.triage_ms and _TRIAGE in chunk:
            timing.triage_ms = now_ms
        if final := _FINAL.search(chunk):
            timing.final_ms, timing.outcome = now_ms, final[1].decode()
    await reader.readline()
