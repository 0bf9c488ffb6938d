"""The random secrets of one state folder."""

import base64
import binascii
import hashlib
import hmac
import json
import secrets
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, SecretStr

KEY_BYTES = 32


def _a_key(value: SecretStr) -> SecretStr:
    try:
        key = base64.b64decode(value.get_secret_value(), validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("must be base64") from None
    if len(key) != KEY_BYTES:
        raise ValueError(f"must be base64 of {KEY_BYTES} bytes, not of {len(key)}")
    return value


Key = Annotated[SecretStr, AfterValidator(_a_key)]


class Secrets(BaseModel):
    """Keys, each base64 of 32 bytes: one seals the bus, one signs tokens, one makes the passwords of the local servers."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    version: Literal[1] = 1
    bus_key: Key
    token_key: Key
    server_key: Key

    @classmethod
    def random(cls) -> Self:
        """Make new ones from the operating system's randomness."""
        bus, token, server = (SecretStr(base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()) for _ in range(3))
        return cls(bus_key=bus, token_key=token, server_key=server)

    @property
    def signing_key(self) -> bytes:
        """Return the key of tokens and tickets as bytes."""
        return base64.b64decode(self.token_key.get_secret_value())

    def password(self, server: str) -> str:
        """Return the password of one local server: 48 hex digits, always the same for these secrets."""
        key = base64.b64decode(self.server_key.get_secret_value())
        return hmac.new(key, server.encode(), hashlib.sha256).hexdigest()[:48]

    def reveal(self) -> str:
        """Return them as the JSON text that the state folder keeps."""
        keys = {name: getattr(self, name).get_secret_value() for name in ("bus_key", "token_key", "server_key")}
        return json.dumps({"version": self.version, **keys}, indent=1)
