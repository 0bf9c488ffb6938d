"""Settings that every service has. Built once in `main()` and passed down; nothing reads the environment at import."""

from typing import Literal, TypeVar

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from consilium_common.errors import ConsiliumError

SettingsT = TypeVar("SettingsT", bound="ServiceSettings")


class SettingsError(ConsiliumError):
    """A setting is missing or wrong; the message names it."""

    def __init__(self, message: str) -> None:
        super().__init__("settings", message)


class ServiceSettings(BaseSettings):
    """Where the bus is, where this process listens, and how it names itself. Keys are base64 of 32 random bytes."""

    model_config = SettingsConfigDict(extra="ignore", populate_by_name=True, case_sensitive=False)

    environment: Literal["local", "production"] = Field(default="production", validation_alias="CONSILIUM_ENVIRONMENT")
    host: str = Field(default="127.0.0.1", validation_alias="CONSILIUM_HOST")
    port: int = Field(default=0, ge=0, le=65535, validation_alias="CONSILIUM_PORT", description="0 takes any free port.")
    instance: str = Field(
        default="", validation_alias="CONSILIUM_INSTANCE", description="Unique per process; made up when empty."
    )
    bus_key: SecretStr = Field(validation_alias="CONSILIUM_BUS_KEY")
    log_level: str = "INFO"
    nats_url: str = Field(description="One address, or those of a cluster separated by commas.")
    nats_monitor_url: str = Field(
        default="", description="The monitoring addresses of every NATS server, separated by commas; required in production."
    )
    nats_user: str | None = None
    nats_password: SecretStr | None = None
    nats_replicas: int = Field(default=1, ge=1, le=5, description="Copies of each stream; 3 on a cluster.")
    otel_exporter_otlp_endpoint: str | None = None

    @property
    def nats_servers(self) -> list[str]:
        """Return where the bus is: one address, or one for each server of a cluster."""
        return _listed(self.nats_url)

    @property
    def nats_monitors(self) -> list[str]:
        """Return where each NATS server says how it is configured."""
        return _listed(self.nats_monitor_url)

    @field_validator("nats_monitor_url")
    @classmethod
    def _over_http(cls, value: str) -> str:
        if not all(each.startswith(("http://", "https://")) for each in _listed(value)):
            raise ValueError("each address begins with http:// or https://, as http://nats-0:8222 does")
        return value


class MongoSettings(BaseSettings):
    """Where MongoDB is. User and password belong into the URI."""

    mongo_uri: SecretStr
    mongo_db_name: str = "consilium"


class GraphSettings(BaseSettings):
    """Where Neo4j is."""

    neo4j_uri: str
    neo4j_user: str
    neo4j_password: SecretStr
    neo4j_database: str = "consilium"


class VectorSettings(BaseSettings):
    """Where Milvus is."""

    milvus_uri: str
    milvus_token: SecretStr | None = None


class CacheSettings(BaseSettings):
    """Where Redis is."""

    redis_url: SecretStr


def _listed(value: str) -> list[str]:
    return [each.strip() for each in value.split(",") if each.strip()]


def load(settings: type[SettingsT]) -> SettingsT:
    """Read settings from the environment.

    Raises:
        SettingsError: naming every variable that is missing or wrong, and never its value.
    """
    try:
        return settings()
    except ValidationError as error:
        wrong = "; ".join(f"{str(item['loc'][-1]).upper()}: {item['msg'].lower()}" for item in error.errors())
        raise SettingsError(f"Settings in the environment are not usable: {wrong}.") from None
