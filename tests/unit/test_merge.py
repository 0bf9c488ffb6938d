"""Merging: the same bytes whatever the order, urgency only up, dissent and gaps kept, every citation resolved."""

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from consilium_common.clinical.answer_text import answer_text
from consilium_common.clinical.case_facts import gather_facts
from consilium_common.clinical.matching import rank
from consilium_common.clinical.merge import content_hash, merge
from consilium_common.clinical.opinion import form_opinion
from consilium_common.contracts.answer import Answer
from consilium_common.contracts.case import Reading, Triage
from consilium_common.contracts.commands import OpinionGiven, Plan
from consilium_common.contracts.knowledge import TriageLevel
from consilium_common.contracts.opinion import Confidence, Evidence, Opinion, Possibility, Recommendation, Statement
from consilium_common.contracts.problem import Problem
from support import small_pack as small

AGENTS = ("cardiology", "gp", "neurology", "orthopedics")
PROBLEM = OpinionGiven(specialist="gp", problem=Problem(title="Broken", status=500, detail="It broke.", code="broken"))
NOTHING_READ = Reading()
LEVELS = st.sampled_from(list(TriageLevel))


def plan(*asked: str, triage: Triage | None = None, reading: Reading = NOTHING_READ, **fields: object) -> Plan:
    base = Plan(
        gateway="g",
        snapshot_id="s",
        triage=triage or small.triage(TriageLevel.SELF_CARE),
        reading=reading,
        patient=reading.patient,
    )
    return base.model_copy(update={"asked": asked, **fields})


def possibility(condition: str, probability: float, triage: TriageLevel = TriageLevel.ROUTINE, **fields: object) -> Possibility:
    base = {
        "condition": condition,
        "name": condition.capitalize(),
        "icd10": "R07.4",
        "probability": probability,
        "triage": triage,
    }
    return Possibility.model_validate(base | {"evidence_ids": ("k1",)} | fields)


def opinion(agent: str, *differential: Possibility, steps: Sequence[Recommendation] = (), **fields: object) -> OpinionGiven:
    """An opinion that cites the presentation of its leading condition as k1 and never uses k2."""
    leading = differential[0].condition if differential else "nothing"
    place = f"{agent}/{leading}"
    evidence = tuple(
        Evidence(id=id, kind="knowledge", title="T", source="S", locator=f"{place}#{section}", quote=f"{leading} {section}.")
        for id, section in (("k1", "presentation"), ("k2", "tests"))
    )
    base = Opinion(
        summary=(Statement(text=f"It can fit with {leading}.", evidence_ids=("k1",)),) if differential else (),
        differential=differential,
        recommendations=tuple(steps),
        confidence=Confidence(value=0.6, basis="two findings"),
        evidence=evidence if differential else (),
        insufficient_information=None if differential else "Too little.",
        knowledge_version="v1",
    )
    return OpinionGiven(specialist=agent, opinion=base.model_copy(update=fields))


def step(text: str, urgency: str = "soon", kind: str = "treatment", **fields: object) -> Recommendation:
    return Recommendation.model_validate({"text": text, "urgency": urgency, "kind": kind, "evidence_ids": ("k1",)} | fields)


def merged(*given: OpinionGiven, triage: Triage | None = None) -> Answer:
    return merge(plan(*(each.specialist for each in given), triage=triage), {each.specialist: each for each in given}).answer


probabilities = st.floats(0.01, 0.3)
possibilities = st.builds(
    possibility,
    st.sampled_from(["angina", "reflux", "migraine", "sprain"]),
    probabilities,
    LEVELS,
    icd10=st.sampled_from(["I20.0", "I20.9", "K21.9", "G43.0"]),
    against=st.sampled_from([(), ("Burning",)]),
)
steps = st.builds(
    step,
    st.sampled_from(["Call the emergency number now", "Rest", "Chew aspirin", "Take ibuprofen"]),
    st.sampled_from(["now", "today", "soon", "routine"]),
    st.sampled_from(["self-care", "treatment", "test"]),
    drug=st.sampled_from([None, "aspirin", "ibuprofen"]),
    blocked_by=st.sampled_from([(), ("allergy to aspirin",)]),
)


