"""Milvus: passages of knowledge by meaning and by words, one partition for each specialist's pack."""

import asyncio
import json
import logging
import re
from array import array
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import grpc  # type: ignore[import-untyped]
from pymilvus import AnnSearchRequest, AsyncMilvusClient, RRFRanker
from pymilvus.exceptions import MilvusException

from consilium_common.contracts.knowledge import Passage
from consilium_common.guard import Guard
from consilium_common.settings import VectorSettings
from consilium_common.stores.errors import StoreError
from consilium_common.stores.passage_collection import COLLECTION, DIMENSIONS, GRPC_OPTIONS, IMPORTS, create_collection

log = logging.getLogger(__name__)

Result = TypeVar("Result")

# A search takes milliseconds; after this the specialist goes on without. Held here as well as said to the driver, which first
# looks whether its connection lives: with a server that is silent, that takes longer than any limit of a call.
SEARCH_TIMEOUT_S = 3.0
WRITE_TIMEOUT_S = 30.0
RRF_K = 60  # Cormack, Clarke and Buettcher (2009): insensitive around 60
HNSW_EF = 64
BATCH = 500
QUERY_LIMIT = 16_384  # the most rows that Milvus returns at once
NO_COLLECTION = 100
NOT_LOADED = 101
_NAME = re.compile(r"^[A-Za-z0-9_.:-]{1,128}$")
_FIELDS = ["condition", "section", "title", "text", "sources", "dense"]
_MARKS = ("source", "trust", "licence")  # of imports; the packs' passages have the ones that a passage has by default


@dataclass(frozen=True)
class Hit:
    """One passage found, with its vector (384 float32). `score` ranks within one search and means nothing between two."""

    passage: Passage
    score: float
    vector: bytes | None = None


class Vectors:
    """Reads and writes one collection: that of the packs, or that of the imports."""

    def __init__(self, client: AsyncMilvusClient, settings: VectorSettings, collection: str = COLLECTION) -> None:
        self._client = client
        self._settings = settings
        self._collection = collection
        self._fields = [*_FIELDS, *(_MARKS if collection == IMPORTS else ())]
        self._guard = Guard("vectors", lambda message: StoreError("vectors", message))

    def imports(self) -> "Vectors":
        """Return what reads and writes the imports, over the same connection."""
        return Vectors(self._client, self._settings, IMPORTS)

    async def exists(self) -> bool:
        """Return whether the collection is there: that of the imports is made by the first import.

        Raises:
            StoreError: when Milvus does not answer.
        """
        with vector_errors():
            async with asyncio.timeout(SEARCH_TIMEOUT_S):
                return bool(await self._client.has_collection(self._collection, timeout=SEARCH_TIMEOUT_S))

    async def ping(self) -> bool:
        """Return whether Milvus answers."""
        try:
            with vector_errors():
                async with asyncio.timeout(SEARCH_TIMEOUT_S):
                    await self._client.get_server_version(timeout=SEARCH_TIMEOUT_S)
        except StoreError as error:
            log.warning("vectors do not answer", extra={"error": error.message})
            return False
        return True

    async def ensure(self) -> None:
        """Create the collection when it is missing, and load it. Safe to run from several processes at once.

        Raises:
            StoreError: when Milvus does not answer.
        """
        with vector_errors():
            await asyncio.to_thread(create_collection, self._settings, self._collection)
            await self._client.load_collection(self._collection)

    async def hybrid_search(self, partition: str | None, vector: bytes | None, text: str, limit: int) -> list[Hit]:
        """Return the best passages by meaning and by words (BM25), merged by rank; by words alone without a vector.

        They come from one partition, from all when none is given.

        Raises:
            StoreError: when Milvus does not answer in time, or nothing was ever loaded.
        """
        partitions = [partition] if partition else None
        words = AnnSearchRequest([text], "sparse", {"metric_type": "BM25"}, limit=limit * 2)

        async def search() -> Any:
            if vector is None:
                return await self._client.search(
                    self._collection,
                    data=[text],
                    anns_field="sparse",
                    limit=limit,
                    output_fields=self._fields,
                    partition_names=partitions,
                    timeout=SEARCH_TIMEOUT_S,
                )
            params = {"metric_type": "COSINE", "params": {"ef": HNSW_EF}}
            meaning = AnnSearchRequest([floats(vector)], "dense", params, limit=limit * 2)
            return await self._client.hybrid_search(
                self._collection,
                [words, meaning],
                RRFRanker(RRF_K),
                limit=limit,
                output_fields=self._fields,
                partition_names=partitions,
                timeout=SEARCH_TIMEOUT_S,
            )

        async with self._guard.slot():
            with vector_errors():
                found = await self._loaded(search, SEARCH_TIMEOUT_S)
        return [_hit(row) for row in found[0]]

    async def _loaded(self, call: Callable[[], Awaitable[Result]], limit_s: float) -> Result:
        """Call; when the server has started anew since the collection was loaded, load it and call again."""
        try:
            async with asyncio.timeout(limit_s):
                return await call()
        except MilvusException as error:
            if error.code != NOT_LOADED:
                raise
        await self._client.load_collection(self._collection, timeout=WRITE_TIMEOUT_S)  # once, and longer than a search
        async with asyncio.timeout(limit_s):
            return await call()

    async def upsert(self, partition: str, version: str, passages: Sequence[Passage], vectors: Sequence[bytes]) -> None:
        """Store passages with their vectors (384 little-endian float32) under a version; the same locators are replaced.

        Raises:
            StoreError: when Milvus does not answer.
        """
        _check_names(partition, version)
        with vector_errors():
            if not await self._client.has_partition(self._collection, partition):
                await self._client.create_partition(self._collection, partition)
            rows = [self._row(passage, version, vector) for passage, vector in zip(passages, vectors, strict=True)]
            for start in range(0, len(rows), BATCH):
                batch = rows[start : start + BATCH]
                await self._client.upsert(self._collection, batch, partition_name=partition, timeout=WRITE_TIMEOUT_S)

    def _row(self, passage: Passage, version: str, vector: bytes) -> dict[str, Any]:
        marks = {name: getattr(passage, name) for name in _MARKS if name in self._fields}
        return {**_row(passage, version, vector), **marks}

    async def delete_other_versions(self, partition: str, version: str) -> int:
        """Delete what does not belong to `version` and return how much that was.

        Raises:
            StoreError: when Milvus does not answer.
        """
        _check_names(partition, version)
        deleted = 0
        while ids := await self._ids(partition, f'version != "{version}"'):
            # By id: Milvus Lite takes a filter as being about all partitions.
            with vector_errors():
                await self._client.delete(self._collection, ids=ids, timeout=WRITE_TIMEOUT_S)
            deleted += len(ids)
        return deleted

    async def count(self, partition: str, version: str) -> int:
        """Return how many passages of a version are there, at most 16,384.

        Raises:
            StoreError: when Milvus does not answer.
        """
        _check_names(partition, version)
        return len(await self._ids(partition, f'version == "{version}"'))

    async def _ids(self, partition: str, where: str) -> list[str]:
        async def query() -> Any:
            return await self._client.query(
                self._collection,
                filter=where,
                output_fields=["id"],
                partition_names=[partition],
                limit=QUERY_LIMIT,
                consistency_level="Strong",  # it decides what is deleted, so it must see what was just written
                timeout=WRITE_TIMEOUT_S,
            )

        with vector_errors():
            if not await self._client.has_partition(self._collection, partition):
                return []
            return [row["id"] for row in await self._loaded(query, WRITE_TIMEOUT_S)]

    async def settle(self) -> None:
        """Write out what was stored, so that searches use the index: 8 ms instead of 30 at 200 passages.

        Raises:
            StoreError: when Milvus does not answer.
        """
        with vector_errors():
            await self._client.flush(self._collection, timeout=WRITE_TIMEOUT_S)


