"""What imports add to an opinion: it stands behind the packs, says where it is from, and replaces nothing."""

import asyncio
import time

import pytest

from consilium_common.clinical.matching import rank
from consilium_common.clinical.opinion import Found, form_opinion
from consilium_common.clinical.treatment import check
from consilium_common.contracts.case import Patient
from consilium_common.contracts.knowledge import Passage, Step
from consilium_common.specialist.imported import ImportedTexts, below, listed, suggested_too
from consilium_common.stores.errors import StoreError
from consilium_common.stores.graph import Candidate, Caution, Graph
from consilium_common.stores.vectors import Hit
from support import small_pack


def hit(name: str, score: float, condition: str = "", trust: str = "curated", text: str = "A sentence on it.") -> Hit:
    passage = Passage.model_validate(
        {
            "locator": name,
            "specialist": "import",
            "condition": condition,
            "section": "about",
            "title": name,
            "text": text,
            "sources": {"s": "A source (2016)"},
            "trust": trust,
            "licence": "CC BY 4.0",
        }
    )
    return Hit(passage, score)


def test_imported_passages_come_after_the_packs_with_lower_scores() -> None:
    ours = [hit("a", 0.03), hit("b", 0.01)]
    theirs = [hit("x", 9.0, trust="imported"), hit("y", 3.0, trust="imported")]
    found = below(ours, theirs)
    assert [each.passage.locator for each in found] == ["a", "b", "x", "y"]
    scores = [each.score for each in found]
    assert scores == sorted(scores, reverse=True)
    assert scores[2] < scores[1]


def test_without_either_side_there_is_the_other() -> None:
    assert below([hit("a", 0.03)], []) == [hit("a", 0.03)]
    assert [each.passage.locator for each in below([], [hit("x", 0.5)])] == ["x"]
    assert below([], [hit("x", 0.0)])[0].score == 0.0


def test_imports_suggest_few_conditions_and_each_less_than_the_packs_do() -> None:
    texts = [hit(name, 1.0, condition=name) for name in ("p", "q", "a", "")]
    graph = [Candidate(name, "gp", name, "", (), 0.0, curated=False) for name in ("q", "r", "s")]
    strengths = suggested_too({"a": 0.5, "b": 0.03}, texts, graph)
    assert strengths == {"a": 0.5, "b": 0.03, "p": 0.015, "q": 0.015, "r": 0.015}
    assert suggested_too({}, [], [Candidate("c", "gp", "c", "routine", (), 1.0)]) == {}, "curated ones are not its matter"


def caution(severity: str, listed_by: str = "", fact: str = "warfarin") -> Caution:
    return Caution("aspirin", fact, "interacts", severity, "" if listed_by else "more bleeding", listed_by)


def test_a_list_is_named_where_the_packs_say_nothing_or_less() -> None:
    says = listed([caution("critical", "ndfrt")])
    assert says == {"aspirin": ("listed by NDF-RT, US Veterans Affairs 2014 as dangerous together with warfarin",)}
    assert listed([caution("significant"), caution("critical", "ndfrt")]) == says
    assert listed([caution("minor"), caution("high-priority", "onc")])["aspirin"][0].startswith("listed by ONC")


def test_a_list_repeats_nothing_that_the_packs_say_themselves() -> None:
    assert listed([caution("critical"), caution("critical", "ndfrt"), caution("high-priority", "onc")]) == {}
    assert listed([caution("significant"), caution("significant", "ndfrt")]) == {}
    assert listed([caution("critical")]) == {}


def test_a_list_that_gives_two_severities_is_told_once_with_the_graver_one() -> None:
    assert listed([caution("significant", "ndfrt"), caution("critical", "ndfrt")]) == listed([caution("critical", "ndfrt")])


LISTED = ("listed by A list as dangerous together with warfarin",)


