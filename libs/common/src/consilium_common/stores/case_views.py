"""Case views: what one specialist may see of one consult. Sealed, and deleted by the server when they expire."""

import zlib
from collections.abc import Sequence
from datetime import UTC, datetime

from consilium_common.contracts.case import CaseView
from consilium_common.security.sealing import Sealer
from consilium_common.stores.documents import Documents

FAST = 1  # zlib's quickest level: a view shrinks to a third in 50 microseconds, and the database has less to write


class CaseViews:
    """Reads and writes the collection `case_views`."""

    def __init__(self, documents: Documents, sealer: Sealer) -> None:
        self._asking = documents.asking
        self._views = documents.collection("case_views")
        self._sealer = sealer

    async def insert(self, views: Sequence[CaseView]) -> None:
        """Store the views of one consult.

        Raises:
            StoreError: when MongoDB does not answer.
        """
        if not views:
            return
        rows = [
            {
                "_id": view.view_id,
                "specialist": view.specialist,
                "consult_id": view.consult_id,
                "sealed": self._sealer.seal(
                    zlib.compress(view.model_dump_json().encode(), FAST), _aad(view.view_id, view.specialist)
                ),
                "expires_at": view.expires_at,
            }
            for view in views
        ]
        with self._asking():
            await self._views.insert_many(rows)

    async def get(self, view_id: str, specialist: str) -> CaseView | None:
        """Return a specialist's own view; None when there is none, it is another's, or it has expired.

        Raises:
            StoreError: when MongoDB does not answer.
            SealError: when the stored bytes were changed.
        """
        with self._asking():
            row = await self._views.find_one({"_id": view_id})
        # The server deletes once a minute, and a view that has expired must not be read in between.
        if row is None or row["specialist"] != specialist or row["expires_at"] <= datetime.now(UTC):
            return None
        return CaseView.model_validate_json(zlib.decompress(self._sealer.open(row["sealed"], _aad(view_id, specialist))))

    async def delete_of_consult(self, consult_id: str) -> int:
        """Delete all views of a consult, as for a cancellation or an erasure; returns how many there were.

        Raises:
            StoreError: when MongoDB does not answer.
        """
        with self._asking():
            return (await self._views.delete_many({"consult_id": consult_id})).deleted_count


def _aad(view_id: str, specialist: str) -> bytes:
    """Bind the bytes to their row, so that a view copied to another specialist's row does not open."""
    return f"consilium.case_views.v1:{view_id}:{specialist}".encode()
