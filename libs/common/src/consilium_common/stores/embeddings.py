"""Embeddings by content hash, so that no text is embedded twice, not even after vectors were lost."""

import hashlib
from collections.abc import Mapping, Sequence

from pymongo.errors import BulkWriteError

from consilium_common.stores.documents import Documents

DUPLICATE_KEY = 11000


def content_hash(model: str, text: str) -> str:
    """Return the key of a text's embedding: SHA-256 of the model's name and the text."""
    return hashlib.sha256(f"{model}\0{text}".encode()).hexdigest()


class Embeddings:
    """Reads and writes the collection `embeddings`. Vectors are little-endian float32."""

    def __init__(self, documents: Documents) -> None:
        self._asking = documents.asking
        self._embeddings = documents.collection("embeddings")

    async def get(self, hashes: Sequence[str]) -> dict[str, bytes]:
        """Return the vectors that are there, by hash.

        Raises:
            StoreError: when MongoDB does not answer.
        """
        with self._asking():
            rows = await self._embeddings.find({"_id": {"$in": list(hashes)}}).to_list()
        return {row["_id"]: row["vector"] for row in rows}

    async def put(self, vectors: Mapping[str, bytes]) -> None:
        """Store vectors by hash; one that is there already is left alone.

        Raises:
            StoreError: when MongoDB does not answer.
        """
        if not vectors:
            return
        with self._asking():
            try:
                await self._embeddings.insert_many(
                    [{"_id": key, "vector": value} for key, value in vectors.items()], ordered=False
                )
            except BulkWriteError as error:
                if any(one["code"] != DUPLICATE_KEY for one in error.details["writeErrors"]):
                    raise
