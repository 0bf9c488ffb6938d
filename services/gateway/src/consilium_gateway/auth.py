"""Who calls. Every call needs a token; a stream may show a ticket instead, which opens this one consult's events."""

import base64
import hashlib
import hmac
from collections.abc import Mapping

from consilium_common.security.tokens import MIN_KEY_BYTES, Identity, TokenError, verify, verify_ticket

OWNER_CHARACTERS = 32


class Gatekeeper:
    """Checks tokens and tickets, and turns a subject into the pseudonym that is stored."""

    def __init__(self, key: bytes) -> None:
        self.key = key
        self._pseudonyms = hashlib.blake2b(key, digest_size=32, person=b"pseudonym").digest()

    @classmethod
    def from_base64(cls, key: str) -> "Gatekeeper":
        """Take the key as settings hold it.

        Raises:
            TokenError: when it is not base64 of at least 32 bytes.
        """
        try:
            raw = base64.b64decode(key, validate=True)
        except ValueError:
            raw = b""
        if len(raw) < MIN_KEY_BYTES:
            raise TokenError(f"CONSILIUM_TOKEN_KEY must be base64 of at least {MIN_KEY_BYTES} random bytes.", code="token_key")
        return cls(raw)

    def identify(self, headers: Mapping[str, str]) -> Identity:
        """Return whom the Authorization header names.

        Raises:
            TokenError: when there is none, or it is not good.
        """
        scheme, _, token = headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise TokenError("This call needs a token: send 'Authorization: Bearer <token>'; `consilium token` prints one.")
        return verify(self.key, token.strip())

    def identify_for_events(self, headers: Mapping[str, str], ticket: str | None, consult: str) -> Identity:
        """Return who may read a consult's events: by ticket if there is one, by token otherwise.

        Raises:
            TokenError: when neither is good.
        """
        return verify_ticket(self.key, ticket, consult) if ticket else self.identify(headers)

    def owner(self, identity: Identity) -> str:
        """Return the pseudonym under which everything of this subject is stored: HMAC-SHA256, cut to 128 bits."""
        return hmac.new(self._pseudonyms, identity.subject.encode(), hashlib.sha256).hexdigest()[:OWNER_CHARACTERS]
