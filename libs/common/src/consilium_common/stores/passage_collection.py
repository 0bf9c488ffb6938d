"""The collection `medical_embeddings`: its fields, its analyzer and its indexes."""

from collections.abc import Callable
from typing import Any

from pymilvus import CollectionSchema, DataType, Function, FunctionType, MilvusClient
from pymilvus.exceptions import MilvusException

from consilium_common.retrieval.words import STOP_WORDS
from consilium_common.settings import VectorSettings

COLLECTION = "medical_embeddings"
# Imports have a collection of their own: however much they bring, the packs are found as quickly, and by the same weights of
# words, as without them. Their marks are fields there.
IMPORTS = "imported_embeddings"
DIMENSIONS = 384
CREATE_TIMEOUT_S = 30.0
# The driver pings every ten seconds, and gRPC servers with their own defaults, such as Milvus Lite, cut such clients off.
GRPC_OPTIONS = {"grpc.keepalive_time_ms": 330_000, "grpc.keepalive_permit_without_calls": False}

# Spelt out beside the server's own list, since Milvus Lite does not know the list `_english_`.
_STOP = ["_english_", *sorted(STOP_WORDS)]

# The local server ignores the stemmer; a production server applies it to passages and questions alike.
ANALYZER = {
    "tokenizer": "standard",
    "filter": ["lowercase", {"type": "stop", "stop_words": _STOP}, {"type": "stemmer", "language": "english"}],
}

INDEXES: dict[str, dict[str, Any]] = {
    "dense": {"index_type": "HNSW", "metric_type": "COSINE", "params": {"M": 16, "efConstruction": 200}},
    "sparse": {"index_type": "SPARSE_INVERTED_INDEX", "metric_type": "BM25"},
}
_LENGTHS = {"condition": 128, "section": 64, "version": 128, "title": 512, "sources": 8_192}
_MARKS = {"source": 64, "trust": 16, "licence": 512}


def create_collection(settings: VectorSettings, name: str = COLLECTION) -> None:
    """Create what is missing of a collection and its indexes. Safe to run twice and at once. Blocks.

    The synchronous client does it: the asynchronous one waits for an index through a call that Milvus Lite does not have.
    """
    token = settings.milvus_token.get_secret_value() if settings.milvus_token else ""
    client = MilvusClient(settings.milvus_uri, token=token, timeout=CREATE_TIMEOUT_S, grpc_options=GRPC_OPTIONS)
    try:
        _make(lambda: client.has_collection(name), lambda: client.create_collection(name, schema=_schema(name)))
        for field in INDEXES:
            _make_index(client, name, field)
    finally:
        client.close()


def _make(exists: Callable[[], bool], make: Callable[[], None]) -> None:
    if exists():
        return
    try:
        make()
    except MilvusException:
        if not exists():  # otherwise somebody else was first
            raise


def _schema(name: str) -> CollectionSchema:
    schema = MilvusClient.create_schema(auto_id=False, enable_dynamic_field=False)
    schema.add_field("id", DataType.VARCHAR, max_length=256, is_primary=True)
    for field, length in {**_LENGTHS, **(_MARKS if name == IMPORTS else {})}.items():
        schema.add_field(field, DataType.VARCHAR, max_length=length)
    schema.add_field("text", DataType.VARCHAR, max_length=16_384, enable_analyzer=True, analyzer_params=ANALYZER)
    schema.add_field("sparse", DataType.SPARSE_FLOAT_VECTOR)
    schema.add_field("dense", DataType.FLOAT_VECTOR, dim=DIMENSIONS)
    schema.add_function(
        Function("words", FunctionType.BM25, input_field_names=["text"], output_field_names=["sparse"]),
    )
    return schema


def _make_index(client: MilvusClient, name: str, field: str) -> None:
    """Also when the collection was there: whoever created it may have died before its indexes."""
    index = MilvusClient.prepare_index_params()
    index.add_index(field, **INDEXES[field])
    _make(lambda: bool(client.list_indexes(name, field_name=field)), lambda: client.create_index(name, index))
