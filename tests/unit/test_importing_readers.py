"""Readers of imports: what is usable, what is rejected and where, what is refused whole, and that none crashes."""

import gzip
import tracemalloc
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consilium_common.importing.errors import ImportRefusedError
from consilium_common.importing.records import Article, Concept, PassedOver, Read, Ref, Reject, Relation
from consilium_common.importing.sources import SOURCES
from consilium_common.importing.surveying import survey
from support import importing as made

FEVER = '[Term]\nid: SYMP:0000001\nname: made-up fever\nsynonym: "running hot" EXACT []\nsynonym: "warmth" BROAD []\n'


def read(source: str, path: Path) -> list[Read]:
    return list(SOURCES[source].read(path))


def rejects(reads: Iterable[Read]) -> list[Reject]:
    return [each for each in reads if isinstance(each, Reject)]


def of_kind(reads: Iterable[Read], kind: type) -> list[Read]:
    return [each for each in reads if isinstance(each, kind)]


# MedQuAD


def files() -> dict[str, str]:
    good = made.pair("1", "What is brickpox ?", "Summary : Brickpox is made up.\n\n   It itches. ")
    return {
        "1_Test_QA/0001.xml": made.document("Brickpox", good, made.pair("2", "Does it pass ?", " ", "outlook")),
        "1_Test_QA/0002.xml": made.document(
            "Tilepox", made.pair("1", "How does tilepox show ?", "Spots &amp; dots.", "symptoms")
        ),
    }


@pytest.mark.parametrize("tar", [False, True], ids=["folder", "tar"])
def test_medquad_gives_texts_and_names_file_and_line_of_what_has_no_answer(tmp_path: Path, tar: bool) -> None:
    path = made.medquad_tar(tmp_path / "all.tar.gz", files()) if tar else made.medquad_folder(tmp_path / "in", files())
    reads = read("medquad", path)
    assert of_kind(reads, Article) == [
        Article("1_Test_QA/0001-1", "Brickpox", "about", "What is brickpox?", "Brickpox is made up.\nIt itches.", "TEST"),
        Article("1_Test_QA/0002-1", "Tilepox", "presentation", "How does tilepox show?", "Spots & dots.", "TEST"),
    ]
    (missing,) = rejects(reads)
    assert missing.reason == "no answer text"
    assert missing.where.endswith("1_Test_QA/0001.xml:7")


BILLION = (
    '<!DOCTYPE Document [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><Document><Focus>&b;</Focus></Document>'
)
OUTSIDE = '<!DOCTYPE Document [<!ENTITY x SYSTEM "file:///etc/passwd">]><Document><Focus>&x;</Focus></Document>'
DEEP = "<Document>" + "<a>" * 100 + "</a>" * 100 + "</Document>"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (BILLION, "declares types or entities"),
        (OUTSIDE, "declares types or entities"),
        (DEEP, "nested too deeply"),
        ("<Document><QAPairs>", "not well-formed XML"),
        ("no XML at all", "not well-formed XML"),
        ('<?xml version="1.0" encoding="klingon"?><Document/>', "not well-formed XML"),
        ("<html><body/></html>", "not a MedQuAD document"),
        (made.document("x"), "no question in this file"),
        (made.document("x", made.pair("", "Why?", "So.")), "no number of its own"),
        (made.document("x", made.pair("1", "", "So.")), "no question"),
    ],
)
def test_a_medquad_file_that_is_none_is_rejected_and_the_others_are_read(tmp_path: Path, text: str, reason: str) -> None:
    reads = read("medquad", made.medquad_folder(tmp_path, {**files(), "1_Test_QA/0000.xml": text}))
    assert reason in rejects(reads)[0].reason
    assert len(of_kind(reads, Article)) == 2


def test_two_answers_with_one_number_are_not_both_taken(tmp_path: Path) -> None:
    twice = made.document("x", made.pair("1", "Why?", "So."), made.pair("1", "Why not?", "Because."))
    reads = read("medquad", made.medquad_folder(tmp_path, {"a/1.xml": twice}))
    assert [type(each) for each in reads] == [Article, Reject]


