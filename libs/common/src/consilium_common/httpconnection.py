"""The connection under an HTTP response, for streams: what is written leaves at once or holds the writer up, and it can be cut.

ASGI has no word for either. Without them a reader that takes nothing keeps its unsent bytes in this process for ever: closing
a connection politely waits until they have left.
"""

import socket
import struct
from collections.abc import Mapping
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

EXTENSION = "consilium.connection"


class Connection:
    """One client's connection."""

    __slots__ = ("_protocol",)

    def __init__(self, protocol: HttpToolsProtocol) -> None:
        self._protocol = protocol

    def hold_back(self) -> None:
        """From now on, let every send wait until the one before it has left for the kernel."""
        self._protocol.transport.set_write_buffer_limits(high=0)

    async def flushed(self) -> None:
        """Wait until everything has left for the kernel, or the connection is gone.

        Also on a connection that is being closed, as uvicorn does by itself after `Connection: close`: that waits, too.
        """
        await self._protocol.flow.drain()

    def abort(self) -> None:
        """Reset it: neither this process nor the kernel keeps what was not sent."""
        sock = self._protocol.transport.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._protocol.transport.abort()


class StreamingProtocol(HttpToolsProtocol):
    """Uvicorn's HTTP protocol, which shows an application its connection under `extensions` in the scope."""

    def on_message_begin(self) -> None:
        """Begin a request."""
        super().on_message_begin()
        self.scope["extensions"] = {EXTENSION: Connection(self)}  # type: ignore[dict-item]


def connection_of(scope: Mapping[str, Any]) -> Connection:
    """Return the connection under a request that `StreamingProtocol` carries."""
    found = scope["extensions"][EXTENSION]
    if not isinstance(found, Connection):
        raise TypeError("the scope holds something else than a connection")
    return found
