"""How far each import has come, so that one which was killed goes on where it was."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from pymongo.errors import DuplicateKeyError

from consilium_common.stores.documents import Document, Documents, now_ms

RUNNING, COMPLETE = "running", "complete"


@dataclass(frozen=True)
class ImportProgress:
    """The state of one source. `version` is a hash of content, names of the packs and code; `position` counts records read.

    `counts` are of all that was read until there. When it is complete, `stored` says how much of it each store held.
    """

    source: str
    version: str = ""
    state: str = ""
    position: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)
    stored: Mapping[str, int] = field(default_factory=dict)
    rejects: tuple[str, ...] = ()


class Imports:
    """Reads and writes the collection `imports`: one row a source, leased to whoever imports it."""

    def __init__(self, documents: Documents) -> None:
        self._asking = documents.asking
        self._imports = documents.durable("imports")

    async def get(self, source: str) -> ImportProgress:
        """Return the progress of a source, an empty one when it was never imported.

        Raises:
            StoreError: when MongoDB does not answer.
        """
        with self._asking():
            row = await self._imports.find_one({"_id": source})
        return _progress(row) if row else ImportProgress(source)

    async def lease(self, source: str, holder: str, lease_s: float) -> bool:
        """Take a source, or keep it: nobody else imports it until the lease ends. False when somebody else has it.

        Raises:
            StoreError: when MongoDB does not answer.
        """
        now = now_ms()
        lease = {"holder": holder, "leased_until_ms": now + round(lease_s * 1000)}
        with self._asking():
            try:
                await self._imports.insert_one({"_id": source, **lease})
            except DuplicateKeyError:
                for free in ({"holder": holder}, {"leased_until_ms": {"$lt": now}}):
                    if (await self._imports.update_one({"_id": source, **free}, {"$set": lease})).matched_count:
                        return True
                return False
        return True

    async def release(self, source: str, holder: str) -> None:
        """Give a source free.

        Raises:
            StoreError: when MongoDB does not answer.
        """
        with self._asking():
            await self._imports.update_one({"_id": source, "holder": holder}, {"$set": {"leased_until_ms": 0}})

    async def save(self, holder: str, progress: ImportProgress) -> bool:
        """Keep the progress; False when the source is no longer this holder's.

        Raises:
            StoreError: when MongoDB does not answer.
        """
        values = {
            "version": progress.version,
            "state": progress.state,
            "position": progress.position,
            "counts": json.dumps(progress.counts),
            "stored": json.dumps(progress.stored),
            "rejects": json.dumps(progress.rejects),
            "saved_ms": now_ms(),
        }
        with self._asking():
            result = await self._imports.update_one({"_id": progress.source, "holder": holder}, {"$set": values})
        return result.matched_count == 1


def _progress(row: Document) -> ImportProgress:
    return ImportProgress(
        source=row["_id"],
        version=row.get("version", ""),
        state=row.get("state", ""),
        position=row.get("position", 0),
        counts=json.loads(row.get("counts", "{}")),
        stored=json.loads(row.get("stored", "{}")),
        rejects=tuple(json.loads(row.get("rejects", "[]"))),
    )
