"""Settings of ingestion."""

from pydantic import Field

from consilium_common.settings import GraphSettings, MongoSettings, ServiceSettings, VectorSettings


class IngestionSettings(ServiceSettings, MongoSettings, GraphSettings, VectorSettings):
    """The three stores, and how often they are compared."""

    reconcile_s: float = Field(
        default=60, gt=0, validation_alias="CONSILIUM_RECONCILE_S", description="Seconds between comparisons."
    )
