"""Consults: stored before they are on the bus, finished once, and leased for another attempt when they have no final."""

from dataclasses import dataclass, replace
from typing import Any

from pymongo import ASCENDING, DESCENDING, ReturnDocument
from pymongo.errors import DuplicateKeyError

from consilium_common.stores.documents import Document, Documents, now_ms
from consilium_common.stores.errors import ConflictError

_WITHOUT_ARCHIVE = {"archive": 0}


@dataclass(frozen=True)
class Consult:
    """One consult as stored. `owner` is a pseudonym; `request` is sealed; times are ms since 1970, UTC.

    `idempotency_key` is empty when the client gave none. `attempts` counts submissions, the first included. `on_disconnect` is
    `cancel` when the consult is to end when nobody reads it any more.
    """

    id: str
    owner: str
    session_id: str
    gateway: str
    body_sha256: str
    request: bytes
    deadline_ms: int
    idempotency_key: str = ""
    on_disconnect: str = "continue"
    accepted_ms: int = 0
    attempts: int = 1
    final_type: str | None = None
    final_ms: int | None = None


class Consults:
    """Reads and writes the collection `consults`, journaled."""

    def __init__(self, documents: Documents) -> None:
        self._asking = documents.asking
        self._consults = documents.durable("consults")

    async def accept(self, consult: Consult) -> Consult:
        """Store a consult and return it, or the one that the same owner stored under the same key and body before.

        Raises:
            ConflictError: when the key was used with another body.
            StoreError: when MongoDB does not answer; the consult may then be stored or not, and the same key tells.
        """
        accepted = replace(consult, accepted_ms=consult.accepted_ms or now_ms())
        with self._asking():
            try:
                await self._consults.insert_one(_row(accepted))
            except DuplicateKeyError:
                return await self._accepted_before(consult)
        return accepted

    async def _accepted_before(self, consult: Consult) -> Consult:
        row = await self._consults.find_one(
            {"owner": consult.owner, "idempotency_key": consult.idempotency_key}, _WITHOUT_ARCHIVE
        )
        if row is None or row["body_sha256"] != consult.body_sha256:
            raise ConflictError("This Idempotency-Key was used for another question; use a new key for a new question.")
        return _consult(row)

    async def get(self, consult_id: str, owner: str | None = None) -> Consult | None:
        """Return a consult, only when it belongs to `owner` if one is given.

        Raises:
            StoreError: when MongoDB does not answer.
        """
        query = {"_id": consult_id} if owner is None else {"_id": consult_id, "owner": owner}
        with self._asking():
            row = await self._consults.find_one(query, _WITHOUT_ARCHIVE)
        return _consult(row) if row else None

    async def has_session(self, session_id: str, owner: str) -> bool:
        """Return whether this owner has asked anything in a session: its consults are all there is to a session.

        Raises:
            StoreError: when MongoDB does not answer.
        """
        with self._asking():
            row = await self._consults.find_one({"owner": owner, "session_id": session_id}, {"_id": 1})
        return row is not None

    async def archive(self, consult_id: str) -> bytes | None:
        """Return the sealed events that were archived when the consult ended; None before.

        Raises:
            StoreError: when MongoDB does not answer.
        """
        with self._asking():
            row = await self._consults.find_one({"_id": consult_id}, {"archive": 1})
        return row.get("archive") if row else None

    async def record_final(self, consult_id: str, final_type: str, archive: bytes) -> bool:
        """Record how a consult ended, with all its events sealed. Returns False when that was recorded already; it stands.

        Raises:
            StoreError: when MongoDB does not answer.
        """
        done = {"final_type": final_type, "final_ms": now_ms(), "archive": archive}
        with self._asking():
            result = await self._consults.update_one({"_id": consult_id, "final_type": None}, {"$set": done})
        return result.modified_count == 1

    async def lease_unfinished(
        self, accepted_before_ms: int, lease_s: float, *, accepted_after_ms: int = 0, attempt: bool = True
    ) -> Consult | None:
        """Take the oldest consult without a final between two times; nobody else gets it for `lease_s` seconds.

        The returned `attempts` is the number of the attempt to submit: a new one, unless `attempt` is false and it is only
        to be seen whether the last one was ever submitted. None when there is nothing to do.

        Raises:
            StoreError: when MongoDB does not answer.
        """
        now = now_ms()
        between = {"$lt": accepted_before_ms, "$gte": accepted_after_ms}
        waiting = {"final_type": None, "accepted_ms": between, "leased_until_ms": {"$lt": now}}
        lease = {"$set": {"leased_until_ms": now + round(lease_s * 1000)}, "$inc": {"attempts": int(attempt)}}
        with self._asking():
            row = await self._consults.find_one_and_update(
                waiting,
                lease,
                projection=_WITHOUT_ARCHIVE,
                sort=[("accepted_ms", ASCENDING)],
                return_document=ReturnDocument.AFTER,
            )
        return _consult(row) if row else None

    async def of_owner(self, owner: str, limit: int, before_ms: int | None = None) -> list[Consult]:
        """Return an owner's consults, newest first; `before_ms` is the `accepted_ms` of the last one of the page before.

        Raises:
            StoreError: when MongoDB does not answer.
        """
        query: dict[str, Any] = {"owner": owner}
        if before_ms is not None:
            query["accepted_ms"] = {"$lt": before_ms}
        with self._asking():
            rows = await self._consults.find(query, _WITHOUT_ARCHIVE).sort("accepted_ms", DESCENDING).limit(limit).to_list()
        return [_consult(row) for row in rows]


def _row(consult: Consult) -> Document:
    return {
        "_id": consult.id,
        "owner": consult.owner,
        "session_id": consult.session_id,
        "gateway": consult.gateway,
        "body_sha256": consult.body_sha256,
        "request": consult.request,
        "deadline_ms": consult.deadline_ms,
        # Without a key the consult's own id stands in, so that one unique index serves both.
        "idempotency_key": consult.idempotency_key or consult.id,
        "on_disconnect": consult.on_disconnect,
        "accepted_ms": consult.accepted_ms,
        "attempts": consult.attempts,
        "leased_until_ms": 0,
        "final_type": None,
    }


def _consult(row: Document) -> Consult:
    return Consult(
        id=row["_id"],
        owner=row["owner"],
        session_id=row["session_id"],
        gateway=row["gateway"],
        body_sha256=row["body_sha256"],
        request=row["request"],
        deadline_ms=row["deadline_ms"],
        idempotency_key="" if row["idempotency_key"] == row["_id"] else row["idempotency_key"],
        on_disconnect=row.get("on_disconnect", "continue"),
        accepted_ms=row["accepted_ms"],
        attempts=row["attempts"],
        final_type=row.get("final_type"),
        final_ms=row.get("final_ms"),
    )
