"""Authenticated encryption of what leaves a process: bus payloads, case views, stored messages."""

import base64
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from consilium_common.errors import ConsiliumError

KEY_BYTES = 32
NONCE_BYTES = 12  # NIST SP 800-38D: 96 bits; random nonces are safe for 2**32 messages under one key
VERSION = b"\x01"


class SealError(ConsiliumError):
    """A key is not usable, or sealed bytes were changed, cut or sealed with another key."""

    def __init__(self, message: str) -> None:
        super().__init__("seal", message)


class Sealer:
    """AES-256-GCM with a random nonce. What is sealed is `version (1) | nonce (12) | ciphertext | tag (16)`."""

    def __init__(self, key: bytes) -> None:
        """Take a key of 32 bytes.

        Raises:
            SealError: when it has another length.
        """
        if len(key) != KEY_BYTES:
            raise SealError(f"A key has {len(key)} bytes; it must have {KEY_BYTES}.")
        self._cipher = AESGCM(key)

    @classmethod
    def from_base64(cls, key: str) -> "Sealer":
        """Take a key in base64, as settings hold it.

        Raises:
            SealError: when it is not base64 of 32 bytes.
        """
        try:
            raw = base64.b64decode(key, validate=True)
        except ValueError:  # not base64, or not even ASCII
            raise SealError(f"A key is not base64; it must be base64 of {KEY_BYTES} random bytes.") from None
        return cls(raw)

    def seal(self, plain: bytes, aad: bytes) -> bytes:
        """Encrypt. `aad` says what this is and must be the same when opened."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return VERSION + nonce + self._cipher.encrypt(nonce, plain, aad)

    def open(self, sealed: bytes, aad: bytes) -> bytes:
        """Decrypt.

        Raises:
            SealError: when anything was changed, or the key or `aad` is another.
        """
        if sealed[:1] != VERSION or len(sealed) < 1 + NONCE_BYTES + 16:
            raise SealError("Sealed bytes are cut or of an unknown version.")
        try:
            return self._cipher.decrypt(sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :], aad)
        except InvalidTag:
            raise SealError("Sealed bytes were changed, or sealed with another key or for another purpose.") from None
