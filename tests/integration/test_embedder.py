"""The embedder with its real model behind a real bus."""

import asyncio
import threading
import time
from array import array
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack

import pytest
import pytest_asyncio

from consilium_common.bus.connection import Bus
from consilium_common.contracts import subjects
from consilium_common.models.embedder import EmbedderClient, EmbedderError
from consilium_common.testing.servers import Servers
from consilium_embedder.model import Encode
from consilium_embedder.settings import EmbedderSettings
from support.running import embedder_running

QUESTION = "I am 58. Crushing chest pain for 20 minutes, my left arm is heavy, I am sweating"


@pytest_asyncio.fixture
async def client(servers: Servers, bus: Bus, encode: Encode) -> AsyncIterator[EmbedderClient]:
    """A client, with one embedder running."""
    async with embedder_running(servers.settings(EmbedderSettings), encode):
        yield EmbedderClient(bus)


def cosine(left: bytes, right: bytes) -> float:
    return sum(one * other for one, other in zip(array("f", left), array("f", right), strict=True))


async def test_vectors_have_384_dimensions_and_length_one(client: EmbedderClient) -> None:
    (vector,) = await client.embed([QUESTION])
    assert len(vector) == 384 * 4
    assert cosine(vector, vector) == pytest.approx(1, abs=1e-5)


async def test_what_means_the_same_is_near(client: EmbedderClient) -> None:
    question, near, far = await client.embed(
        [QUESTION, "A heart attack with pain in the chest.", "A knee that locks after a twist."]
    )
    assert cosine(question, near) > cosine(question, far) + 0.1


async def test_vectors_come_in_the_order_of_their_texts_also_across_requests(client: EmbedderClient) -> None:
    texts = [f"Passage number {number}." for number in range(150)]
    together = await client.embed(texts, timeout_s=60)
    (alone,) = await client.embed([texts[137]])
    assert len(together) == 150
    assert cosine(together[137], alone) == pytest.approx(1, abs=1e-4)


@pytest.mark.parametrize(
    "text", ["", "   ", "\x00", "🫀" * 2000, "a" * 100_000, "\ud800 lone surrogate".encode("utf-8", "replace").decode()]
)
async def test_any_text_has_a_vector(client: EmbedderClient, text: str) -> None:
    (vector,) = await client.embed([text])
    assert cosine(vector, vector) == pytest.approx(1, abs=1e-5)


async def test_no_texts_have_no_vectors(client: EmbedderClient) -> None:
    assert await client.embed([]) == []


async def test_a_question_does_not_wait_for_a_pack(client: EmbedderClient) -> None:
    await client.embed(["warm"])
    passages = [
        f"Passage {number}. " + "The pain comes at rest and lasts longer than twenty minutes. " * 8 for number in range(64)
    ]
    loading = asyncio.create_task(client.embed(passages, timeout_s=60))
    await asyncio.sleep(0)
    began = time.perf_counter()
    await client.embed([QUESTION])
    took_s = time.perf_counter() - began
    assert not loading.done(), f"the pack was done before the question, after {took_s:.2f} s"
    await loading


async def test_many_askers_share_the_model(client: EmbedderClient) -> None:
    questions = [f"{QUESTION} {number}" for number in range(64)]
    answers = await asyncio.gather(*(client.embed([question]) for question in questions))
    assert len({vectors[0] for vectors in answers}) == 64


async def test_replicas_share_the_work(servers: Servers, bus: Bus, encode: Encode) -> None:
    asked: list[list[str]] = [[], []]

    def counting(number: int) -> Encode:
        def count(texts: Sequence[str]) -> list[bytes]:
            asked[number] += texts
            return encode(texts)

        return count

    async with AsyncExitStack() as stack:
        for number in range(2):
            settings = servers.settings(EmbedderSettings)
            await stack.enter_async_context(embedder_running(settings, counting(number)))
        await asyncio.gather(*(EmbedderClient(bus).embed([f"question {number}"]) for number in range(40)))
    assert all(asked)
    assert len(asked[0]) + len(asked[1]) == 40


async def test_what_was_taken_is_answered_before_it_ends(servers: Servers, bus: Bus, encode: Encode) -> None:
    client, taken, go_on = EmbedderClient(bus), threading.Event(), threading.Event()

    def slow(texts: Sequence[str]) -> list[bytes]:
        taken.set()
        assert go_on.wait(10)
        return encode(texts)

    async with embedder_running(servers.settings(EmbedderSettings), slow) as running:
        asking = asyncio.create_task(client.embed([QUESTION], timeout_s=10))
        await asyncio.to_thread(taken.wait, 10)
        assert running.drain is not None
        draining = asyncio.create_task(running.drain(10))
        await nobody_takes_requests(client)
        assert not asking.done()
        go_on.set()
        await draining
        assert len(await asking) == 1


async def nobody_takes_requests(client: EmbedderClient) -> None:
    while True:
        try:
            await client.embed(["another"], timeout_s=0.1)
        except EmbedderError as error:
            if error.message == "No embedder is running.":
                return


async def test_without_an_embedder_the_error_comes_at_once(bus: Bus) -> None:
    began = time.perf_counter()
    with pytest.raises(EmbedderError, match="No embedder is running") as raised:
        await EmbedderClient(bus).embed([QUESTION])
    assert raised.value.retryable
    assert time.perf_counter() - began < 1


async def test_too_much_waiting_is_refused_and_can_be_repeated(servers: Servers, bus: Bus, encode: Encode) -> None:
    async with embedder_running(servers.settings(EmbedderSettings, queue_limit=2), encode):
        client = EmbedderClient(bus)
        with pytest.raises(EmbedderError, match="wait for the embedder already") as raised:
            await client.embed(["one", "two", "three"])
        assert raised.value.retryable
        assert len(await client.embed(["one", "two"])) == 2


async def test_a_request_that_is_not_sealed_is_not_answered(client: EmbedderClient, bus: Bus) -> None:
    with pytest.raises(TimeoutError):
        await bus.nc.request(subjects.EMBED, b'{"texts": ["hello"]}', timeout=0.2)
    assert len(await client.embed(["still there"])) == 1