def test_a_file_that_is_too_large_is_not_opened(tmp_path: Path) -> None:
    huge = made.document("x", made.pair("1", "Why?", "so " * 2_000_000))
    reads = read("medquad", made.medquad_tar(tmp_path / "a.tar.gz", {**files(), "1_Test_QA/9.xml": huge}))
    assert ("1_Test_QA/9.xml", "file too large") in [(each.where, each.reason) for each in rejects(reads)]


# Hetionet

HET_NODES = (
    "Disease::DOID:1\tbrickpox\tDisease",
    "Disease::DOID:2\ttilepox\tDisease",
    "Symptom::D1\titching\tSymptom",
    "Anatomy::UBERON:1\tearlobe\tAnatomy",
    "Compound::DB1\tsoapicillin\tCompound",
    "Gene::1\tABC\tGene",
)


def test_hetionet_gives_what_conditions_have_and_passes_over_genes(tmp_path: Path) -> None:
    edges = (
        "Disease::DOID:1\tDpS\tSymptom::D1",
        "Disease::DOID:1\tDlA\tAnatomy::UBERON:1",
        "Compound::DB1\tCtD\tDisease::DOID:1",
        "Disease::DOID:1\tDrD\tDisease::DOID:2",
        "Disease::DOID:1\tDaG\tGene::1",
    )
    reads = read("hetionet", made.hetionet(tmp_path, HET_NODES, edges))
    brickpox = Ref("Condition", "Disease::DOID:1", "brickpox")
    assert of_kind(reads, Concept)[0] == Concept(brickpox, xref="DOID:1")
    soap = Ref("Drug", "Compound::DB1", "soapicillin")
    assert Relation("TREATED_BY", brickpox, soap, "CtD", {"role": "treats"}) in reads
    assert [each.kind for each in reads if isinstance(each, Relation)] == ["PRESENTS", "AFFECTS", "TREATED_BY", "RESEMBLES"]
    assert [each.reason for each in of_kind(reads, PassedOver)] == ["node Gene", "edge DaG"]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("edge", "reason"),
    [
        ("Disease::DOID:1\tDpS", "not an edge"),
        ("Disease::DOID:1\tDpS\tSymptom::D9", "names a node that is not"),
        ("Disease::DOID:1\tDpS\tAnatomy::UBERON:1", "between the wrong kinds"),
        ("x" * 70_000, "line too long"),
    ],
)
def test_an_edge_that_cannot_be_is_rejected_with_its_line(tmp_path: Path, edge: str, reason: str) -> None:
    reads = read("hetionet", made.hetionet(tmp_path, HET_NODES, (edge, "Disease::DOID:1\tDpS\tSymptom::D1")))
    (wrong,) = rejects(reads)
    assert reason in wrong.reason
    assert wrong.where == "hetionet-v1.0-edges.sif.gz:2"
    assert len(of_kind(reads, Relation)) == 1


# Ontologies


def test_disease_ontology_gives_kinds_symptoms_and_places(tmp_path: Path) -> None:
    diseases = ('"DOID:0001"\t"brickpox"\t"wall disease|pox"', "DOID:0002\tpox\t", "DOID:X\tnothing\t")
    axioms = (
        "DOID:0001\tbrickpox\t'has symptom' some 'red spots'|'has symptom' some itching|'disease has location' some skin",
        "DOID:0002\tpox\t'has symptom' some ('a' or b)|'has material basis in' exactly 1 x|gibberish",
    )
    reads = read("disease-ontology", made.disease_ontology(tmp_path, diseases, axioms))
    pox = Ref("Condition", "brickpox", "brickpox")
    assert [each for each in reads if isinstance(each, Relation)] == [
        Relation("KIND_OF", pox, Ref("Condition", "wall disease", "wall disease")),
        Relation("KIND_OF", pox, Ref("Condition", "pox", "pox")),
        Relation("PRESENTS", pox, Ref("Finding", "red spots", "red spots")),
        Relation("PRESENTS", pox, Ref("Finding", "itching", "itching")),
        Relation("AFFECTS", pox, Ref("BodyPart", "skin", "skin")),
    ]
    assert [each.where for each in rejects(reads)] == ["HumanDO.tsv:4", "DO-subClassOf-anonymous.tsv:3"]
    assert len(of_kind(reads, PassedOver)) == 2


