"""The archive: all events of a consult that has ended, as clients read them, compressed and sealed in one piece in MongoDB."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from weakref import WeakValueDictionary

import orjson

from consilium_common.security.sealing import Sealer
from consilium_common.stores.consults import Consults
from consilium_gateway.hub import ConsultLog

FAST = 1  # zlib's quickest level: 50 KB of events become 8 in half a millisecond
END = b"\n\n"  # of a frame; JSON has no bare newline, so it stands nowhere else


@dataclass(frozen=True)
class Archive:
    """Keeps and gives back what has left memory and stream."""

    consults: Consults
    sealer: Sealer
    _read: "WeakValueDictionary[str, ConsultLog]" = field(default_factory=WeakValueDictionary)

    async def keep(self, consult_id: str, final_type: str, frames: Sequence[bytes]) -> bool:
        """Record how a consult ended. Returns False when that was recorded already.

        Raises:
            StoreError: when MongoDB does not answer.
        """
        sealed = self.sealer.seal(zlib.compress(b"".join(frames), FAST), _aad(consult_id))
        return await self.consults.record_final(consult_id, final_type, sealed)

    async def log(self, consult_id: str) -> ConsultLog:
        """Return the log of an ended consult, the same for all who read it at a time; an empty one when nothing was archived.

        Raises:
            StoreError: when MongoDB does not answer.
            SealError: when the stored bytes were changed.
        """
        if (open_log := self._read.get(consult_id)) is not None:
            return open_log
        log = ConsultLog()
        sealed = await self.consults.archive(consult_id)
        if sealed is not None:
            *frames, _ = zlib.decompress(self.sealer.open(sealed, _aad(consult_id))).split(END)
            for frame in frames[:-1]:
                log.add(frame + END)
            log.add(frames[-1] + END, orjson.loads(frames[-1].partition(b"\ndata: ")[2]))
            self._read[consult_id] = log
        return log


def _aad(consult_id: str) -> bytes:
    return f"consilium.consults.v1:{consult_id}:archive".encode()
