"""Cursors: the `id:` of an event. Opaque, good at every replica, and only for the consult that it came from."""

import hashlib
import hmac

from consilium_gateway.problems import RequestError

TAG_BYTES = 6  # enough to tell another consult's cursor from a slip; a cursor opens nothing


class Cursors:
    """Makes and reads cursors with a key that all replicas share."""

    def __init__(self, key: bytes) -> None:
        self._key = hashlib.blake2b(key, digest_size=32, person=b"cursor").digest()

    def make(self, consult: str, seq: int) -> str:
        """Return the cursor of an event."""
        tag = hashlib.blake2b(f"{consult}:{seq}".encode(), key=self._key, digest_size=TAG_BYTES).hexdigest()
        return f"{seq:x}-{tag}"

    def read(self, consult: str, cursor: str) -> int:
        """Return the `seq` in a cursor of this consult.

        Raises:
            RequestError: 400 when it is garbage or belongs to another consult.
        """
        number, _, _ = cursor.partition("-")
        try:
            seq = int(number, 16)
        except ValueError:
            seq = -1
        if not 0 < seq < 2**31 or not hmac.compare_digest(self.make(consult, seq).encode(), cursor.encode()):
            raise RequestError(
                400,
                "Unknown event id",
                "unknown-cursor",
                "Last-Event-ID (or 'after') is not an id of this consult's events; leave it out to get all of them.",
            )
        return seq