@st.composite
def rounds(draw: st.DrawFn) -> tuple[Plan, dict[str, OpinionGiven]]:
    """A plan and what came of it: opinions, failures and silence."""
    asked = draw(st.lists(st.sampled_from(AGENTS), unique=True, min_size=1))
    given: dict[str, OpinionGiven] = {}
    for agent in asked:
        kind = draw(st.sampled_from(["opinion", "opinion", "too little", "failed", "silent"]))
        if kind == "opinion":
            listed = draw(st.lists(possibilities, min_size=1, max_size=3, unique_by=lambda each: each.condition))
            given[agent] = opinion(
                agent, *sorted(listed, key=lambda p: -p.probability), steps=draw(st.lists(steps, max_size=3))
            )
        elif kind == "too little":
            given[agent] = opinion(agent)
        elif kind == "failed":
            given[agent] = PROBLEM.model_copy(update={"specialist": agent})
    return plan(*asked, triage=small.triage(draw(LEVELS))), given


@given(rounds(), st.randoms(use_true_random=False))
@settings(max_examples=80)
def test_any_order_gives_the_same_bytes(case: tuple[Plan, dict[str, OpinionGiven]], random: object) -> None:
    asked, given = case
    shuffled = list(given.items())
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    first, second, again = merge(asked, given), merge(asked, dict(shuffled)), merge(asked, given)
    assert first.answer.model_dump_json() == second.answer.model_dump_json() == again.answer.model_dump_json()
    assert first.outcome == second.outcome


@given(rounds())
@settings(max_examples=80)
def test_what_holds_for_every_answer(case: tuple[Plan, dict[str, OpinionGiven]]) -> None:
    asked, given = case
    result = merge(asked, given)
    answer = result.answer
    assert answer.triage.level.urgency >= asked.triage.level.urgency
    assert sum(each.probability for each in answer.differential) <= 1
    assert {entry.agent for entry in answer.coverage} == set(asked.asked)
    assert answer.content_sha256 == content_hash(answer)
    cited_in = (answer.summary, answer.differential, answer.recommendations, *(c.positions for c in answer.conflicts))
    used = [id for part in cited_in for each in part for id in each.evidence_ids]
    assert [each.id for each in answer.citations] == [str(number) for number in range(1, len(answer.citations) + 1)]
    assert set(used) == {each.id for each in answer.citations}
    assert list(dict.fromkeys(used)) == [each.id for each in answer.citations]
    assert all(statement.evidence_ids for statement in answer.summary)
    assert (result.outcome == "failed") == all(each.opinion is None for each in given.values())
    assert (result.outcome == "completed") <= (set(given) == set(asked.asked))
    opinions = [each.opinion for each in given.values() if each.opinion]
    blocked = {s.drug for o in opinions for s in o.recommendations if s.drug and s.blocked_by}
    assert all(each.blocked_by for each in answer.recommendations if each.drug in blocked)


@given(LEVELS, LEVELS, st.floats(0.02, 0.95))
def test_triage_is_never_lowered(rules: TriageLevel, thought: TriageLevel, probability: float) -> None:
    answer = merged(opinion("gp", possibility("reflux", probability, thought)), triage=small.triage(rules))
    assert answer.triage.level.urgency >= rules.urgency


def test_a_likely_emergency_raises_triage_with_its_reason_and_its_evidence() -> None:
    answer = merged(opinion("cardiology", possibility("angina", 0.7, TriageLevel.EMERGENCY)), triage=small.triage())
    assert answer.triage.level == TriageLevel.EMERGENCY
    assert any("Angina" in reason and "cardiology" in reason for reason in answer.triage.reasons)
    assert answer.summary[0].text == answer.triage.advice
    assert answer.citations[0].locator == "cardiology/angina#presentation"


