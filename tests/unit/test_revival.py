"""What may be done with a dead letter: work is handed back while it matters, and nothing that still stands is said twice."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consilium_common.bus.revival import CONSULT_KNOWN, Circumstances, Letter, Verdict, explain, judge
from consilium_common.contracts import subjects
from consilium_common.contracts.envelope import Envelope

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SUBJECTS = {
    subjects.CONSULTS: subjects.submit("c"),
    subjects.TASKS: subjects.assess("gp", "c"),
    subjects.CASES: subjects.opinion("c", 1, "gp"),
    subjects.EVENTS: subjects.final("g", "c"),
    subjects.DEADLINES: subjects.deadline_due("c", 1),
    subjects.INGEST: subjects.ingest_pack("gp"),
    subjects.DEAD: subjects.dead("gp"),
}


def letter(stream: str, *, readable: bool = True, left_s: float | None = 5, age_s: float = 5) -> Letter:
    envelope = Envelope(
        id="m",
        type="consilium.some.thing.v1",
        correlation_id="c",
        occurred_at=NOW - timedelta(seconds=age_s),
        source="test",
        deadline_at=None if left_s is None else NOW + timedelta(seconds=left_s),
    )
    return Letter(1, NOW, "gp", SUBJECTS.get(stream, "elsewhere"), "a-reason", 1, envelope=envelope if readable else None)


def on(dead: Letter, **known: bool) -> Verdict:
    return judge(dead, Circumstances(NOW, **known))


@pytest.mark.parametrize("stream", SUBJECTS)
def test_the_stream_follows_from_the_subject(stream: str) -> None:
    assert letter(stream).stream == stream


@pytest.mark.parametrize("subject", ["", "elsewhere", "consilium.v1.consult.submit", "consilium.v1.specialist.gp.assess"])
def test_what_no_stream_takes_is_not_published(subject: str) -> None:
    stray = Letter(1, NOW, "gp", subject, "a-reason", 1)
    assert stray.stream is None
    assert not on(stray).replay


@pytest.mark.parametrize("stream", [subjects.CONSULTS, subjects.TASKS, subjects.DEADLINES, subjects.INGEST])
def test_work_that_still_matters_is_handed_back(stream: str) -> None:
    assert on(letter(stream)).replay


def test_a_task_waits_no_longer_than_it_matters() -> None:
    assert on(letter(subjects.TASKS, left_s=5.7)).ttl_s == 7
    assert on(letter(subjects.TASKS, left_s=None)).ttl_s is None


@pytest.mark.parametrize("stream", [subjects.CONSULTS, subjects.TASKS])
def test_what_is_out_of_time_says_when_its_time_was_over(stream: str) -> None:
    verdict = on(letter(stream, left_s=-60))
    assert not verdict.replay
    assert "over at 11:59:00 UTC" in verdict.why


def test_a_deadline_is_due_by_its_nature_and_handed_back_all_the_same() -> None:
    assert on(letter(subjects.DEADLINES, left_s=-60)).replay


def test_a_task_that_was_answered_is_not_answered_again() -> None:
    assert not on(letter(subjects.TASKS), answered=True).replay


def test_a_pack_is_loaded_however_old_the_wish_is() -> None:
    assert on(letter(subjects.INGEST, age_s=20 * 86400, left_s=None), ended=True).replay


@given(
    st.sampled_from([*SUBJECTS, "none"]),
    st.booleans(),
    st.none() | st.floats(-1e6, 1e6),
    st.floats(0, 3e6),
    st.booleans(),
    st.booleans(),
)
def test_never_a_second_final(
    stream: str, readable: bool, left_s: float | None, age_s: float, ended: bool, answered: bool
) -> None:
    """Whatever the letter: what stands in its stream, has ended, or is too old for the bus to know that it has, stays."""
    verdict = on(letter(stream, readable=readable, left_s=left_s, age_s=age_s), ended=ended, answered=answered)
    assert verdict.why.endswith(".")
    stands = stream in {subjects.EVENTS, subjects.CASES, subjects.DEAD, "none"}
    over = stream != subjects.INGEST and (ended or timedelta(seconds=age_s) >= CONSULT_KNOWN)
    if stands or over or not readable:
        assert not verdict.replay
    if verdict.ttl_s is not None:
        assert verdict.ttl_s >= 1, "the server refuses less"


def test_reasons_are_explained_in_plain_words() -> None:
    assert "key" in explain("unreadable-message")
    assert "never handled" in explain("tries-used-up")
    assert "no-case-view" in explain("no-case-view")
