"""Simulated MongoDB: the operations that the repositories use, over a connection on which anything may be lost."""

import copy
import operator
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, TypeVar

from pymongo.errors import AutoReconnect, DuplicateKeyError

from consilium_common.stores.documents import Document
from simulation.wire import Wire

T = TypeVar("T")

AWAY_S = 3.0  # how long a driver looks for its server before it gives up


@dataclass(eq=False)
class Data:
    """What the server holds. While `away_until` is in the future, nothing answers."""

    collections: dict[str, dict[str, Document]] = field(default_factory=dict)
    away_until: float = 0.0

    def rows(self, name: str) -> dict[str, Document]:
        return self.collections.setdefault(name, {})


@dataclass(eq=False)
class SimDatabase:
    """One process's view of the database."""

    data: Data
    wire: Wire

    def __getitem__(self, name: str) -> "SimCollection":
        return SimCollection(name, self.data, self.wire)

    def get_collection(self, name: str, **_: Any) -> "SimCollection":
        return self[name]


@dataclass(eq=False)
class SimCollection:
    """One collection, as `AsyncCollection` is used."""

    name: str
    data: Data
    wire: Wire

    @property
    def rows(self) -> dict[str, Document]:
        return self.data.rows(self.name)

    async def insert_one(self, row: Document) -> None:
        await self._ask("insert", row["_id"], lambda: self._insert(row))

    async def insert_many(self, rows: list[Document]) -> None:
        await self._ask("insert", self.name, lambda: [self._insert(row) for row in rows])

    async def find_one(self, query: Document, projection: Document | None = None) -> Document | None:
        return await self._ask("find", str(query.get("_id", self.name)), lambda: copy.copy(next(self._found(query), None)))

    async def update_one(self, query: Document, change: Document) -> Any:
        def apply() -> Any:
            row = next(self._found(query), None)
            if row is not None:
                _change(row, change)
            return SimpleNamespace(modified_count=int(row is not None))

        return await self._ask("update", str(query.get("_id", self.name)), apply)

    async def find_one_and_update(self, query: Document, change: Document, **more: Any) -> Document | None:
        def apply() -> Document | None:
            ((name, _),) = more.get("sort", [("_id", 1)])
            row = min(self._found(query), key=lambda each: each[name], default=None)
            if row is not None:
                _change(row, change)
            return copy.copy(row)

        return await self._ask("lease", self.name, apply)

    async def delete_many(self, query: Document) -> Any:
        def apply() -> Any:
            gone = list(self._found(query))
            for row in gone:
                del self.rows[row["_id"]]
            return SimpleNamespace(deleted_count=len(gone))

        return await self._ask("delete", self.name, apply)

    async def _ask(self, what: str, subject: str, apply: Any) -> Any:
        if self.data.away_until > self.wire.process.loop.time():
            self.wire.faults.note("away", self.wire.process.name, what, subject)
            await _after(self.wire, AWAY_S)
            raise AutoReconnect("no server")
        return await self.wire.ask(what, subject, apply)

    def _insert(self, row: Document) -> None:
        taken = ("owner", "idempotency_key")
        same = (all(each.get(key) == row.get(key) for key in taken) for each in self.rows.values())
        if row["_id"] in self.rows or (self.name == "consults" and any(same)):
            raise DuplicateKeyError("E11000 duplicate key")
        self.rows[row["_id"]] = dict(row)

    def _found(self, query: Document) -> Any:
        return (row for row in self.rows.values() if all(_fits(row.get(key), value) for key, value in query.items()))


async def _after(wire: Wire, seconds: float) -> None:
    passed = wire.process.loop.create_future()
    wire.process.loop.call_later(seconds, lambda: passed.done() or passed.set_result(None))
    await passed


def _fits(value: Any, wanted: Any) -> bool:
    if isinstance(wanted, dict):
        tests = {"$lt": operator.lt, "$lte": operator.le, "$gt": operator.gt, "$gte": operator.ge}
        return all(tests[name](value, limit) for name, limit in wanted.items())
    return bool(value == wanted)


def _change(row: Document, change: Document) -> None:
    row.update(change.get("$set", {}))
    for name, by in change.get("$inc", {}).items():
        row[name] = row.get(name, 0) + by