def test_symptom_ontology_gives_other_words_of_the_same_meaning_only(tmp_path: Path) -> None:
    gone = "[Term]\nid: SYMP:0000002\nname: obsolete x\nis_obsolete: true\n"
    nameless = "[Term]\nid: SYMP:0000003\n"
    reads = read("symptom-ontology", made.obo(tmp_path / "symp.obo", FEVER, gone, nameless, "[Typedef]\nid: part_of\n"))
    assert reads[0] == Concept(Ref("Finding", "SYMP:0000001", "made-up fever"), ("running hot",), "SYMP:0000001")
    assert [type(each) for each in reads[1:]] == [PassedOver, Reject, PassedOver]
    assert rejects(reads)[0].where == "symp.obo:15"


# Interactions


def test_a_pair_is_one_whichever_way_round_it_stands(tmp_path: Path) -> None:
    rows = ("DB2\tB\tDB1\tA\tCritical\tA/B\thttp://x/N1", "DB1\tA\tDB2\tB\tCritical\tA/B\thttp://x/N1")
    one, two = read("ndfrt", made.table(tmp_path / "p.tsv", made.PAIRS, rows))
    assert one == two
    assert one == Relation(
        "INTERACTS_WITH", Ref("Drug", "DB1", "A"), Ref("Drug", "DB2", "B"), "N1", {"severity": "critical", "why": ""}
    )


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("DB1\tA\tDB2\tB\tHuge\t\t", "severity that is not understood"),
        ("DB1\tA\tDB1\tA\tCritical\t\t", "a medicine with itself"),
        ("DB1\tA\tDB2\t\tCritical\t\t", "a medicine without id or name"),
        ("DB1\tA", "not seven columns"),
        ("", "not seven columns"),
    ],
)
def test_a_pair_that_cannot_be_used_is_rejected(tmp_path: Path, row: str, reason: str) -> None:
    (wrong,) = read("ndfrt", made.table(tmp_path / "p.tsv", made.PAIRS, (row,)))
    assert wrong == Reject("p.tsv:2", reason)


def test_being_on_the_onc_list_is_its_severity(tmp_path: Path) -> None:
    (one,) = read("onc", made.table(tmp_path / "p.tsv", made.PAIRS, ("DB1\tA\tDB2\tB\t\t\t",)))
    assert isinstance(one, Relation)
    assert one.properties["severity"] == "high-priority"


# Refused whole


def swapped(folder: Path) -> Path:
    made.table(folder / "HumanDO.tsv", made.AXIOMS, ())
    made.table(folder / "DO-subClassOf-anonymous.tsv", made.DISEASES, ())
    return folder


def cut_gzip(folder: Path) -> Path:
    made.hetionet(folder, HET_NODES, [f"Disease::DOID:1\tDpS\tSymptom::D{number}" for number in range(5_000)])
    edges = folder / "hetionet-v1.0-edges.sif.gz"
    edges.write_bytes(edges.read_bytes()[:-40])
    return folder


