"""Every index of the document store, in one place."""

from pymongo import ASCENDING, DESCENDING

from consilium_common.stores.documents import Documents

UP, DOWN = ASCENDING, DESCENDING


async def ensure_indexes(documents: Documents) -> None:
    """Create what is missing. Safe to run from every service at once.

    Raises:
        StoreError: when MongoDB does not answer or an index exists with other settings.
    """
    database = documents.database
    with documents.asking():
        await database.consults.create_index([("owner", UP), ("idempotency_key", UP)], unique=True)
        await database.consults.create_index([("final_type", UP), ("accepted_ms", UP)])
        await database.consults.create_index([("owner", UP), ("accepted_ms", DOWN)])
        await database.consults.create_index([("owner", UP), ("session_id", UP)])
        await database.case_views.create_index("expires_at", expireAfterSeconds=0)
        await database.case_views.create_index("consult_id")
        await database.packs.create_index([("specialist", UP), ("stored_ms", DOWN)])
