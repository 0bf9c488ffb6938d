"""Passages in a real Milvus: by meaning, by words, in partitions that keep apart."""

import asyncio
import random
import struct
import time
from pathlib import Path

import pytest

from consilium_common.contracts.knowledge import Passage
from consilium_common.settings import VectorSettings
from consilium_common.stores.errors import StoreError
from consilium_common.stores.vectors import Vectors, floats, open_vectors
from consilium_common.testing.servers import Servers, free_port, local_values

COMPLAINTS = ("chest pressure on the stairs", "a knee that locks", "a sore throat with fever", "sudden weakness of one side")


def unit(seed: int) -> bytes:
    """Return a vector of length 1 that is nearly at a right angle to those of other seeds."""
    chosen = random.Random(seed)
    numbers = [chosen.gauss(0, 1) for _ in range(384)]
    length = sum(number * number for number in numbers) ** 0.5
    return struct.pack("<384f", *(number / length for number in numbers))


def passages(specialist: str, count: int = len(COMPLAINTS)) -> list[Passage]:
    return [
        Passage(
            locator=f"{specialist}/condition-{number}#about",
            specialist=specialist,
            condition=f"condition-{number}",
            section="about",
            title=f"Condition {number}: what it is",
            text=f"People come with {COMPLAINTS[number % len(COMPLAINTS)]}, number {number}.",
            sources={"esc-2023": "A guideline", "nice-2021": 'Another "quoted" guideline'},
        )
        for number in range(count)
    ]


async def stored(vectors: Vectors, partition: str, count: int = len(COMPLAINTS), version: str = "v1") -> list[Passage]:
    made = passages(partition, count)
    await vectors.upsert(partition, version, made, [unit(number) for number in range(count)])
    return made


async def test_a_passage_comes_back_as_it_was_stored(vectors: Vectors, tag: str) -> None:
    made = await stored(vectors, tag)
    hits = await vectors.hybrid_search(tag, unit(1), "my knee locks", limit=2)
    assert hits[0].passage == made[1]
    assert hits[0].score > hits[1].score
    assert struct.unpack("<384f", hits[0].vector or b"") == pytest.approx(struct.unpack("<384f", unit(1)), abs=1e-6)


async def test_without_a_vector_words_alone_decide(vectors: Vectors, tag: str) -> None:
    made = await stored(vectors, tag)
    hits = await vectors.hybrid_search(tag, None, "I have a sore throat!", limit=3)
    assert hits[0].passage == made[2]
    assert await vectors.hybrid_search(tag, None, "zebra", limit=3) == []
    assert await vectors.hybrid_search(tag, None, "", limit=3) == []


async def test_a_word_that_stands_everywhere_gives_no_score_below_zero(vectors: Vectors, tag: str) -> None:
    await stored(vectors, tag, 8)
    hits = await vectors.hybrid_search(tag, None, "people come", limit=8)
    assert all(hit.score >= 0 for hit in hits)


async def test_imports_are_kept_apart_and_come_back_with_their_marks(vectors: Vectors, tag: str) -> None:
    imports = vectors.imports()
    await imports.ensure()
    marks = {"source": tag, "trust": "imported", "licence": "CC0 1.0", "section": "causes"}
    made = [each.model_copy(update=marks) for each in passages(tag)]
    await imports.upsert(tag, "v1", made, [unit(number) for number in range(len(made))])
    assert [hit.passage for hit in await imports.hybrid_search(tag, unit(1), "my knee locks", limit=1)] == [made[1]]
    assert await vectors.count(tag, "v1") == 0
    assert await imports.exists()


async def test_meaning_finds_what_shares_no_word(vectors: Vectors, tag: str) -> None:
    made = await stored(vectors, tag)
    hits = await vectors.hybrid_search(tag, unit(3), "paralysis", limit=1)
    assert [hit.passage for hit in hits] == [made[3]]


