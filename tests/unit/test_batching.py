"""Batching: what arrives together is encoded together, each text once, questions before passages."""

import asyncio
import hashlib
import threading
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest

from consilium_embedder.batching import BULK_BATCH, MAX_BATCH, Batcher, BusyError, EncodingError


def vector(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


class Model:
    """Notes its batches; `go` holds it back, `fails` makes it raise."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.go = threading.Event()
        self.go.set()
        self.fails = False

    def __call__(self, texts: Sequence[str]) -> list[bytes]:
        self.batches.append(list(texts))
        assert self.go.wait(10)
        if self.fails:
            raise RuntimeError("out of memory")
        return [vector(text) for text in texts]

    @property
    def encoded(self) -> list[str]:
        return [text for batch in self.batches for text in batch]


@pytest.fixture
def model() -> Model:
    return Model()


@asynccontextmanager
async def running(model: Model, queue_limit: int = 1000, cache_size: int = 100) -> AsyncIterator[Batcher]:
    batcher = Batcher(model, queue_limit, cache_size)
    task = asyncio.create_task(batcher.run())
    try:
        yield batcher
    finally:
        model.go.set()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def until_busy(model: Model) -> None:
    while not model.batches:  # noqa: ASYNC110 - the model runs in a thread
        await asyncio.sleep(0.001)


async def test_vectors_come_in_the_order_of_their_texts(model: Model) -> None:
    async with running(model) as batcher:
        texts = [f"text {number}" for number in range(50)]
        assert await batcher.embed(texts) == [vector(text) for text in texts]
        assert await batcher.embed([]) == []


async def test_what_arrives_together_is_encoded_together(model: Model) -> None:
    async with running(model) as batcher:
        await asyncio.gather(*(batcher.embed([f"question {number}"]) for number in range(MAX_BATCH + 1)))
    assert [len(batch) for batch in model.batches] == [MAX_BATCH, 1]


async def test_a_text_is_encoded_once_whoever_asks_and_when(model: Model) -> None:
    async with running(model) as batcher:
        await asyncio.gather(*(batcher.embed(["same", "same"]) for _ in range(5)))
        await batcher.embed(["same"])
    assert model.encoded == ["same"]


async def test_questions_go_before_passages_that_wait(model: Model) -> None:
    model.go.clear()
    async with running(model) as batcher:
        first = asyncio.create_task(batcher.embed(["first"]))
        await until_busy(model)
        passages = asyncio.create_task(batcher.embed([f"passage {number}" for number in range(2 * BULK_BATCH)]))
        await asyncio.sleep(0)
        question = asyncio.create_task(batcher.embed(["question"]))
        await asyncio.sleep(0)
        model.go.set()
        await asyncio.gather(first, passages, question)
    assert [len(batch) for batch in model.batches] == [1, 1, BULK_BATCH, BULK_BATCH]
    assert model.batches[1] == ["question"]


async def test_who_gives_up_takes_nothing_from_others(model: Model) -> None:
    model.go.clear()
    async with running(model) as batcher:
        impatient, patient = (asyncio.create_task(batcher.embed(["same"])) for _ in range(2))
        await until_busy(model)
        impatient.cancel()
        await asyncio.wait({impatient})
        model.go.set()
        assert await patient == [vector("same")]


async def test_a_full_queue_refuses_and_what_waits_is_still_done(model: Model) -> None:
    model.go.clear()
    async with running(model, queue_limit=3) as batcher:
        running_one = asyncio.create_task(batcher.embed(["running"]))
        await until_busy(model)
        waiting = asyncio.create_task(batcher.embed(["a", "b"]))
        await asyncio.sleep(0)
        with pytest.raises(BusyError, match="2 texts wait") as raised:
            await batcher.embed(["c", "d"])
        assert raised.value.retryable
        model.go.set()
        assert len(await running_one + await waiting) == 3


async def test_a_batch_that_fails_is_tried_anew_by_the_next_who_asks(model: Model) -> None:
    model.fails = True
    async with running(model) as batcher:
        with pytest.raises(EncodingError, match="RuntimeError") as raised:
            await batcher.embed(["a"])
        assert raised.value.retryable
        model.fails = False
        assert await batcher.embed(["a"]) == [vector("a")]


async def test_the_least_recently_used_vectors_are_forgotten(model: Model) -> None:
    async with running(model, cache_size=2) as batcher:
        for text in ("a", "b", "a", "c", "a", "b"):
            await batcher.embed([text])
    assert model.encoded == ["a", "b", "c", "b"]


async def test_without_a_cache_everything_is_encoded_again(model: Model) -> None:
    async with running(model, cache_size=0) as batcher:
        for _ in range(2):
            assert await batcher.embed(["a"]) == [vector("a")]
    assert model.encoded == ["a", "a"]
