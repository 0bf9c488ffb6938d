"""Ranking: probabilities are honest, evidence moves them the right way, and nothing linked means nothing said."""

from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consilium_common.clinical.case_facts import gather_facts
from consilium_common.clinical.matching import Candidate, rank
from consilium_common.clinical.pack import ancestors_of, parse_band
from consilium_common.clinical.questions import best_questions
from consilium_common.contracts.case import Patient
from consilium_common.contracts.knowledge import FindingConcept
from support import small_pack as small

COMPLAINTS = sorted(c.id for c in small.concepts() if c.kind in {"symptom", "sign"})
ANY_CASE = st.lists(st.sampled_from([c.id for c in small.concepts()]), unique=True)


def by_id(candidates: tuple[Candidate, ...]) -> dict[str, Candidate]:
    return {candidate.condition.id: candidate for candidate in candidates}


def probability(condition: str, *findings: str, patient: Patient = small.NOBODY_KNOWN, denied: tuple[str, ...] = ()) -> float:
    candidate = by_id(rank(small.facts(*findings, patient=patient, denied=denied), small.pack())).get(condition)
    return candidate.probability if candidate else 0.0


@given(ANY_CASE, ANY_CASE)
def test_probabilities_leave_room_for_something_else(present: list[str], denied: list[str]) -> None:
    candidates = rank(small.facts(*present, denied=tuple(denied)), small.pack())
    assert sum(each.probability for each in candidates) < 1
    assert all(each.probability > 0 for each in candidates)
    assert [each.probability for each in candidates] == sorted((each.probability for each in candidates), reverse=True)


@given(ANY_CASE, st.sampled_from(["sweating", "arm-heaviness"]))
def test_a_supporting_finding_never_lowers_the_condition_or_its_rank_among_those_without_it(
    present: list[str], more: str
) -> None:
    case = ["chest-pain", *(f for f in present if f not in {more, "chest-pain"})]
    before, after = (rank(small.facts(*findings), small.pack()) for findings in (case, [*case, more]))
    assert by_id(after)["heart-attack"].log_odds >= by_id(before)["heart-attack"].log_odds
    assert place(after, "heart-attack") <= place(before, "heart-attack")


def place(candidates: tuple[Candidate, ...], condition: str) -> int:
    return [each.condition.id for each in candidates].index(condition)


def test_typical_findings_put_the_condition_first() -> None:
    assert rank(small.facts("chest-pain-pressure", "sweating", "arm-heaviness"), small.pack())[0].condition.id == "heart-attack"
    assert rank(small.facts("heartburn"), small.pack())[0].condition.id == "reflux"
    assert rank(small.facts("chest-pain", "chest-wall-tenderness"), small.pack())[0].condition.id == "chest-wall-pain"


@pytest.mark.parametrize("findings", [(), ("sore-toe",), ("smoking", "diabetes"), ("pregnancy",)])
def test_nothing_linked_means_insufficient_information(findings: tuple[str, ...]) -> None:
    assert rank(small.facts(*findings), small.pack()) == ()


def test_a_specific_finding_satisfies_the_general_one_and_a_general_one_supports_the_specific_weakly() -> None:
    specific = by_id(rank(small.facts("chest-pain-pressure"), small.pack()))["heart-attack"]
    general = by_id(rank(small.facts("chest-pain"), small.pack()))["heart-attack"]
    assert set(specific.supporting) == {"chest-pain", "chest-pain-pressure"}
    assert general.supporting == ("chest-pain",)
    assert "chest-pain-pressure" in general.missing
    assert specific.log_odds > general.log_odds


def test_denying_the_general_denies_every_kind_of_it() -> None:
    denied = by_id(rank(small.facts("sweating", "arm-heaviness", denied=("chest-pain",)), small.pack()))["heart-attack"]
    unsaid = by_id(rank(small.facts("sweating", "arm-heaviness"), small.pack()))["heart-attack"]
    assert set(denied.against) == {"chest-pain", "chest-pain-pressure"}
    assert denied.log_odds < unsaid.log_odds


def test_what_speaks_against_lowers_and_is_named() -> None:
    with_it = by_id(rank(small.facts("chest-pain-pressure", "chest-wall-tenderness"), small.pack()))["heart-attack"]
    assert "chest-wall-tenderness" in with_it.against
    assert with_it.log_odds < by_id(rank(small.facts("chest-pain-pressure"), small.pack()))["heart-attack"].log_odds


def test_risk_age_and_sex_count() -> None:
    case = ("chest-pain-pressure", "sweating")
    old, young = Patient(age_years=64.5, sex="m"), Patient(age_years=20, sex="f")
    assert probability("heart-attack", *case, patient=old) > probability("heart-attack", *case)
    assert probability("heart-attack", *case, patient=young) < probability("heart-attack", *case)
    assert probability("heart-attack", *case, "smoking", patient=old) > probability("heart-attack", *case, patient=old)


def test_onset_and_duration_count() -> None:
    def odds(**fields: object) -> float:
        case = small.facts(small.finding("chest-pain-pressure", **fields))
        return by_id(rank(case, small.pack()))["heart-attack"].log_odds

    assert odds(onset="sudden") > odds() > odds(onset="gradual")
    assert odds(duration_h=24 * 365.0) < odds(duration_h=1.0) == odds()