def test_a_possible_emergency_is_seen_today_and_a_remote_one_changes_nothing() -> None:
    possible = merged(opinion("cardiology", possibility("angina", 0.35, TriageLevel.EMERGENCY)), triage=small.triage())
    remote = merged(opinion("cardiology", possibility("angina", 0.05, TriageLevel.EMERGENCY)), triage=small.triage())
    assert possible.triage.level == TriageLevel.SAME_DAY
    assert remote.triage == small.triage()


def test_what_reads_mild_is_sent_to_a_doctor_today_only_by_a_likely_emergency() -> None:
    mild = small.triage().model_copy(update={"reads_mild": True})
    today = opinion("gp", possibility("reflux", 0.9, TriageLevel.SAME_DAY))
    possible, likely = (opinion("gp", possibility("angina", each, TriageLevel.EMERGENCY)) for each in (0.35, 0.65))
    assert merged(today, triage=small.triage()).triage.level == TriageLevel.SAME_DAY
    assert merged(today, triage=mild).triage.level == TriageLevel.ROUTINE
    assert merged(possible, triage=mild).triage == mild
    assert merged(likely, triage=mild).triage.level == TriageLevel.SAME_DAY


def test_in_an_emergency_the_rule_speaks_first_and_nobody_waits_at_home() -> None:
    triage = small.triage(TriageLevel.EMERGENCY, small.red_flag("heart"))
    rest = step("Rest at home", kind="self-care", condition="reflux")
    answer = merged(opinion("gp", possibility("reflux", 0.5), steps=[rest]), triage=triage)
    assert answer.summary[0] == Statement(text="Act on heart.", evidence_ids=("1",))
    assert (answer.citations[0].locator, answer.citations[0].quote) == ("redflags/heart", "Act on heart.")
    assert answer.recommendations == ()


def test_vital_signs_alone_speak_first_too() -> None:
    answer = merged(opinion("gp", possibility("reflux", 0.5)), triage=small.triage(TriageLevel.EMERGENCY))
    assert answer.summary[0].text == "Advice for emergency."
    assert answer.citations[0].locator == "triage/r1"


def test_the_same_condition_of_two_is_one_and_not_counted_twice() -> None:
    one = opinion("cardiology", possibility("reflux", 0.5, supporting=("Heartburn",)))
    other = opinion("gp", possibility("reflux", 0.4, TriageLevel.SAME_DAY, supporting=("Burning",)))
    (both,) = merged(one, other).differential
    assert both.probability == 0.5
    assert both.supporting == ("Heartburn", "Burning")
    assert both.triage == TriageLevel.SAME_DAY
    assert len(both.evidence_ids) == 2


def test_one_category_joins_two_specialists_and_never_two_conditions_of_one() -> None:
    own = (possibility("unstable", 0.4, icd10="I20.0"), possibility("stable", 0.2, icd10="I20.9"))
    other = possibility("angina", 0.3, icd10="I20.9")
    differential = merged(opinion("cardiology", *own), opinion("gp", other)).differential
    assert [each.condition for each in differential] == ["unstable", "stable"]


def test_different_conditions_of_two_share_the_whole() -> None:
    differential = merged(
        opinion("cardiology", possibility("angina", 0.5, icd10="I20.9")),
        opinion("gp", possibility("reflux", 0.5, icd10="K21.9")),
    ).differential
    assert [round(each.probability, 2) for each in differential] == [0.33, 0.33]


def test_a_leading_condition_that_another_argues_against_is_a_conflict() -> None:
    doubted = possibility("angina", 0.05, against=("Tenderness",))
    answer = merged(
        opinion("cardiology", possibility("angina", 0.6)), opinion("gp", possibility("strain", 0.5, icd10="M79.1"), doubted)
    )
    (conflict,) = answer.conflicts
    assert [position.agent for position in conflict.positions] == ["cardiology", "gp"]
    assert "Tenderness" in conflict.positions[1].stance


