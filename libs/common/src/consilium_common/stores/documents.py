"""MongoDB: the connection that the repositories share, and the translation of its errors.

Only the subset in docs/adr that the local server knows is used: no pipelines in updates, no `$lookup`, no replacements, no
dates or booleans in `$set`. Times that change are therefore integers of milliseconds since 1970, UTC; `expires_at` is a
date, written once, because the server deletes by it.
"""

import logging
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any

import pymongo
from pymongo import AsyncMongoClient, WriteConcern
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import ConfigurationError, ConnectionFailure, PyMongoError

from consilium_common.guard import Guard
from consilium_common.settings import MongoSettings
from consilium_common.stores.errors import StoreError

log = logging.getLogger(__name__)

Document = dict[str, Any]

OPERATION_TIMEOUT_MS = 5_000  # a consult has about ten seconds; half of them for one operation is already a failure
PING_TIMEOUT_S = 1.0
SELECTION_TIMEOUT_MS = 3_000
POOL = 64  # more operations at once only queue inside the server
DURABLE = WriteConcern(w="majority", j=True)


@dataclass(frozen=True)
class Documents:
    """One database. `durable` is for what was promised to a client, the plain collection for what can be made again."""

    database: AsyncDatabase[Document]
    guard: Guard = field(default_factory=lambda: Guard("documents", lambda message: StoreError("documents", message)))

    def collection(self, name: str) -> AsyncCollection[Document]:
        """Return a collection whose writes are acknowledged by one server."""
        return self.database[name]

    def durable(self, name: str) -> AsyncCollection[Document]:
        """Return a collection whose writes are journaled by a majority before they are acknowledged."""
        return self.database.get_collection(name, write_concern=DURABLE)

    @contextmanager
    def asking(self) -> Iterator[None]:
        """Wrap each operation: its errors become StoreError, and a MongoDB that is away is not waited for every time.

        What is expected, such as a duplicate key, is caught inside.
        """
        with self.guard.call(), document_errors():
            yield

    async def ping(self) -> bool:
        """Return whether MongoDB answers."""
        try:
            with pymongo.timeout(PING_TIMEOUT_S):
                await self.database.client.admin.command("ping")
        except PyMongoError as error:
            log.warning("documents do not answer", extra={"error": type(error).__name__})
            return False
        return True


@asynccontextmanager
async def open_documents(settings: MongoSettings) -> AsyncIterator[Documents]:
    """Open the client. It connects with the first operation and again whenever the server was away.

    Raises:
        StoreError: when MONGO_URI is not a MongoDB address.
    """
    try:
        client: AsyncMongoClient[Document] = AsyncMongoClient(
            settings.mongo_uri.get_secret_value(),
            tz_aware=True,
            timeoutMS=OPERATION_TIMEOUT_MS,
            serverSelectionTimeoutMS=SELECTION_TIMEOUT_MS,
            maxPoolSize=POOL,
            appname="consilium",
        )
    except (ConfigurationError, ValueError) as error:
        raise StoreError(
            "documents", f"MONGO_URI is not usable ({type(error).__name__}); it begins with mongodb://.", False
        ) from None
    async with client:
        yield Documents(client[settings.mongo_db_name])


@contextmanager
def document_errors() -> Iterator[None]:
    """Turn the driver's errors into StoreError."""
    try:
        yield
    except ConnectionFailure as error:
        raise StoreError("documents", f"MongoDB does not answer ({type(error).__name__}).") from error
    except PyMongoError as error:
        raise StoreError(
            "documents", f"MongoDB refused an operation ({type(error).__name__}).", retryable=bool(error.timeout)
        ) from error


def now_ms() -> int:
    """Return the time as it is stored: milliseconds since 1970, UTC."""
    return time.time_ns() // 1_000_000