def test_what_is_listed_comes_after_the_reasons_of_the_packs() -> None:
    pack = small_pack.pack()
    facts = small_pack.facts("chest-pain", patient=Patient(medications=("warfarin",)))
    step = Step(do="Take aspirin", drug="aspirin", urgency="soon", source="s")
    ours = check(step, facts, pack.medicines, pack.concepts)
    assert check(step, facts, pack.medicines, pack.concepts, (), LISTED) == (*ours, *LISTED)


def test_what_is_listed_does_not_hold_up_what_must_be_done_now() -> None:
    pack = small_pack.pack()
    facts = small_pack.facts("chest-pain")
    now = Step(do="Chew aspirin", drug="aspirin", urgency="now", source="s")
    assert check(now, facts, pack.medicines, pack.concepts, (), LISTED) == ()


def test_an_opinion_ends_with_one_imported_sentence_that_says_where_it_is_from() -> None:
    pack = small_pack.pack()
    facts = small_pack.facts("chest-pain")
    candidates = rank(facts, pack)
    view = small_pack.case_view(small_pack.reading("chest-pain"))
    plain = form_opinion(view, pack, facts, candidates)
    leading = plain.differential[0].condition
    literature = tuple(
        hit(name, 0.1, condition, "imported", text).passage
        for name, condition, text in (
            ("import/x/1#about", "something-else", "It is something else."),
            ("import/x/2#about", leading, "A long sentence " * 30 + "."),
            ("import/x/3#about", leading, "It is common. It is more."),
            ("import/x/4#about", leading, "It is rare."),
        )
    )
    opinion = form_opinion(view, pack, facts, candidates, Found(literature=literature))
    assert opinion.summary[:-1] == plain.summary
    assert opinion.summary[-1].text == "From A source (2016), not reviewed for Consilium: It is common."
    assert opinion.summary[-1].evidence_ids == ("l1",)
    (cited,) = [each for each in opinion.evidence if each.kind == "literature"]
    assert [each for each in opinion.evidence if each != cited] == list(plain.evidence)
    assert (cited.kind, cited.quote, cited.source) == ("literature", "It is common.", "A source (2016); CC BY 4.0")


def test_an_imported_sentence_that_states_a_diagnosis_is_not_said_to_a_patient() -> None:
    pack = small_pack.pack()
    facts = small_pack.facts("chest-pain")
    candidates = rank(facts, pack)
    view = small_pack.case_view(small_pack.reading("chest-pain"))
    leading = form_opinion(view, pack, facts, candidates).differential[0].condition
    stated = hit("import/x/1#about", 0.1, leading, "imported", "You have it.").passage
    opinion = form_opinion(view, pack, facts, candidates, Found(literature=(stated,)))
    assert not any("You have it" in statement.text for statement in opinion.summary)
    assert not any(each.kind == "literature" for each in opinion.evidence)


class Away:
    """Milvus that takes every call and answers none."""

    def imports(self) -> "Away":
        return self

    async def exists(self) -> bool:
        await asyncio.sleep(3)
        raise StoreError("vectors", "Milvus does not answer.")


async def test_many_at_once_wait_together_for_imports_that_do_not_answer_not_one_after_another() -> None:
    texts = ImportedTexts(Away(), Graph.__new__(Graph))  # type: ignore[arg-type]
    began = time.monotonic()
    found = await asyncio.gather(*(texts.find(None, "a cough", ["cough"]) for _ in range(8)), return_exceptions=True)
    assert time.monotonic() - began < 4
    assert sum(isinstance(each, StoreError) for each in found) == 1
    assert found.count([]) == 7


class Slow(Away):
    """Milvus that is slow to every call, but not too slow for any single one."""

    async def exists(self) -> bool:
        await asyncio.sleep(2)
        return True

    async def hybrid_search(self, *_: object) -> list[Hit]:
        await asyncio.sleep(2)
        return []


async def test_slow_answers_together_take_no_more_than_what_imports_may_cost() -> None:
    began = time.monotonic()
    with pytest.raises(StoreError, match="within"):
        await ImportedTexts(Slow(), Graph.__new__(Graph)).find(None, "a cough", [])  # type: ignore[arg-type]
    assert time.monotonic() - began < 3.9
