"""Sealing: what was sealed opens unchanged, and nothing else opens at all."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consilium_common.bus.codec import Codec, UnreadableError
from consilium_common.contracts.envelope import wrap
from consilium_common.contracts.events import AgentStarted
from consilium_common.security.sealing import Sealer, SealError

SEALER = Sealer(b"k" * 32)
SEALED = SEALER.seal(b"what a patient said", b"purpose")


@given(st.binary(max_size=500), st.binary(max_size=50))
def test_what_is_sealed_opens_with_the_same_key_and_purpose(plain, aad):
    sealed = SEALER.seal(plain, aad)
    assert Sealer(b"k" * 32).open(sealed, aad) == plain
    assert len(plain) < 4 or plain not in sealed


@given(st.integers(0, len(SEALED) - 1), st.integers(1, 255))
def test_any_changed_byte_is_noticed(place, flip):
    changed = bytearray(SEALED)
    changed[place] ^= flip
    with pytest.raises(SealError):
        SEALER.open(bytes(changed), b"purpose")


@given(st.integers(0, len(SEALED) - 1))
def test_any_cut_is_noticed(length):
    with pytest.raises(SealError):
        SEALER.open(SEALED[:length], b"purpose")


@pytest.mark.parametrize(("sealer", "aad"), [(SEALER, b"another purpose"), (SEALER, b""), (Sealer(b"x" * 32), b"purpose")])
def test_another_purpose_or_key_does_not_open_it(sealer, aad):
    with pytest.raises(SealError, match="another key or for another purpose"):
        sealer.open(SEALED, aad)


def test_the_same_words_are_sealed_differently_each_time():
    assert len({SEALER.seal(b"same", b"") for _ in range(100)}) == 100


@pytest.mark.parametrize("key", [b"", b"k" * 31, b"k" * 33])
def test_a_key_of_another_length_is_refused(key):
    with pytest.raises(SealError, match=f"{len(key)} bytes; it must have 32"):
        Sealer.from_base64(base64.b64encode(key).decode())


@pytest.mark.parametrize("key", ["no base64!", "ключ", "abc"])
def test_a_key_that_is_no_base64_is_refused_without_being_shown(key):
    with pytest.raises(SealError) as refused:
        Sealer.from_base64(key)
    assert key not in refused.value.message


def test_what_is_no_envelope_is_unreadable():
    codec = Codec(SEALER)
    envelope = wrap(AgentStarted(agent="gp"), "test", correlation_id="c_1")
    assert codec.decode(codec.encode(envelope)) == envelope
    for payload in (b"", b"{}", codec.encode(envelope)[:-1], SEALER.seal(b"{}", b"consilium.bus.v1")):
        with pytest.raises(UnreadableError):
            codec.decode(payload)
