"""Settings of the orchestrator."""

from pydantic import Field

from consilium_common.settings import MongoSettings, ServiceSettings


class OrchestratorSettings(ServiceSettings, MongoSettings):
    """How many consults one replica conducts at once."""

    concurrency: int = Field(default=64, ge=1, validation_alias="CONSILIUM_CONCURRENCY")
