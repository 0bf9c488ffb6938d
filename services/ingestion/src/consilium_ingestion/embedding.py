"""Vectors of passages: from MongoDB when their text was ever embedded, from the embedder otherwise."""

import logging
from collections.abc import Sequence

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

    async def vectors(self, texts: Sequence[str]) -> list[bytes]:
        """Return the vectors of texts, in their order.

        Raises:
            StoreError: when MongoDB does not answer.
            EmbedderError: when a text is new and no embedder answers. What was made until then is kept.
        """
        keys = [content_hash(MODEL, text) for text in texts]
        known = await self._embeddings.get(keys)
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        wanted = list(missing.items())
        for start in range(0, len(wanted), CHUNK):
            chunk = dict(wanted[start : start + CHUNK])
            made = dict(zip(chunk, await self._embedder.embed(list(chunk.values()), TIMEOUT_S), strict=True))
            await self._embeddings.put(made)
            known |= made
            log.info("embedded", extra={"done": start + len(chunk), "of": len(wanted)})
        return [known[key] for key in keys]
