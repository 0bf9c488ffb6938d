"""The client of the embedder service: texts in, vectors out, over the bus."""

import base64
from collections.abc import Iterator, Sequence

import nats.errors

from consilium_common import telemetry
from consilium_common.bus.codec import UnreadableError
from consilium_common.bus.connection import Bus
from consilium_common.contracts import subjects
from consilium_common.contracts.base import new_id
from consilium_common.contracts.commands import EmbedTexts, TextsEmbedded
from consilium_common.contracts.envelope import wrap
from consilium_common.errors import ConsiliumError
from consilium_common.guard import Guard

MODEL = "all-MiniLM-L6-v2"  # part of every stored embedding's key
TIMEOUT_S = 2.0  # a question takes about 10 ms; a specialist rather searches by words than waits longer
MAX_CHARS = 4_000  # the model reads 256 word pieces, well below this; the rest would only travel
REQUEST_TEXTS = 128
REQUEST_CHARS = 128_000  # a character is at most four bytes, and a message at most a megabyte


class EmbedderError(ConsiliumError):
    """No vectors: the embedder is not there, busy or failed. Retryable: search by words goes on without it."""

    def __init__(self, message: str, retryable: bool = True) -> None:
        super().__init__("embedder", message, retryable)


class EmbedderClient:
    """Asks any replica of the embedder."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._guard = Guard("embedder", EmbedderError)

    async def embed(self, texts: Sequence[str], timeout_s: float = TIMEOUT_S) -> list[bytes]:
        """Return a vector for each text: 384 little-endian float32, of length 1. `timeout_s` is for each 128 texts.

        Raises:
            EmbedderError: when no embedder runs, it does not answer in time, or it refused.
        """
        vectors: list[bytes] = []
        for batch in _batches([text[:MAX_CHARS] for text in texts]):
            with self._guard.call():  # no slots: it batches what comes at once, and says itself when it is too much
                vectors += await self._request(batch, timeout_s)
        return vectors

    async def _request(self, texts: Sequence[str], timeout_s: float) -> list[bytes]:
        message = EmbedTexts(texts=tuple(texts))
        envelope = wrap(message, self._bus.service, correlation_id=new_id("e"), traceparent=telemetry.traceparent())
        try:
            reply = await self._bus.nc.request(subjects.EMBED, self._bus.codec.encode(envelope), timeout=timeout_s)
            answer = TextsEmbedded.model_validate(self._bus.codec.decode(reply.data).data)
        except nats.errors.NoRespondersError:
            raise EmbedderError("No embedder is running.") from None
        except (nats.errors.Error, TimeoutError) as error:
            raise EmbedderError(f"The embedder did not answer within {timeout_s:g} s ({type(error).__name__}).") from error
        except (UnreadableError, ValueError) as error:
            raise EmbedderError("The embedder's answer could not be read.", retryable=False) from error
        if answer.problem is not None:
            raise EmbedderError(answer.problem.detail, answer.problem.retryable)
        if len(answer.vectors) != len(texts):
            raise EmbedderError(f"The embedder sent {len(answer.vectors)} vectors for {len(texts)} texts.", retryable=False)
        return [base64.b64decode(vector) for vector in answer.vectors]


def _batches(texts: Sequence[str]) -> Iterator[list[str]]:
    """Split into requests that fit a message of the bus."""
    batch: list[str] = []
    chars = 0
    for text in texts:
        if batch and (len(batch) == REQUEST_TEXTS or chars + len(text) > REQUEST_CHARS):
            yield batch
            batch, chars = [], 0
        batch.append(text)
        chars += len(text)
    if batch:
        yield batch