def test_a_condition_that_cannot_be_in_this_person_is_no_candidate() -> None:
    men = small.condition(
        "of-men",
        dict.fromkeys(("fear", "sweating", "palpitations"), (0.5, 0.1)),
        prevalence={"per_100k_year": 9, "sex": {"f": 0}},
    )
    pack = small.compiled(men)
    assert rank(small.facts("fear", patient=Patient(sex="f")), pack) == ()
    assert rank(small.facts("fear", patient=Patient(sex="m")), pack) != ()


def test_unmentioned_findings_count_less_than_denied_ones() -> None:
    unsaid = probability("heart-attack", "chest-pain", "sweating")
    denied = probability("heart-attack", "chest-pain", "sweating", denied=("arm-heaviness", "chest-pain-pressure"))
    assert denied < unsaid


def test_related_findings_count_less_than_independent_ones() -> None:
    family = small.condition(
        "family", {"chest-pain-pressure": (0.8, 0.2), "chest-pain-burning": (0.8, 0.2), "fear": (0.5, 0.5)}
    )
    apart = small.condition("apart", {"chest-pain-pressure": (0.8, 0.2), "sweating": (0.8, 0.2), "fear": (0.5, 0.5)})
    found = by_id(rank(small.facts("chest-pain-pressure", "chest-pain-burning", "sweating"), small.compiled(family, apart)))
    assert found["family"].log_odds < found["apart"].log_odds


def test_what_only_the_graph_suggests_comes_in_from_below() -> None:
    case = small.facts("sore-toe", "sweating")
    merged = rank(case, small.pack(), {"panic": 1.0, "not-in-the-pack": 1.0})
    assert "panic" not in by_id(rank(case, small.pack()))
    assert merged[-1].condition.id == "panic"
    assert sum(each.probability for each in merged) < 1


def test_what_words_speak_for_weighs_and_leads_only_when_it_is_much() -> None:
    case = small.facts("heartburn")
    plain, some, much = (by_id(rank(case, small.pack(), heard={"reflux": 1.0, "panic": heard})) for heard in (0.0, 3.4, 3.5))
    assert plain["reflux"].log_odds == by_id(rank(case, small.pack()))["reflux"].log_odds + 1.0
    assert some.keys() == plain.keys()
    assert much.keys() == plain.keys() | {"panic"}


def test_what_the_graph_suggests_too_is_strengthened() -> None:
    case = small.facts("heartburn")
    assert rank(case, small.pack(), {"reflux": 0.8})[0].probability > rank(case, small.pack())[0].probability


def test_the_order_of_the_pack_does_not_matter() -> None:
    case = small.facts("chest-pain", "fear")
    assert rank(case, small.compiled(*small.conditions())) == rank(case, small.compiled(*reversed(small.conditions())))


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("<18", 0, 18),
        ("<=17", 0, 18),
        ("18-39", 18, 40),
        (">64", 65, inf),
        (">=65", 65, inf),
        ("65+", 65, inf),
        ("40 - 64", 40, 65),
    ],
)
def test_age_bands(text: str, low: float, high: float) -> None:
    band = parse_band(text, 2.0)
    assert (band.from_years, band.to_years, band.factor) == (low, high, 2.0)


@pytest.mark.parametrize("text", ["", "old", "40-18", "18..39", "<0"])
def test_an_age_band_that_is_not_understood_is_refused_by_name(text: str) -> None:
    with pytest.raises(ValueError, match="age band"):
        parse_band(text, 1.0)
    wrong = small.condition(
        "wrong",
        dict.fromkeys(("fear", "sweating", "palpitations"), (0.5, 0.1)),
        prevalence={"per_100k_year": 9, "age": {text: 1}},
    )
    with pytest.raises(ValueError, match="'wrong'"):
        small.compiled(wrong)


def test_generality_is_followed_over_several_steps_and_a_cycle_ends() -> None:
    chain = [
        FindingConcept(id="a", name="a", is_a=("b",)),
        FindingConcept(id="b", name="b", is_a=("c",)),
        FindingConcept(id="c", name="c", is_a=("a",)),
    ]
    assert ancestors_of(chain) == {"a": {"b", "c"}, "b": {"a", "c"}, "c": {"a", "b"}}


def test_facts_of_message_and_record() -> None:
    said = small.reading("chest-pain-pressure", denied=("diabetes", "aspirin-allergy"), patient=Patient(age_years=30))
    record = Patient(
        age_years=29,
        sex="f",
        pregnant=False,
        conditions=("diabetes", "kidney-disease"),
        medications=("ibuprofen",),
        allergies=("aspirin",),
    )
    case = gather_facts(said, record, small.pack().ancestors, small.pack().medicines)
    assert case.age_years == 30
    assert case.sex == "f"
    assert case.from_record == {"kidney-disease", "nsaid-use", "aspirin-allergy"}
    assert "chest-pain" in case.present
    assert "diabetes" in case.absent
    assert "pregnancy" in case.absent
    assert "nsaid-allergy" in case.present


def test_questions_tell_the_leading_conditions_apart() -> None:
    candidates = rank(small.facts("chest-pain"), small.pack())
    questions = best_questions(candidates, small.pack().concepts, 3)
    assert len(questions) == len(set(questions)) == 3
    assert "Is there chest-pain?" not in questions
    assert best_questions(candidates[:1], small.pack().concepts, 3) == ()
