"""Vectors of passages: from MongoDB when their text was ever embedded, from the embedder otherwise."""

import logging
from collections.abc import AsyncIterator, Sequence

from consilium_common.contracts.knowledge import Passage
from consilium_common.models.embedder import MODEL, EmbedderClient
from consilium_common.stores.embeddings import Embeddings, content_hash

log = logging.getLogger(__name__)

CHUNK = 32  # kept as soon as they are made: about a second's work is lost when a process dies
TIMEOUT_S = 60.0  # passages wait behind questions


class PassageEmbedder:
    """Embeds each text once, ever."""

    def __init__(self, embeddings: Embeddings, embedder: EmbedderClient) -> None:
        self._embeddings = embeddings
        self._embedder = embedder

    async def vectors(self, passages: Sequence[Passage]) -> AsyncIterator[list[tuple[Passage, bytes]]]:
        """Yield passages with their vectors: first all whose text was embedded before, then the others as they are made.

        Raises:
            StoreError: when MongoDB does not answer.
            EmbedderError: when a text is new and no embedder answers. What was made until then is kept.
        """
        keys = [content_hash(MODEL, text_of(passage)) for passage in passages]
        known = await self._embeddings.get(keys)
        if known:
            yield [(passage, known[key]) for key, passage in zip(keys, passages, strict=True) if key in known]
        missing = [(key, passage) for key, passage in zip(keys, passages, strict=True) if key not in known]
        for start in range(0, len(missing), CHUNK):
            chunk = missing[start : start + CHUNK]
            made = await self._embedder.embed([text_of(passage) for _, passage in chunk], TIMEOUT_S)
            await self._embeddings.put({key: vector for (key, _), vector in zip(chunk, made, strict=True)})
            yield [(passage, vector) for (_, passage), vector in zip(chunk, made, strict=True)]
            log.info("embedded", extra={"done": start + len(chunk), "of": len(missing)})


def text_of(passage: Passage) -> str:
    """Return what of a passage is embedded: the title names the condition, which the text often does not."""
    return f"{passage.title}. {passage.text}"
