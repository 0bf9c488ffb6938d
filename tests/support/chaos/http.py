"""HTTP/1.1 by hand, since tests must decide when a connection is read, when it is not, and in the middle of what it is cut."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

HOST = "127.0.0.1"
CONNECT_S = 5.0


@dataclass(frozen=True)
class Answer:
    """The head of an answer, with the connection that its body comes from."""

    status: int
    headers: Mapping[str, str]
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def json(self) -> Any:
        return json.loads(b"".join([piece async for piece in self.pieces()]))

    async def pieces(self) -> AsyncIterator[bytes]:
        """Yield the body as it comes.

        Raises:
            IncompleteReadError: when the connection ends before the body does.
        """
        if "content-length" in self.headers:
            yield await self.reader.readexactly(int(self.headers["content-length"]))
        elif self.headers.get("transfer-encoding") == "chunked":
            while size := int(await self.reader.readuntil(b"\r\n"), 16):
                yield (await self.reader.readexactly(size + 2))[:-2]


@asynccontextmanager
async def request(
    port: int, method: str, path: str, *, headers: Mapping[str, str] | None = None, body: object = None
) -> AsyncIterator[Answer]:
    """Send one request on a connection of its own and yield the answer; leaving closes the connection at once.

    Raises:
        OSError: when nobody listens, or the connection breaks.
        IncompleteReadError: when it ends before the head of an answer is there.
    """
    async with asyncio.timeout(CONNECT_S):
        reader, writer = await asyncio.open_connection(HOST, port, limit=2**24)
    try:
        writer.write(head(method, path, headers or {}, body))
        yield await _answer(reader, writer)
    finally:
        writer.transport.abort()


def head(method: str, path: str, headers: Mapping[str, str], body: object = None) -> bytes:
    """Return the bytes of a request."""
    content = b"" if body is None else json.dumps(body).encode()
    lines = {"Host": HOST, **headers, "Content-Type": "application/json", "Content-Length": str(len(content))}
    text = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"{method} {path} HTTP/1.1\r\n{text}\r\n".encode() + content


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Answer:
    first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
    pairs = (line.partition(": ") for line in lines if line)
    return Answer(int(first.split()[1]), {name.lower(): value for name, _, value in pairs}, reader, writer)
