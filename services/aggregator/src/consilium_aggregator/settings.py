"""Settings of the aggregator."""

from pydantic import Field

from consilium_common.settings import ServiceSettings


class AggregatorSettings(ServiceSettings):
    """How many wake-ups one replica handles at once."""

    concurrency: int = Field(default=128, ge=1, validation_alias="CONSILIUM_CONCURRENCY")
