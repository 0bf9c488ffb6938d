"""Ports on loopback: free ones, and whether a wanted one is taken."""

import random
import socket

from consilium_common.errors import ConsiliumError

HOST = "127.0.0.1"
# Below the range from which Linux and macOS take ports for outgoing connections, so that none slips in while a server restarts.
FIRST, LAST = 20_000, 32_000


class PortTakenError(ConsiliumError):
    """A port is in use by another program."""

    def __init__(self, port: int) -> None:
        message = f"Port {port} on {HOST} is taken by another program; stop that program or give another with --port."
        super().__init__("port_taken", message)


def is_free(port: int) -> bool:
    """Return whether a server could listen on this loopback port now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as servers do; a listening socket still refuses
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def require_free(port: int) -> int:
    """Return the port.

    Raises:
        PortTakenError: when it is in use.
    """
    if not is_free(port):
        raise PortTakenError(port)
    return port


def free_ports(count: int) -> list[int]:
    """Return different ports that nobody listens on. They are not reserved, so use them soon."""
    candidates = random.sample(range(FIRST, LAST), k=LAST - FIRST)
    found = [port for port, _ in zip((port for port in candidates if is_free(port)), range(count), strict=False)]
    if len(found) < count:
        raise ConsiliumError("no_ports", f"Only {len(found)} of {count} ports between {FIRST} and {LAST} are free on {HOST}.")
    return found
