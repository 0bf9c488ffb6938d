"""The MongoDB operations that the stores rely on, against any server given (MONGO_URI) or the local one.

docs/adr/0005 says what is left out, and why. A store that needs a new operation adds it here first.
"""

import ast
import asyncio
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from pymongo import ASCENDING, DESCENDING, AsyncMongoClient, ReturnDocument, WriteConcern
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.errors import BulkWriteError, DuplicateKeyError

import consilium_common.stores
from consilium_common.testing.servers import Servers
from support.waiting import eventually

pytestmark = pytest.mark.timeout(150)

Rows = AsyncCollection[dict[str, Any]]
BYTES = bytes(range(256))
TTL_LIMIT_S = 90.0  # MongoDB looks once a minute


@pytest_asyncio.fixture
async def rows(servers: Servers, tag: str) -> AsyncIterator[Rows]:
    async with AsyncMongoClient[dict[str, Any]](
        servers.environment("mongo")["MONGO_URI"], tz_aware=True, timeoutMS=5000
    ) as client:
        database = client[f"test_{tag}"]
        yield database.get_collection("rows", write_concern=WriteConcern(w="majority", j=True))
        await client.drop_database(database)


async def test_an_inserted_row_comes_back_with_every_type(rows: Rows) -> None:
    at = datetime(2026, 3, 1, 12, 30, 15, 123_000, tzinfo=UTC)
    row = {"_id": "a", "bytes": BYTES, "at": at, "none": None, "number": 2**53, "many": [b"\x00", b"\xff"], "ü": "ñ\u2028"}
    await rows.insert_one(row)
    assert await rows.find_one({"_id": "a"}) == row
    assert await rows.find_one({"_id": "b"}) is None


async def test_a_row_of_eight_megabytes_comes_back(rows: Rows) -> None:
    content = BYTES * 32_768
    await rows.insert_one({"_id": "large", "content": content})
    assert (await rows.find_one({"_id": "large"}) or {})["content"] == content


async def test_of_many_who_insert_the_same_unique_key_one_wins(rows: Rows) -> None:
    await rows.create_index([("owner", ASCENDING), ("key", ASCENDING)], unique=True)

    async def insert(number: int) -> bool:
        try:
            await rows.insert_one({"_id": str(number), "owner": "o", "key": "k"})
        except DuplicateKeyError:
            return False
        return True

    assert sum(await asyncio.gather(*(insert(number) for number in range(16)))) == 1
    await rows.insert_one({"_id": "other", "owner": "o", "key": "another"})
    with pytest.raises(DuplicateKeyError):
        await rows.insert_one({"_id": "other", "owner": "x", "key": "y"})


async def test_an_index_can_be_made_again(rows: Rows) -> None:
    for _ in range(2):
        await rows.create_index([("a", ASCENDING), ("b", DESCENDING)])
        await rows.create_index("expires_at", expireAfterSeconds=0)


async def test_of_many_who_compare_and_set_one_wins(rows: Rows) -> None:
    await rows.insert_one({"_id": "a", "final": None})
    results = await asyncio.gather(
        *(rows.update_one({"_id": "a", "final": None}, {"$set": {"final": bytes([n]), "list": [BYTES]}}) for n in range(16))
    )
    assert sum(result.modified_count for result in results) == 1
    row = await rows.find_one({"_id": "a"}) or {}
    assert row["final"] == bytes([next(n for n, result in enumerate(results) if result.modified_count)])
    assert row["list"] == [BYTES]


async def test_of_many_who_find_and_modify_one_gets_it_the_oldest_first(rows: Rows) -> None:
    await rows.insert_many([{"_id": "new", "at": 2, "until": 0, "n": 1}, {"_id": "old", "at": 1, "until": 0, "n": 1}])
    taken = await asyncio.gather(
        *(
            rows.find_one_and_update(
                {"until": {"$lt": 5}, "at": {"$lt": 9}},
                {"$set": {"until": 1_795_225_306_123}, "$inc": {"n": 1}},
                projection={"secret": 0},
                sort=[("at", ASCENDING)],
                return_document=ReturnDocument.AFTER,
            )
            for _ in range(8)
        )
    )
    got = [row for row in taken if row]
    assert sorted(row["_id"] for row in got) == ["new", "old"]
    assert {(row["until"], row["n"]) for row in got} == {(1_795_225_306_123, 2)}