def test_what_one_recommends_and_another_blocks_is_a_critical_conflict_and_stays_blocked() -> None:
    take = step("Take aspirin", drug="aspirin")
    refuse = step("Take low-dose aspirin", drug="aspirin", blocked_by=("allergy to aspirin",))
    answer = merged(
        opinion("cardiology", possibility("angina", 0.5), steps=[take]),
        opinion("gp", possibility("reflux", 0.2), steps=[refuse]),
    )
    assert answer.conflicts[0].severity == "critical"
    assert {position.agent for position in answer.conflicts[0].positions} == {"cardiology", "gp"}
    (aspirin,) = answer.recommendations
    assert aspirin.blocked_by == ("allergy to aspirin",)
    assert any("Not for you" in text and "allergy to aspirin" in text for text, _ in answer_text(answer))


def test_emergency_against_self_care_is_a_conflict_that_the_urgent_view_wins() -> None:
    answer = merged(
        opinion("cardiology", possibility("angina", 0.5, TriageLevel.EMERGENCY, icd10="I20.9")),
        opinion("gp", possibility("reflux", 0.5, TriageLevel.SELF_CARE, icd10="K21.9")),
    )
    assert [conflict.claim for conflict in answer.conflicts] == ["How urgent this is"]
    assert answer.triage.level.urgency > TriageLevel.ROUTINE.urgency


def test_steps_that_are_the_same_are_said_once_and_the_urgent_ones_first() -> None:
    answer = merged(
        opinion(
            "cardiology",
            possibility("a", 0.3),
            steps=[step("Rest with the leg raised"), step("Call the emergency number now", "now")],
        ),
        opinion(
            "gp",
            possibility("b", 0.3, icd10="Z00"),
            steps=[step("Rest with leg raised"), step("Call the emergency number, sit down", "now")],
        ),
    )
    assert [each.text for each in answer.recommendations] == ["Call the emergency number now", "Rest with the leg raised"]
    assert all(len(each.evidence_ids) == 2 for each in answer.recommendations)


def test_everybody_who_should_have_answered_is_accounted_for() -> None:
    asked = plan("cardiology", "gp", "neurology", unavailable={"orthopedics": "is not running"})
    result = merge(asked, {"cardiology": opinion("cardiology", possibility("angina", 0.3)), "gp": PROBLEM}, ("neurology",))
    statuses = {entry.agent: entry.status for entry in result.answer.coverage}
    assert statuses == {"cardiology": "answered", "gp": "failed", "neurology": "timed_out", "orthopedics": "unavailable"}
    assert result.outcome == "incomplete"
    for missing in ("gp", "neurology", "orthopedics"):
        assert any(missing in text for text in result.answer.disclaimers)
    assert result.answer.confidence.value < merged(opinion("cardiology", possibility("angina", 0.3))).confidence.value


def test_nobody_leaves_the_triage_advice_and_says_so() -> None:
    triage = small.triage(TriageLevel.EMERGENCY, small.red_flag("heart"))
    result = merge(plan(unavailable={"gp": "is not running"}, triage=triage), {})
    assert result.outcome == "failed"
    assert result.answer.triage == triage
    assert [statement.text for statement in result.answer.summary] == ["Act on heart."]
    assert result.answer.confidence.value == 0
    assert result.answer.insufficient_information


@pytest.mark.parametrize("why", ["unintelligible", "not-medical", "not-english"])
def test_a_message_that_cannot_be_judged_is_answered_honestly(why: str) -> None:
    result = merge(plan(reading=Reading.model_validate({"insufficient": why})), {})
    assert result.outcome == "incomplete"
    assert next(iter(answer_text(result.answer))) == (result.answer.insufficient_information, ())


