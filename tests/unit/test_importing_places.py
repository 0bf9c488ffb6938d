"""Where imported records go: onto what the packs have under exactly one name, else beside it, all of it marked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consilium_common.contracts.knowledge import FindingConcept, FindingKind, Medicine
from consilium_common.importing.names import PackNames, same_form
from consilium_common.importing.origins import ORIGINS, Origin, titled
from consilium_common.importing.placing import MAX_PASSAGE, Placer, pieces
from consilium_common.importing.records import Article, Concept, Ref, Relation
from support.packs import condition

ORIGIN = Origin("test", "A test (2020)", "CC0 1.0", "https://example.org")


def names() -> PackNames:
    made = PackNames()
    made.add_conditions("gp", [condition("brickpox", "spots", "itching"), condition("tilepox", "dots", "itching")])
    made.add_conditions("neurology", [condition("brickpox", "spots", "itching")])
    made.add_findings(
        [
            FindingConcept(id="itching", name="Itching", lay=("itchy skin",), clinical=("pruritus",)),
            FindingConcept(id="spots", name="Spots", lay=("dotted",)),
            FindingConcept(id="dots", name="Dots", lay=("dotted",)),
            FindingConcept(id="brick-use", name="Bricks", kind=FindingKind.HISTORY),
        ]
    )
    made.add_medicines([Medicine(id="soap-a", name="Soap A", lay=("soapol",), sources=("s",))])
    return made


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Haemorrhage", "hemorrhage"),
        ("diarrhoea", "Diarrhea"),
        ("Tumour of the ear", "tumor of the ears"),
        ("Sjögren’s syndrome", "sjogren syndrome"),
        ("tick-bite fever", "Tick bite fever"),
    ],
)
def test_spellings_of_one_name_are_one(one: str, other: str) -> None:
    assert same_form(one) == same_form(other)


@pytest.mark.parametrize(("one", "other"), [("type 1 diabetes", "type 2 diabetes"), ("acute x", "x"), ("sinus", "sinu")])
def test_different_things_stay_different(one: str, other: str) -> None:
    assert same_form(one) != same_form(other)


def test_a_name_finds_what_it_is_of_and_nothing_when_it_is_of_two() -> None:
    assert names().nodes("Condition", "Brickpox") == ("gp/brickpox", "neurology/brickpox")
    assert names().nodes("Finding", "unheard of", "Pruritus") == ("itching",)
    assert names().nodes("Finding", "dots") == ("dots",), "its name comes before others' words"
    assert names().nodes("Finding", "dotted") == (), "two findings are called so"
    assert names().nodes("Finding", "bricks") == (), "who has used bricks does not complain of them"
    assert names().nodes("Drug", "SOAPOL") == ("soap-a",)
    assert names().nodes("BodyPart", "brickpox") == ()


def test_the_version_changes_with_the_packs_and_with_nothing_else() -> None:
    more = names()
    more.add_medicines([Medicine(id="soap-b", name="Soap B", sources=("s",))])
    assert names().version() == names().version() != more.version()


def test_a_relation_goes_to_every_pack_that_has_the_condition() -> None:
    brickpox, itching = Ref("Condition", "D1", "brickpox"), Ref("Finding", "S1", "pruritus")
    placed = Placer(ORIGIN, names()).place([Relation("PRESENTS", brickpox, itching, "k")])
    (link, relations), *_ = placed.rows.relations.items()
    assert link == ("Condition", "PRESENTS", "Finding")
    assert set(relations) == {("gp/brickpox", "itching", "k"), ("neurology/brickpox", "itching", "k")}
    assert not any(placed.rows.nodes.values()), "nothing of a pack is written"
    assert placed.counts["relations with both ends in the packs"] == 1


def test_what_the_packs_do_not_have_is_kept_under_its_own_key_and_everything_is_marked() -> None:
    slate, glow = Ref("Condition", "D2", "slatepox"), Ref("Finding", "S2", "glowing")
    placed = Placer(ORIGIN, names()).place([Concept(slate, xref="DOID:2"), Relation("PRESENTS", slate, glow)])
    node = placed.rows.nodes["Condition"]["import/test/D2"]
    mark = {"source": "test", "trust": "imported", "licence": "CC0 1.0"}
    assert node.items() >= {**mark, "name": "slatepox", "xref": "DOID:2", "specialist": "import/test"}.items()
    rows = [*placed.rows.nodes["Finding"].values(), *placed.rows.relations["Condition", "PRESENTS", "Finding"].values()]
    assert len(rows) == 2
    assert all(row.items() >= mark.items() for row in rows)


def test_synonyms_become_words_for_the_finding() -> None:
    placed = Placer(ORIGIN, names()).place([Concept(Ref("Finding", "S1", "creeping skin"), ("pruritus",))])
    assert [row["words"] for row in placed.rows.nodes["Term"].values()] == ["creeping skin", "pruritus"]
    assert {end for _, end, _ in placed.rows.relations["Term", "MEANS", "Finding"]} == {"itching"}


def test_a_text_is_cited_with_source_publisher_and_licence() -> None:
    article = Article("f/1-1", "Tilepox", "presentation", "How does it show?", "It itches.", "NHS of Nowhere")
    (passage,) = Placer(ORIGIN, names()).place([article]).passages
    assert (passage.locator, passage.condition) == ("import/test/f/1-1#presentation", "tilepox")
    assert (passage.source, passage.trust, passage.licence) == ("test", "imported", "CC0 1.0")
    assert passage.sources == {"test": "A test (2020) (NHS of Nowhere)"}


@given(st.text(alphabet="ab. \n", max_size=7_000))
def test_pieces_are_short_and_lose_no_word(text: str) -> None:
    cut = list(pieces(text.strip()))
    assert all(0 < len(piece) <= MAX_PASSAGE for piece in cut)
    assert "".join("".join(cut).split()) == "".join(text.split())


def test_every_source_has_its_title_and_a_licence() -> None:
    assert all(origin.title and origin.licence and origin.url.startswith("https://") for origin in ORIGINS.values())
    assert titled("onc") == "ONC high-priority list 2012"
    assert titled("gone") == "gone"