async def test_an_upsert_makes_a_row_once_and_changes_it_after(rows: Rows) -> None:
    for version in ("v1", "v2"):
        await rows.update_one({"_id": "gp"}, {"$set": {"version": version, "at": 1_795_225_306_123}}, upsert=True)
    assert await rows.find({}).to_list() == [{"_id": "gp", "version": "v2", "at": 1_795_225_306_123}]


async def test_max_only_raises(rows: Rows) -> None:
    await rows.insert_one({"_id": "a", "at": 10})
    for at in (20, 15):
        result = await rows.update_one({"_id": "a", "owner": None}, {"$max": {"at": at}})
        assert result.matched_count == 1
    assert (await rows.find_one({"_id": "a"}) or {})["at"] == 20


async def test_an_unordered_insert_keeps_what_is_new_and_names_what_is_not(rows: Rows) -> None:
    await rows.insert_one({"_id": "b", "v": b"first"})
    with pytest.raises(BulkWriteError) as raised:
        await rows.insert_many([{"_id": each, "v": b"second"} for each in "abc"], ordered=False)
    assert [error["code"] for error in raised.value.details["writeErrors"]] == [11000]
    found = await rows.find({"_id": {"$in": ["a", "b", "c", "d"]}}).to_list()
    assert {row["_id"]: row["v"] for row in found} == {"a": b"second", "b": b"first", "c": b"second"}


async def test_finding_sorts_limits_and_projects(rows: Rows) -> None:
    await rows.insert_many([{"_id": n, "owner": "o", "at": n % 3, "secret": b"s"} for n in range(9)])
    newest = (
        await rows.find({"owner": "o", "at": {"$lt": 2}}, {"secret": 0})
        .sort([("at", DESCENDING), ("_id", ASCENDING)])
        .limit(4)
        .to_list()
    )
    assert newest == [{"_id": each, "owner": "o", "at": at} for each, at in ((1, 1), (4, 1), (7, 1), (0, 0))]
    assert [row async for row in rows.find({"_id": 3}, {"at": 1})] == [{"_id": 3, "at": 0}]


async def test_a_cursor_goes_on_past_its_first_batch(rows: Rows) -> None:
    await rows.insert_many([{"_id": n, "v": "x" * 100} for n in range(1_000)])
    assert len([row async for row in rows.find({}, batch_size=50)]) == 1_000


async def test_rows_are_counted_and_deleted(rows: Rows) -> None:
    await rows.insert_many([{"_id": n, "consult": n % 2} for n in range(5)])
    assert (await rows.delete_many({"consult": 0})).deleted_count == 3
    assert (await rows.delete_one({"_id": 1})).deleted_count == 1
    assert await rows.count_documents({}) == 1


async def test_what_has_expired_is_deleted_by_the_server(rows: Rows) -> None:
    await rows.create_index("expires_at", expireAfterSeconds=0)
    now = datetime.now(UTC)
    await rows.insert_many(
        [{"_id": "old", "expires_at": now - timedelta(seconds=1)}, {"_id": "new", "expires_at": now + timedelta(hours=1)}]
    )

    async def only_the_new_one() -> bool:
        return await rows.count_documents({}) == 1

    await eventually(only_the_new_one, TTL_LIMIT_S)
    assert await rows.find_one({"_id": "new"}) is not None


# What the local server lacks or does otherwise than MongoDB; each is named in the ADR.
LEFT_OUT = re.compile(
    r"""\$lookup|\$push|\$facet|\$currentDate|\.replace_one\(|\.find_one_and_replace\(|ReplaceOne|\.distinct\(|\.aggregate\(|\.watch\("""
)


STORES = sorted(Path(consilium_common.stores.__file__).parent.glob("*.py"))


def code_of(file: Path) -> str:
    """Return a file's code without comments and docstrings."""
    tree = ast.parse(file.read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            node.value.value = None
    return ast.unparse(tree)


@pytest.mark.parametrize("file", STORES, ids=lambda file: file.name)
def test_no_store_uses_what_is_left_out(file: Path) -> None:
    assert not LEFT_OUT.findall(code_of(file))


@pytest.mark.parametrize("file", STORES, ids=lambda file: file.name)
def test_no_store_sets_a_date_or_a_truth_value(file: Path) -> None:
    """The local server would keep text and a number. Times that change are integers; `expires_at` is only ever inserted."""
    assert not re.findall(r"\$set[^\n]*(?:expires_at|datetime|True|False)", code_of(file).replace("upsert=True", ""))
