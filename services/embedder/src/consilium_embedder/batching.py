"""Batching: texts that arrive together are encoded together, the same text once, questions before bulk."""

import asyncio
import hashlib
import heapq
import itertools
import logging
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from consilium_common.errors import ConsiliumError
from consilium_embedder.model import Encode

log = logging.getLogger(__name__)

COLLECT_S = 0.002  # what a lone question waits for company; the model itself takes about ten milliseconds
FEW = 4  # up to so many texts in a request are questions that somebody waits for; more are passages to load
MAX_BATCH = 32
BULK_BATCH = 8  # a quarter of a second on two cores, the longest that a question waits; larger ones are not quicker


class BusyError(ConsiliumError):
    """Too much waits already."""

    def __init__(self, waiting: int) -> None:
        super().__init__(
            "embedder-busy", f"{waiting} texts wait for the embedder already; try again in a moment.", retryable=True
        )


class EncodingError(ConsiliumError):
    """The model failed on a batch."""

    def __init__(self, error: Exception) -> None:
        super().__init__("embedder-failed", f"The model failed on a batch ({type(error).__name__}).", retryable=True)


@dataclass(order=True)
class _Waiting:
    bulk: bool
    number: int
    key: bytes = field(compare=False)
    text: str = field(compare=False)


class Batcher:
    """Encodes texts in one worker thread.

    Vectors are kept by the hash of their text, least recently used out first; a text that is being encoded is in the same
    table, so that whoever asks for it meanwhile waits for the same result.
    """

    def __init__(self, encode: Encode, queue_limit: int, cache_size: int) -> None:
        self._encode = encode
        self._queue_limit = queue_limit
        self._cache_size = cache_size
        self._vectors: OrderedDict[bytes, asyncio.Future[bytes]] = OrderedDict()
        self._waiting: list[_Waiting] = []
        self._numbers = itertools.count()
        self._arrived = asyncio.Event()

    async def embed(self, texts: Sequence[str]) -> list[bytes]:
        """Return the vectors of texts, in their order.

        Raises:
            BusyError: when more waits than the queue takes.
            EncodingError: when the model failed.
        """
        if len(self._waiting) + len(texts) > self._queue_limit:
            raise BusyError(len(self._waiting))
        bulk = len(texts) > FEW
        futures = [self._vector(text, bulk) for text in texts]
        if futures:
            await asyncio.wait(set(futures))  # not gather: a caller that gives up must not cancel what others wait for
        return [future.result() for future in futures]

    def _vector(self, text: str, bulk: bool) -> asyncio.Future[bytes]:
        key = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
        known = self._vectors.get(key)
        if known is not None:
            self._vectors.move_to_end(key)
            return known
        future: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self._vectors[key] = future
        heapq.heappush(self._waiting, _Waiting(bulk, next(self._numbers), key, text))
        self._arrived.set()
        return future

    async def run(self) -> None:
        """Encode what arrives, until cancelled."""
        loop = asyncio.get_running_loop()
        with ThreadPoolExecutor(max_workers=1, thread_name_prefix="model") as thread:
            while True:
                if not self._waiting:
                    self._arrived.clear()
                    await self._arrived.wait()
                    await asyncio.sleep(COLLECT_S)
                batch = self._take()
                try:
                    vectors = await loop.run_in_executor(thread, self._encode, [one.text for one in batch])
                except (RuntimeError, ValueError, TypeError) as error:  # what torch and the tokenizer raise
                    log.exception("a batch failed", extra={"texts": len(batch)})
                    self._fail(batch, EncodingError(error))
                else:
                    self._finish(batch, vectors)

    def _take(self) -> list[_Waiting]:
        """Take the next batch: all questions or all bulk, since a batch takes as long as its longest text."""
        bulk = self._waiting[0].bulk
        batch: list[_Waiting] = []
        while self._waiting and self._waiting[0].bulk == bulk and len(batch) < (BULK_BATCH if bulk else MAX_BATCH):
            batch.append(heapq.heappop(self._waiting))
        return batch

    def _finish(self, batch: Sequence[_Waiting], vectors: Sequence[bytes]) -> None:
        for one, vector in zip(batch, vectors, strict=True):
            self._vectors[one.key].set_result(vector)
        self._forget()

    def _fail(self, batch: Sequence[_Waiting], error: EncodingError) -> None:
        for one in batch:
            future = self._vectors.pop(one.key)
            future.set_exception(error)
            future.exception()  # marks it as seen: everybody who waited may have gone

    def _forget(self) -> None:
        """Drop the least recently used vectors, but nothing that is still being made."""
        for key in list(itertools.islice(self._vectors, max(0, len(self._vectors) - self._cache_size))):
            if self._vectors[key].done():
                del self._vectors[key]
