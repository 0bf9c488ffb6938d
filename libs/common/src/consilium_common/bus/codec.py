"""Envelopes to bytes and back, encrypted. Nothing on the bus is readable without the key."""

from pydantic import ValidationError

from consilium_common.contracts.envelope import Envelope
from consilium_common.errors import ConsiliumError
from consilium_common.security.sealing import Sealer, SealError

_AAD = b"consilium.bus.v1"


class UnreadableError(ConsiliumError):
    """A message is not an envelope, or not sealed with this deployment's key."""

    CODE = "unreadable-message"

    def __init__(self, message: str) -> None:
        super().__init__(self.CODE, message)


class Codec:
    """Encodes envelopes as sealed JSON."""

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer

    def encode(self, envelope: Envelope) -> bytes:
        """Return the sealed bytes of an envelope."""
        return self._sealer.seal(envelope.model_dump_json().encode(), _AAD)

    def open(self, payload: bytes) -> bytes:
        """Return the envelope's JSON.

        Raises:
            UnreadableError: when it was not sealed with this key.
        """
        try:
            return self._sealer.open(payload, _AAD)
        except SealError as error:
            raise UnreadableError(error.message) from None

    def decode(self, payload: bytes) -> Envelope:
        """Return the envelope in sealed bytes.

        Raises:
            UnreadableError: when it was not sealed with this key or is no envelope.
        """
        try:
            return Envelope.model_validate_json(self.open(payload))
        except ValidationError as error:
            raise UnreadableError(f"A message is no envelope: {error.error_count()} fields are wrong.") from None
