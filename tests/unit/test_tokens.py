"""A token says who calls, a ticket opens one consult, and nothing else is accepted."""

import base64
import json
from datetime import UTC, datetime, timedelta

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from consilium_common.security.tokens import (
    AUDIENCE,
    TICKET_AUDIENCE,
    TokenError,
    TokenExpiredError,
    issue,
    issue_ticket,
    verify,
    verify_ticket,
)

KEY = b"k" * 32
OTHER_KEY = b"o" * 32


def claims(**changes: object) -> dict[str, object]:
    """Return the claims of a good token, changed; None removes one."""
    now = datetime.now(UTC)
    good = {"sub": "u1", "aud": AUDIENCE, "iat": now, "exp": now + timedelta(minutes=1), "scope": "consult"}
    return {name: value for name, value in {**good, **changes}.items() if value is not None}


def test_a_token_names_its_subject_and_scopes() -> None:
    identity = verify(KEY, issue(KEY, "u1", 60, ["records", "consult"]))
    assert identity.subject == "u1"
    assert identity.scopes == {"consult", "records"}
    assert timedelta(seconds=50) < identity.expires_at - datetime.now(UTC) <= timedelta(seconds=60)


@given(subject=st.text(min_size=1), scopes=st.sets(st.from_regex(r"[a-z:]{1,12}", fullmatch=True)))
def test_what_goes_in_comes_out(subject: str, scopes: set[str]) -> None:
    identity = verify(KEY, issue(KEY, subject, 60, scopes))
    assert (identity.subject, identity.scopes) == (subject, frozenset(scopes))


def test_an_expired_token_is_told_apart() -> None:
    with pytest.raises(TokenExpiredError) as caught:
        verify(KEY, issue(KEY, "u1", -60))
    assert caught.value.code == "token_expired"


def test_another_key_is_refused() -> None:
    with pytest.raises(TokenError, match="another key"):
        verify(KEY, issue(OTHER_KEY, "u1", 60))


@pytest.mark.parametrize("missing", ["exp", "iat", "sub", "aud"])
def test_every_claim_is_required(missing: str) -> None:
    with pytest.raises(TokenError):
        verify(KEY, jwt.encode(claims(**{missing: None}), KEY, algorithm="HS256"))


@pytest.mark.parametrize(
    "wrong", [{"aud": "other"}, {"aud": [AUDIENCE, "other"]}, {"sub": ""}, {"sub": 7}, {"scope": ["a"]}, {"exp": "soon"}]
)
def test_wrong_claims_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(TokenError):
        verify(KEY, jwt.encode(claims(**wrong), KEY, algorithm="HS256"))


@pytest.mark.parametrize("algorithm", ["HS384", "HS512"])
def test_only_the_pinned_algorithm_counts(algorithm: str) -> None:
    with pytest.raises(TokenError):
        verify(KEY, jwt.encode(claims(), b"k" * 64, algorithm=algorithm))


def test_an_unsigned_token_is_refused() -> None:
    now = int(datetime.now(UTC).timestamp())
    parts = [{"alg": "none", "typ": "JWT"}, {"sub": "u1", "aud": AUDIENCE, "iat": now, "exp": now + 60}]
    head, body = (base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts)
    for signature in ("", "AAAA"):
        with pytest.raises(TokenError):
            verify(KEY, f"{head}.{body}.{signature}")


@given(st.text(max_size=200))
def test_garbage_is_refused(garbage: str) -> None:
    with pytest.raises(TokenError):
        verify(KEY, garbage)


def test_a_ticket_opens_its_consult_only() -> None:
    ticket = issue_ticket(KEY, "c_1", "u1", 60)
    assert verify_ticket(KEY, ticket, "c_1").subject == "u1"
    with pytest.raises(TokenError, match="another consult"):
        verify_ticket(KEY, ticket, "c_2")
    with pytest.raises(TokenExpiredError):
        verify_ticket(KEY, issue_ticket(KEY, "c_1", "u1", -60), "c_1")


def test_a_ticket_is_no_token_and_a_token_no_ticket() -> None:
    with pytest.raises(TokenError):
        verify(KEY, issue_ticket(KEY, "c_1", "u1", 60))
    with pytest.raises(TokenError):
        verify_ticket(KEY, issue(KEY, "u1", 60), "c_1")
    with pytest.raises(TokenError):
        verify(KEY, issue_ticket(KEY, "c_1", "u1", 60), audience=f"{AUDIENCE} {TICKET_AUDIENCE}")


def test_weak_keys_and_nobody_are_refused() -> None:
    with pytest.raises(TokenError, match="31 bytes"):
        issue(b"k" * 31, "u1", 60)
    with pytest.raises(TokenError, match="31 bytes"):
        verify(b"k" * 31, issue(KEY, "u1", 60))
    with pytest.raises(TokenError, match="subject"):
        issue(KEY, "", 60)