@pytest.mark.parametrize(
    ("source", "make", "says"),
    [
        ("medquad", lambda f: made.medquad_folder(f, {"a/1.xml": "<html/>"}), "holds no MedQuAD file"),
        ("medquad", lambda f: made.table(f / "x.tar.gz", "not a tar", ()), "no tar file"),
        ("medquad", lambda f: f, "holds no MedQuAD file"),
        ("hetionet", lambda f: f, "lacks the nodes or the edges"),
        ("hetionet", cut_gzip, "ends too early"),
        ("disease-ontology", lambda f: made.table(f / "HumanDO.tsv", made.DISEASES, ()), "lacks DO-subClassOf"),
        ("disease-ontology", swapped, "is not the Disease Ontology's report of diseases"),
        (
            "symptom-ontology",
            lambda f: made.obo(f / "symp.obo", FEVER, header="format-version: 1.2\nontology: doid\n"),
            "'doid'",
        ),
        ("symptom-ontology", lambda f: made.table(f / "symp.obo", "id\tname", ()), "no OBO file"),
        ("ndfrt", lambda f: made.table(f / "p.tsv", made.EDGES, ()), "columns drug1_drugbank"),
        ("ndfrt", lambda f: made.table(f / "p.tsv", made.PAIRS, ()), "None of the 0 records"),
        ("onc", lambda f: made.table(f / "p.tsv", made.PAIRS, ("DB1\tA\tDB2\tB\tCritical\t\t",)), "None of the 1 records"),
    ],
)
def test_what_is_something_else_is_refused_whole(tmp_path: Path, source: str, make: Callable[[Path], Path], says: str) -> None:
    path = make(tmp_path)
    with pytest.raises(ImportRefusedError, match=says):
        survey(path.name, SOURCES[source].read(path))


def test_a_path_where_nothing_is_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImportRefusedError, match="nothing at"):
        SOURCES["onc"].content_sha256(tmp_path / "away.tsv")


def test_the_content_decides_the_hash_and_not_the_place(tmp_path: Path) -> None:
    hashes = set()
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        made.hetionet(tmp_path / name, HET_NODES, ())
        (tmp_path / name / "hetionet-v1.0-edges.sif.gz").write_bytes(gzip.compress(b"source\n", mtime=0))
        hashes.add(SOURCES["hetionet"].content_sha256(tmp_path / name))
    made.hetionet(tmp_path / "two", HET_NODES[:1], ())
    assert len(hashes) == 1
    assert SOURCES["hetionet"].content_sha256(tmp_path / "two") not in hashes


# Any input

TSV_LINE = st.lists(
    st.sampled_from(["DB1", "DOID:1", "x", "", "'has symptom' some x", '"', "Critical", "\x00", "DpS"]), max_size=8
).map("\t".join)
HEADERS = st.sampled_from([made.PAIRS, made.DISEASES, made.AXIOMS, made.NODES, made.EDGES, made.OBO, "[Term]", "id: SYMP:1"])
CONTENT = st.one_of(
    st.binary(max_size=400),
    st.tuples(HEADERS, st.lists(TSV_LINE, max_size=8)).map(lambda both: "\n".join((both[0], *both[1])).encode()),
    st.text(alphabet='<>/&;!"[] abDocumentQAPir=', max_size=200).map(str.encode),
    st.tuples(HEADERS, st.binary(max_size=100)).map(lambda both: gzip.compress(both[0].encode() + b"\n" + both[1])[:-3]),
)
NAMES = (
    *("hetionet-v1.0-nodes.tsv", "hetionet-v1.0-edges.sif", "HumanDO.tsv", "DO-subClassOf-anonymous.tsv", "symp.obo"),
    *("ndfrt_va_ddi.tsv", "onc_high_priority_ddi.tsv", "a.xml"),
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(contents=st.lists(CONTENT, min_size=len(NAMES), max_size=len(NAMES)))
def test_no_input_crashes_a_reader(tmp_path: Path, contents: list[bytes]) -> None:
    for name, content in zip(NAMES, contents, strict=True):
        (tmp_path / name).write_bytes(content)
    for source in SOURCES.values():
        for path in (tmp_path, tmp_path / "symp.obo"):
            try:
                reads = list(source.read(path))
            except ImportRefusedError:
                continue
            assert all(isinstance(each, Read) for each in reads)  # type: ignore[arg-type]


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    def peak(rows: int) -> int:
        path = made.table(
            tmp_path / "p.tsv", made.PAIRS, [f"DB1\tA\tDB{number + 2}\tB\tCritical\t\t" for number in range(rows)]
        )
        tracemalloc.start()
        for _ in SOURCES["ndfrt"].read(path):
            pass
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    assert peak(20_000) < 2 * peak(1_000) + 100_000
