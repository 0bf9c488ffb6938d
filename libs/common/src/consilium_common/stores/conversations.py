"""Conversations: sessions and their messages, for the history of a chat. What was said is sealed by the caller."""

from dataclasses import dataclass
from typing import Literal

from pymongo import DESCENDING
from pymongo.errors import DuplicateKeyError

from consilium_common.stores.documents import Documents, document_errors

Role = Literal["user", "assistant"]


@dataclass(frozen=True)
class Session:
    """One conversation. Times are ms since 1970, UTC."""

    id: str
    owner: str
    created_ms: int
    updated_ms: int


@dataclass(frozen=True)
class ChatMessage:
    """One message. `sealed` is its content as the caller sealed it; `id` makes a repeated `add` harmless."""

    id: str
    session_id: str
    consult_id: str
    role: Role
    at_ms: int
    sealed: bytes


class Conversations:
    """Reads and writes the collections `sessions` and `messages`."""

    def __init__(self, documents: Documents) -> None:
        self._sessions = documents.durable("sessions")
        self._messages = documents.durable("messages")

    async def open(self, session_id: str, owner: str, at_ms: int) -> bool:
        """Start a session or touch one that exists. Returns False when it belongs to somebody else.

        Raises:
            StoreError: when MongoDB does not answer.
        """
        with document_errors():
            try:
                await self._sessions.insert_one({"_id": session_id, "owner": owner, "created_ms": at_ms, "updated_ms": at_ms})
            except DuplicateKeyError:
                touched = await self._sessions.update_one({"_id": session_id, "owner": owner}, {"$max": {"updated_ms": at_ms}})
                return touched.matched_count == 1
        return True

    async def get(self, session_id: str, owner: str) -> Session | None:
        """Return a session of this owner.

        Raises:
            StoreError: when MongoDB does not answer.
        """
        with document_errors():
            row = await self._sessions.find_one({"_id": session_id, "owner": owner})
        return Session(row["_id"], row["owner"], row["created_ms"], row["updated_ms"]) if row else None

    async def of_owner(self, owner: str, limit: int) -> list[Session]:
        """Return an owner's sessions, the last used first.

        Raises:
            StoreError: when MongoDB does not answer.
        """
        with document_errors():
            rows = await self._sessions.find({"owner": owner}).sort("updated_ms", DESCENDING).limit(limit).to_list()
        return [Session(row["_id"], row["owner"], row["created_ms"], row["updated_ms"]) for row in rows]

    async def add(self, message: ChatMessage) -> None:
        """Store a message; the same id again changes nothing.

        Raises:
            StoreError: when MongoDB does not answer.
        """
        row = {
            "_id": message.id,
            "session_id": message.session_id,
            "consult_id": message.consult_id,
            "role": message.role,
            "at_ms": message.at_ms,
            "sealed": message.sealed,
        }
        with document_errors():
            try:
                await self._messages.insert_one(row)
            except DuplicateKeyError:
                return

    async def history(self, session_id: str, limit: int) -> list[ChatMessage]:
        """Return the last messages of a session, oldest first. Ask `get` first whose session it is.

        Raises:
            StoreError: when MongoDB does not answer.
        """
        with document_errors():
            rows = await self._messages.find({"session_id": session_id}).sort("at_ms", DESCENDING).limit(limit).to_list()
        return [
            ChatMessage(row["_id"], row["session_id"], row["consult_id"], row["role"], row["at_ms"], row["sealed"])
            for row in reversed(rows)
        ]
