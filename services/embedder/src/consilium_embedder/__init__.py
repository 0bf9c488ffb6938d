"""The embedder: sentences in, vectors out, batched; the only process that loads a model."""
