"""Planning: who is asked, until when, and what each may see."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consilium_common.contracts.case import Patient, Reading, RouteChoice, Triage, Vital
from consilium_common.contracts.knowledge import TriageLevel
from consilium_common.contracts.manifest import Limits, Manifest, Profile, Scope
from consilium_orchestrator.planning import MERGE_MARGIN_S, answer_by, case_view, patient_in_scope, who_is_asked

NOW = datetime(2026, 1, 1, tzinfo=UTC)
PATIENT = Patient(
    age_years=58, sex="f", pregnant=False, conditions=("diabetes",), medications=("warfarin",), allergies=("penicillin",)
)
FIELDS = {
    "demographics": ("age_years", "sex", "pregnant"),
    "conditions": ("conditions",),
    "medications": ("medications",),
    "allergies": ("allergies",),
}


def profile(name="gp", deadline_s=8.0, data=()):
    manifest = Manifest(name=name, version="1.0.0", title=name, scope=Scope(), limits=Limits(deadline_s=deadline_s), data=data)
    return Profile(manifest=manifest, knowledge_version="1")


def choices(*names):
    return [RouteChoice(specialist=name, score=0.5) for name in names]


def test_those_that_run_are_asked_and_the_others_are_named_with_the_reason():
    known = {name: profile(name) for name in ("alive", "dead")}
    # "ghost" beats, but nobody has read its profile, so nothing could be planned for it.
    asked = who_is_asked(
        choices("dead", "alive", "ghost", "unheard"), known, lambda name: {"alive": 2, "ghost": 1}.get(name, 0)
    )
    assert asked.asked == ("alive",)
    assert asked.unavailable == {
        "dead": "is not running",
        "ghost": "is not known here",
        "unheard": "is not known here",
    }


def test_the_order_of_routing_is_kept():
    names = ("cc", "aa", "bb")
    assert who_is_asked(choices(*names), {name: profile(name) for name in names}, lambda _: 1).asked == names


@pytest.mark.parametrize(
    ("limits", "consult_s", "expected_s"),
    [
        ((2.0, 8.0), 60, 8.0),
        ((2.0, 8.0), 5, 5 - MERGE_MARGIN_S),
        ((), 5, 0),
        ((8.0,), -3, -3 - MERGE_MARGIN_S),
    ],
)
def test_opinions_are_waited_for_as_long_as_the_slowest_may_take_within_the_deadline(limits, consult_s, expected_s):
    due = answer_by(NOW, NOW + timedelta(seconds=consult_s), [profile(deadline_s=each) for each in limits])
    assert (due - NOW).total_seconds() == pytest.approx(expected_s)


@given(st.sets(st.sampled_from(sorted(FIELDS))))
def test_a_patient_is_shown_exactly_as_far_as_the_scope_goes(data):
    seen = patient_in_scope(PATIENT, sorted(data))
    for scope, fields in FIELDS.items():
        for name in fields:
            expected = getattr(PATIENT, name) if scope in data else getattr(Patient(), name)
            assert getattr(seen, name) == expected


@pytest.mark.parametrize("data", [(), ("vitals",), ("medications", "vitals")])
def test_a_view_holds_nothing_beyond_its_scope_anywhere(data):
    reading = Reading(patient=PATIENT, vitals=(Vital(name="heart_rate_bpm", value=121),))
    triage = Triage(level=TriageLevel.ROUTINE, within="days", advice="See somebody.", rules_version="1")
    view = case_view(
        profile(data=data),
        consult_id="c_1",
        snapshot_id="s_1",
        question="my knee",
        reading=reading,
        triage=triage,
        audience="patient",
        now=NOW,
    )
    text = view.model_dump_json()
    assert ("warfarin" in text) == ("medications" in data)
    assert ("121" in text) == ("vitals" in data)
    assert "penicillin" not in text
    assert (view.specialist, view.question, view.snapshot_id) == ("gp", "my knee", "s_1")
    assert view.expires_at > NOW