def test_too_little_for_everybody_is_incomplete_and_for_one_is_not() -> None:
    little = opinion("gp")
    assert merge(plan("gp"), {"gp": little}).outcome == "incomplete"
    both = {"gp": little, "cardiology": opinion("cardiology", possibility("angina", 0.3))}
    assert merge(plan("gp", "cardiology"), both).outcome == "completed"


def test_who_was_not_asked_is_not_heard() -> None:
    late = opinion("neurology", possibility("migraine", 0.9))
    asked = {"gp": opinion("gp", possibility("reflux", 0.3))}
    assert merge(plan("gp"), {**asked, "neurology": late}) == merge(plan("gp"), asked)


def test_stores_that_were_skipped_are_named_in_plain_words() -> None:
    answer = merged(opinion("gp", possibility("reflux", 0.3), degraded=("graph", "vectors")))
    assert any("the knowledge graph and the passage search" in text for text in answer.disclaimers)


def test_the_hash_is_that_of_canonical_json() -> None:
    answer = merged(opinion("gp", possibility("réflux", 0.3)))
    content = json.loads(answer.model_dump_json(exclude={"content_sha256"}))
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    assert answer.content_sha256 == sha256(canonical).hexdigest()
    assert content_hash(answer.model_copy(update={"disclaimers": ()})) != answer.content_sha256


def test_the_text_has_every_sentence_with_its_numbers() -> None:
    answer = merged(opinion("gp", possibility("reflux", 0.3), steps=[step("Rest")]))
    assert list(answer_text(answer)) == [("It can fit with reflux. [1]", (1,)), ("- Rest [1]", (1,))]


@given(st.lists(st.sampled_from([c.id for c in small.concepts()]), unique=True))
@example(["chest-pain", "arm-heaviness", "smoking", "active-bleeding", "heartburn", "chest-pain-pressure"])  # unlisted, too
@settings(max_examples=40)
def test_two_specialists_on_one_case_agree_with_themselves(findings: list[str]) -> None:
    """Two agents with the same pack give the answer of one: nothing doubles, nothing is lost."""
    given: Mapping[str, OpinionGiven] = {agent: _formed(agent, findings) for agent in ("cardiology", "gp")}
    two, one = merge(plan("cardiology", "gp"), given).answer, merge(plan("cardiology"), given).answer
    assert [each.condition for each in two.differential] == [each.condition for each in one.differential]
    assert [s.text for s in two.summary] == [s.text for s in one.summary]
    assert [r.text for r in two.recommendations] == [r.text for r in one.recommendations]


def _formed(agent: str, findings: Sequence[str]) -> OpinionGiven:
    pack, view = small.pack(agent), small.case_view(small.reading(*findings), specialist=agent)
    case = gather_facts(view.reading, view.patient, pack.ancestors, pack.medicines)
    return OpinionGiven(specialist=agent, opinion=form_opinion(view, pack, case, rank(case, pack)))


def test_a_large_pack_stands_no_lower_for_what_it_does_not_list() -> None:
    # Both leave the same odds against something else to their possibility; the large pack weighed many others.
    small_pack = opinion("cardiology", possibility("angina", 0.6), something_else=0.3)
    large_pack = opinion("gp", possibility("reflux", 0.4, icd10="K21.9"), something_else=0.2)
    answer = merged(small_pack, large_pack)
    angina, reflux = (next(p.probability for p in answer.differential if p.condition == name) for name in ("angina", "reflux"))
    assert angina == reflux


def test_what_was_weighed_and_not_listed_keeps_its_share() -> None:
    listed_all = merged(opinion("gp", possibility("reflux", 0.5), something_else=0.5))
    listed_less = merged(opinion("gp", possibility("reflux", 0.5), something_else=0.2))
    assert listed_less.differential[0].probability == listed_all.differential[0].probability == 0.5