async def test_partitions_keep_apart(vectors: Vectors, tag: str) -> None:
    await stored(vectors, f"{tag}_a")
    await stored(vectors, f"{tag}_b", version="v1")
    await vectors.upsert(f"{tag}_a", "v2", passages(f"{tag}_a", 2), [unit(0), unit(1)])
    assert await vectors.delete_other_versions(f"{tag}_a", "v2") == 2
    assert await vectors.count(f"{tag}_a", "v2") == 2
    assert await vectors.count(f"{tag}_a", "v1") == 0
    assert await vectors.count(f"{tag}_b", "v1") == 4
    hits = await vectors.hybrid_search(f"{tag}_b", unit(3), "weakness", limit=10)
    assert {hit.passage.specialist for hit in hits} == {f"{tag}_b"}


async def test_storing_twice_changes_nothing(vectors: Vectors, tag: str) -> None:
    await stored(vectors, tag)
    await stored(vectors, tag)
    assert await vectors.count(tag, "v1") == len(COMPLAINTS)
    assert await vectors.delete_other_versions(tag, "v1") == 0


async def test_an_unknown_partition_holds_nothing(vectors: Vectors, tag: str) -> None:
    assert await vectors.count(tag, "v1") == 0
    assert await vectors.delete_other_versions(tag, "v1") == 0


@pytest.mark.parametrize("version", ['v1" or id != "', "", "a b", "v1'"])
async def test_a_version_cannot_change_a_filter(vectors: Vectors, tag: str, version: str) -> None:
    with pytest.raises(ValueError, match="no usable name"):
        await vectors.delete_other_versions(tag, version)


async def test_quotes_and_operators_in_a_question_are_words(vectors: Vectors, tag: str) -> None:
    made = await stored(vectors, tag)
    hits = await vectors.hybrid_search(tag, None, '") or (knee" AND -locks; --', limit=1)
    assert [hit.passage for hit in hits] == [made[1]]


async def test_the_collection_can_be_made_by_every_process_at_once(vectors: Vectors) -> None:
    await asyncio.gather(*(vectors.ensure() for _ in range(4)))
    assert await vectors.ping()


@pytest.mark.parametrize("length", [0, 4, 384 * 8])
def test_a_vector_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(ValueError, match="must have 1536"):
        floats(b"\0" * length)


async def test_a_search_is_quick_once_settled(vectors: Vectors, tag: str) -> None:
    await stored(vectors, tag, 200)
    await vectors.settle()
    took: list[float] = []
    for number in range(20):
        began = time.perf_counter()
        await vectors.hybrid_search(tag, unit(number), COMPLAINTS[number % 4], limit=8)
        took.append(time.perf_counter() - began)
    assert sorted(took)[10] < 0.1  # about 8 ms alone on two cores; the room is for a busy machine


async def test_a_server_that_is_away_is_a_retryable_error(servers_vanish: None) -> None:
    settings = VectorSettings(milvus_uri=f"http://127.0.0.1:{free_port()}")
    async with open_vectors(settings) as vectors:
        assert not await vectors.ping()
        with pytest.raises(StoreError, match="Milvus") as raised:
            await vectors.hybrid_search("gp", None, "cough", limit=1)
    assert raised.value.retryable


async def test_a_search_survives_a_restart_of_the_server(servers: Servers, tmp_path: Path, servers_vanish: None) -> None:
    server = servers.process("milvus", tmp_path)
    try:
        await asyncio.to_thread(server.start)
        async with open_vectors(VectorSettings(milvus_uri=local_values(server)["MILVUS_URI"])) as vectors:
            with pytest.raises(StoreError, match="No knowledge"):
                await vectors.hybrid_search("gp", None, "cough", limit=1)
            await vectors.ensure()
            made = await stored(vectors, "gp")
            await vectors.settle()
            await asyncio.to_thread(server.stop)
            await asyncio.to_thread(server.start)
            hits = await vectors.hybrid_search("gp", unit(1), "my knee locks", limit=1)
            assert [hit.passage for hit in hits] == [made[1]]
    finally:
        await asyncio.to_thread(server.stop)
