"""A TCP proxy on loopback that misbehaves when it is told to: delays, stalls without closing, cuts, refuses, is half open."""

import asyncio
import random
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Self

HOST = "127.0.0.1"
CHUNK = 64 * 1024
LIMIT = 2**21  # more than the largest frame of the protocols that pass here


@dataclass(eq=False)
class Link:
    """One client's connection through the proxy, with the one to the server behind it."""

    client: tuple[asyncio.StreamReader, asyncio.StreamWriter]
    server: tuple[asyncio.StreamReader, asyncio.StreamWriter]
    tasks: list["asyncio.Task[None]"] = field(default_factory=list)

    def cut(self) -> None:
        """End both sides at once, as a broken cable that was noticed."""
        for _, writer in (self.client, self.server):
            writer.transport.abort()


class Proxy:
    """Passes bytes between clients and one server; `port` is where clients connect. Everything happens in one event loop."""

    def __init__(self, target: int) -> None:
        self.target = target
        self.port = 0
        self.delay_s = 0.0
        self.refusing = False
        self.links: set[Link] = set()
        self.swallow_to_server = False
        self.cut_share = 0.0
        self.random = random.Random(0)
        self._flowing = asyncio.Event()
        self._flowing.set()
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, HOST, 0, limit=LIMIT)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        links = list(self.links)
        self.cut()
        self._flowing.set()
        await asyncio.gather(*(task for link in links for task in link.tasks), return_exceptions=True)
        await self._server.wait_closed()

    def stall(self) -> None:
        """Let nothing through either way and close nothing: neither side can tell this from a slow other side."""
        self._flowing.clear()

    def half_open(self) -> None:
        """Take what clients send and lose it; what the server says still arrives."""
        self.swallow_to_server = True

    def refuse(self) -> None:
        """Cut what there is and turn away what comes."""
        self.refusing = True
        self.cut()

    def heal(self) -> None:
        """Let everything through again; what waited goes on its way."""
        self.refusing = self.swallow_to_server = False
        self.delay_s = self.cut_share = 0.0
        self._flowing.set()

    def cut(self) -> int:
        """Cut every connection; returns how many there were."""
        count = len(self.links)
        for link in list(self.links):
            link.cut()
        return count

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server = None if self.refusing else await self._dial()
        if server is None:
            writer.transport.abort()
            return
        link = Link((reader, writer), server)
        self.links.add(link)
        try:
            link.tasks = [asyncio.create_task(self._carry(link, to_server)) for to_server in (True, False)]
            await asyncio.wait(link.tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self.links.discard(link)
            for task in link.tasks:
                task.cancel()
            for _, each in (link.client, link.server):
                each.close()

    async def _dial(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        await self._flowing.wait()
        with suppress(OSError):
            return await asyncio.open_connection(HOST, self.target, limit=LIMIT)
        return None

    async def _carry(self, link: Link, to_server: bool) -> None:
        (reader, _), (_, writer) = (link.client, link.server) if to_server else (link.server, link.client)
        with suppress(OSError, asyncio.IncompleteReadError):
            await self.carry(link, reader, writer, to_server=to_server)

    async def carry(self, link: Link, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, to_server: bool) -> None:
        """Carry one direction of a connection to its end."""
        while data := await reader.read(CHUNK):
            await self.pass_on(writer, [data], to_server=to_server)

    async def pass_on(self, writer: asyncio.StreamWriter, pieces: Iterable[bytes], *, to_server: bool) -> None:
        """Write, as the faults of the moment allow.

        Raises:
            ConnectionResetError: when the connection is cut here, which happens to `cut_share` of all pieces.
        """
        if self.cut_share and self.random.random() < self.cut_share:
            raise ConnectionResetError("cut here")
        if self.delay_s:
            await asyncio.sleep(self.delay_s)  # the fault itself
        await self._flowing.wait()
        if to_server and self.swallow_to_server:
            return
        writer.writelines(pieces)
        await writer.drain()
