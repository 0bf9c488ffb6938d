"""Settings of the embedder."""

from pydantic import Field

from consilium_common.settings import ServiceSettings


class EmbedderSettings(ServiceSettings):
    """How much of the machine the model may use, and how much may wait for it."""

    threads: int = Field(
        default=0, ge=0, le=128, validation_alias="CONSILIUM_EMBEDDER_THREADS", description="0 uses every core."
    )
    device: str = Field(
        default="", validation_alias="CONSILIUM_EMBEDDER_DEVICE", description="Empty takes a GPU when there is one."
    )
    queue_limit: int = Field(
        default=4096, ge=1, validation_alias="CONSILIUM_EMBEDDER_QUEUE", description="Texts that may wait."
    )
    cache_size: int = Field(
        default=10_000, ge=0, validation_alias="CONSILIUM_EMBEDDER_CACHE", description="Vectors kept, 2 kB each."
    )
