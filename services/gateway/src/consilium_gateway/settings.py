"""Settings of the gateway."""

from pydantic import Field, SecretStr

from consilium_common.settings import CacheSettings, MongoSettings, ServiceSettings


class GatewaySettings(ServiceSettings, MongoSettings, CacheSettings):
    """`token_key` is base64 of at least 32 random bytes and signs tokens, tickets and cursors.

    So many consults are let in always (`in_flight_always`), more only when they end in time at the pace of the last seconds.
    """

    token_key: SecretStr = Field(validation_alias="CONSILIUM_TOKEN_KEY")
    consult_deadline_s: float = Field(default=10.0, gt=1, le=120, validation_alias="CONSILIUM_CONSULT_DEADLINE_S")
    ticket_ttl_s: float = Field(default=900.0, gt=0, validation_alias="CONSILIUM_TICKET_TTL_S")
    consults_per_minute: int = Field(default=60, ge=1, validation_alias="CONSILIUM_CONSULTS_PER_MINUTE")
    # On two cores, four specialists answer about ten questions a second: 48 end within half of their deadline.
    in_flight_always: int = Field(default=48, ge=1, validation_alias="CONSILIUM_IN_FLIGHT_ALWAYS")
    in_flight_most: int = Field(default=5000, ge=1, validation_alias="CONSILIUM_IN_FLIGHT_MOST")
