"""Signed tokens that say who calls, and tickets that open one consult's events. Neither passes as the other."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt

from consilium_common.errors import ConsiliumError

ALGORITHM = "HS256"  # pinned: a token never chooses how it is checked
AUDIENCE = "consilium"
TICKET_AUDIENCE = "consilium.events"
MIN_KEY_BYTES = 32  # RFC 7518 section 3.2: at least as long as the hash
LEEWAY_S = 5  # clocks of machines differ a little
REQUIRED = ("exp", "iat", "sub", "aud")


class TokenError(ConsiliumError):
    """A token or ticket is not accepted; the message says why and what would be."""

    def __init__(self, message: str, code: str = "token_invalid") -> None:
        super().__init__(code, message)


class TokenExpiredError(TokenError):
    """It was good once."""

    def __init__(self, message: str) -> None:
        super().__init__(message, code="token_expired")


@dataclass(frozen=True)
class Identity:
    """Who calls: a subject, what it may do, and until when (UTC)."""

    subject: str
    scopes: frozenset[str]
    expires_at: datetime


def issue(key: bytes, subject: str, ttl_s: float, scopes: Iterable[str] = (), audience: str = AUDIENCE) -> str:
    """Sign a token for a subject, good for `ttl_s` seconds from now.

    Raises:
        TokenError: when the subject is empty or the key has less than 32 bytes.
    """
    return _sign(key, subject, ttl_s, {"aud": audience, "scope": " ".join(sorted(scopes))})


def verify(key: bytes, token: str, audience: str = AUDIENCE) -> Identity:
    """Check a token and return whom it names.

    Raises:
        TokenExpiredError: when its time is over.
        TokenError: when it is malformed, signed with another key, or made for another purpose.
    """
    claims = _check(key, token, audience, what="token")
    scope = claims.get("scope", "")
    if not isinstance(scope, str):
        raise TokenError("The token's scope is not a text of words; ask for a new token.")
    return Identity(claims["sub"], frozenset(scope.split()), datetime.fromtimestamp(claims["exp"], UTC))


def issue_ticket(key: bytes, consult_id: str, subject: str, ttl_s: float) -> str:
    """Sign a ticket that opens one consult's events for a subject, good for `ttl_s` seconds.

    Raises:
        TokenError: when the subject is empty or the key has less than 32 bytes.
    """
    return _sign(key, subject, ttl_s, {"aud": TICKET_AUDIENCE, "consult": consult_id})


def verify_ticket(key: bytes, ticket: str, consult_id: str) -> Identity:
    """Check a ticket for this consult and return whom it was given to; a ticket has no scopes.

    Raises:
        TokenExpiredError: when its time is over.
        TokenError: when it is malformed, signed with another key, for another consult, or not a ticket.
    """
    claims = _check(key, ticket, TICKET_AUDIENCE, what="ticket")
    if claims.get("consult") != consult_id:
        raise TokenError("The ticket belongs to another consult; use the events_url of this one.")
    return Identity(claims["sub"], frozenset(), datetime.fromtimestamp(claims["exp"], UTC))


def _sign(key: bytes, subject: str, ttl_s: float, claims: dict[str, str]) -> str:
    if not subject:
        raise TokenError("A token needs a subject; it was empty.")
    now = datetime.now(UTC)
    times = {"iat": now, "exp": now + timedelta(seconds=ttl_s)}
    return jwt.encode({"sub": subject, **times, **claims}, _long_enough(key), algorithm=ALGORITHM)


def _check(key: bytes, token: str, audience: str, what: str) -> dict[str, Any]:
    options: Any = {"require": list(REQUIRED), "strict_aud": True}
    try:
        claims = jwt.decode(
            token, _long_enough(key), algorithms=[ALGORITHM], audience=audience, leeway=LEEWAY_S, options=options
        )
    except jwt.ExpiredSignatureError:
        raise TokenExpiredError(f"The {what} has expired; ask for a new one.") from None
    except jwt.InvalidAudienceError:
        raise TokenError(f"This is signed, but it is not a {what} for this purpose.") from None
    except jwt.InvalidSignatureError:
        raise TokenError(f"The {what} was signed with another key; ask this deployment for one.") from None
    except jwt.MissingRequiredClaimError as error:
        raise TokenError(f"The {what} has no {error.claim!r}; ask for a new one.") from None
    except jwt.InvalidTokenError:
        raise TokenError(f"The {what} is malformed; it must be a JWT signed with {ALGORITHM}.") from None
    if not claims["sub"]:
        raise TokenError(f"The {what} names nobody; ask for a new one.")
    return dict(claims)


def _long_enough(key: bytes) -> bytes:
    if len(key) < MIN_KEY_BYTES:
        raise TokenError(f"The signing key has {len(key)} bytes; it must have at least {MIN_KEY_BYTES}.", code="token_key")
    return key
