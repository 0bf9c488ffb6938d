"""Knowledge packs as their specialists published them: the source from which vectors and graph are built again."""

from pymongo import ASCENDING, DESCENDING
from pymongo.errors import DuplicateKeyError

from consilium_common.stores.documents import Documents, now_ms


class Packs:
    """Reads and writes the collections `packs` (content, one row a version) and `packs_loaded` (what is loaded where)."""

    def __init__(self, documents: Documents) -> None:
        self._asking = documents.asking
        self._packs = documents.durable("packs")
        self._loaded = documents.durable("packs_loaded")

    async def put(self, specialist: str, version: str, content: bytes) -> str:
        """Store a pack's canonical JSON and return its reference; a version that is there already is left alone.

        Raises:
            StoreError: when MongoDB does not answer.
        """
        reference = f"{specialist}:{version}"
        row = {"_id": reference, "specialist": specialist, "version": version, "content": content, "stored_ms": now_ms()}
        with self._asking():
            try:
                await self._packs.insert_one(row)
            except DuplicateKeyError:
                # Stored again on purpose: `latest` must name what runs, also after a step back to an older version.
                await self._packs.update_one({"_id": reference}, {"$set": {"stored_ms": now_ms()}})
        return reference

    async def get(self, specialist: str, version: str) -> bytes | None:
        """Return a pack's canonical JSON.

        Raises:
            StoreError: when MongoDB does not answer.
        """
        with self._asking():
            row = await self._packs.find_one({"_id": f"{specialist}:{version}"})
        return row["content"] if row else None

    async def latest(self) -> dict[str, str]:
        """Return the version that each specialist published last.

        Raises:
            StoreError: when MongoDB does not answer.
        """
        newest: dict[str, str] = {}
        with self._asking():
            rows = self._packs.find({}, {"specialist": 1, "version": 1}).sort(
                [("specialist", ASCENDING), ("stored_ms", DESCENDING)]
            )
            async for row in rows:
                newest.setdefault(row["specialist"], row["version"])
        return newest

    async def loaded_version(self, specialist: str) -> str | None:
        """Return the version whose passages were loaded completely, with those of older versions gone.

        Raises:
            StoreError: when MongoDB does not answer.
        """
        with self._asking():
            row = await self._loaded.find_one({"_id": specialist})
        return row["version"] if row else None

    async def mark_loaded(self, specialist: str, version: str) -> None:
        """Record that the passages of a version are loaded completely, and those of older ones gone.

        Raises:
            StoreError: when MongoDB does not answer.
        """
        with self._asking():
            await self._loaded.update_one(
                {"_id": specialist}, {"$set": {"version": version, "loaded_ms": now_ms()}}, upsert=True
            )