@asynccontextmanager
async def open_vectors(settings: VectorSettings) -> AsyncIterator[Vectors]:
    """Open the client; it connects with the first operation.

    Raises:
        StoreError: when MILVUS_URI is not an address.
    """
    # The driver logs every failure with a trace of its own, filters included; StoreError says it once and safely.
    logging.getLogger("pymilvus").setLevel(logging.CRITICAL)
    token = settings.milvus_token.get_secret_value() if settings.milvus_token else ""
    with vector_errors():
        client = AsyncMilvusClient(settings.milvus_uri, token=token, timeout=WRITE_TIMEOUT_S, grpc_options=GRPC_OPTIONS)
    try:
        yield Vectors(client, settings)
    finally:
        await client.close()


@contextmanager
def vector_errors() -> Iterator[None]:
    """Turn the driver's errors into StoreError."""
    try:
        yield
    except MilvusException as error:
        if error.code == NO_COLLECTION:
            raise StoreError("vectors", "No knowledge has been loaded into Milvus yet.") from error
        raise StoreError("vectors", f"Milvus refused an operation (code {error.code}).") from error
    except (grpc.RpcError, TimeoutError, OSError) as error:
        raise StoreError("vectors", f"Milvus does not answer ({type(error).__name__}).") from error


def floats(vector: bytes) -> list[float]:
    """Return the numbers in little-endian float32 bytes.

    Raises:
        ValueError: when there are not 384 of them.
    """
    if len(vector) != 4 * DIMENSIONS:
        raise ValueError(f"a vector has {len(vector)} bytes; it must have {4 * DIMENSIONS}, {DIMENSIONS} float32")
    return array("f", vector).tolist()


def _check_names(partition: str, version: str) -> None:
    """Partition and version stand inside filter expressions, so they may hold nothing that ends a string."""
    for value in (partition, version):
        if not _NAME.match(value):
            raise ValueError(f"{value!r} is no usable name: letters, digits and _ . : - only, at most 128")


def _row(passage: Passage, version: str, vector: bytes) -> dict[str, Any]:
    return {
        "id": passage.locator,
        "condition": passage.condition,
        "section": passage.section,
        "version": version,
        "title": passage.title,
        "text": passage.text,
        "sources": json.dumps(passage.sources),
        "dense": floats(vector),
    }


def _hit(row: Any) -> Hit:
    entity = row["entity"]
    passage = Passage(
        locator=row["id"],
        specialist=row["id"].partition("/")[0],
        condition=entity["condition"],
        section=entity["section"],
        title=entity["title"],
        text=entity["text"],
        sources=json.loads(entity["sources"]),
        **{name: entity[name] for name in _MARKS if name in entity},
    )
    dense = entity.get("dense")
    # BM25 may be negative where a word stands in most passages; the order says what is nearer, and a score is never below 0.
    return Hit(passage, max(0.0, float(row["distance"])), None if dense is None else array("f", dense).tobytes())
