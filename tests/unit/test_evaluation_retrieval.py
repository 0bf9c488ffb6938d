"""`consilium eval retrieval` over a tiny folder: figures, comparisons, the worst questions, and what it says to bad input."""

import json
import re
from collections.abc import Sequence
from pathlib import Path
from zlib import crc32

import numpy as np
import pytest
from typer.testing import CliRunner

from consilium_cli.evaluation import retrieval_report
from consilium_cli.evaluation.cases import DataError
from consilium_cli.evaluation.judged import read_judged
from consilium_cli.evaluation.retrieval import System, evaluate
from consilium_cli.main import app
from consilium_common.contracts.knowledge import Passage
from consilium_common.knowledge import SharedKnowledge
from consilium_common.specialist.passage_order import PassageOrder
from consilium_common.stores.vectors import Hit
from support.packs import condition, pack
from support.small_consilium import small_consilium

QUESTIONS = [
    {"id": "q1", "question": "How is gout treated?", "summary": "gout causes"},
    {"id": "q2", "question": "Why do people get gout?"},
    {"id": "q3", "question": "Nobody judged this."},
]
PASSAGES = [
    {"id": "p1", "title": "Gout: treatment", "text": "Rest and tablets."},
    {"id": "p2", "title": "What causes gout?", "text": "Crystals of uric acid in a joint."},
    {"id": "p3", "text": "A secret garden in spring."},
]
QRELS = "q1\tp1\t2\nq2\tp2\t1\nq2\tp3\t0\n"


def lines(records: Sequence[object]) -> str:
    return "".join(json.dumps(record) + "\n" for record in records)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "questions.jsonl").write_text(lines(QUESTIONS), "utf-8")
    (tmp_path / "passages.jsonl").write_text(lines(PASSAGES), "utf-8")
    (tmp_path / "qrels.tsv").write_text(QRELS, "utf-8")
    return tmp_path


def encode(texts: Sequence[str]) -> list[bytes]:
    """Return vectors by words: enough for meaning to be something."""
    made = []
    for text in texts:
        vector = np.full(64, 0.01, dtype="<f4")
        for word in re.findall(r"[a-z]+", text.lower()):
            vector[crc32(word.encode()) % 64] += 1
        made.append((vector / np.linalg.norm(vector)).astype("<f4").tobytes())
    return made


@pytest.fixture
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retrieval_report, "load_consilium", small_consilium)
    monkeypatch.setattr(retrieval_report, "load_encode", lambda: encode)


def test_every_system_is_measured_and_the_full_one_compared(folder: Path) -> None:
    judged = read_judged(folder)
    found = evaluate(judged, [System.FULL, System.FUSED, System.DENSE, System.BM25], encode, judged.scale())
    assert [each.name for each in found.sets] == ["full", "fused", "dense", "bm25"]
    assert {each.n for each in found.sets} == {2}
    assert found.unanswerable == 1
    assert found.sets[0].figures["p_at_1"].value == 1
    assert set(found.comparisons) == {"fused", "dense", "bm25"}


@pytest.mark.usefixtures("_small")
def test_the_command_prints_one_object_that_is_the_same_again(folder: Path) -> None:
    outputs = []
    for _ in range(2):
        result = CliRunner().invoke(app, ["eval", "retrieval", str(folder), "--json"])
        assert result.exit_code == 0, result.exception
        outputs.append(json.loads(result.output))
    assert outputs[0] == outputs[1]
    assert {"p_at_1", "map_at_10", "ndcg_at_10", "recall", "compared", "relevant_from"} <= outputs[0].keys()
    assert "secret garden" not in result.output


@pytest.mark.usefixtures("_small")
def test_words_alone_need_no_model_and_summaries_can_be_asked(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retrieval_report, "load_encode", lambda: pytest.fail("the model was loaded"))
    plain = CliRunner().invoke(app, ["eval", "retrieval", str(folder), "--system", "bm25"])
    assert plain.exit_code == 0, plain.exception
    assert "Relevant from grade 1" in plain.output
    told = CliRunner().invoke(app, ["eval", "retrieval", str(folder), "--system", "bm25", "--summaries", "--json"])
    assert json.loads(told.output)["p_at_1"]["value"] == 0, "the summary of q1 asks for something else"


@pytest.mark.usefixtures("_small")
def test_an_unknown_system_and_a_collection_without_answers_are_refused(folder: Path) -> None:
    unknown = CliRunner().invoke(app, ["eval", "retrieval", str(folder), "--system", "magic"])
    assert isinstance(unknown.exception, DataError)
    assert "'magic'" in unknown.exception.message
    nothing = CliRunner().invoke(app, ["eval", "retrieval", str(folder), "--system", "bm25", "--relevant-from", "9"])
    assert isinstance(nothing.exception, DataError)
    assert "grade 9" in nothing.exception.message


@pytest.mark.parametrize(
    ("file", "content", "says"),
    [
        ("questions.jsonl", "", "questions.jsonl: it is empty"),
        ("questions.jsonl", '{"id": "q1", "question": "a"}\n{"id"', "questions.jsonl, line 2: this is no JSON"),
        ("questions.jsonl", '{"question": "a"}', "questions.jsonl, line 1: a record is an object with an 'id'"),
        ("questions.jsonl", '{"id": "q1", "question": 3}', "questions.jsonl, line 1: 'question' must be a text, not 3"),
        ("passages.jsonl", '{"id": "p1"}', "passages.jsonl, line 1: 'text' must be a text"),
        ("passages.jsonl", '{"id": "p1", "text": "a"}\n{"id": "p1", "text": "b"}', "passages.jsonl, line 2: the id 'p1'"),
        ("qrels.tsv", "q1\tp1", "qrels.tsv, line 1: it has 2 columns"),
        ("qrels.tsv", "q1\tp1\t1\n\nq9\tp1\t1", "qrels.tsv, line 3: no question has the id 'q9'"),
        ("qrels.tsv", "q1\tp9\t1", "qrels.tsv, line 1: no passage has the id 'p9'"),
        ("qrels.tsv", "q1\tp1\tgood", "qrels.tsv, line 1: the grade 'good'"),
        ("qrels.tsv", "q1\tp1\t1\nq1\tp1\t2", "qrels.tsv, line 2: passage 'p1' was graded"),
    ],
)
def test_bad_input_is_named_with_file_line_and_reason(folder: Path, file: str, content: str, says: str) -> None:
    (folder / file).write_text(content, "utf-8")
    with pytest.raises(DataError) as raised:
        read_judged(folder)
    assert says in raised.value.message


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "qrels.tsv").unlink()
    with pytest.raises(DataError, match=r"There is no qrels\.tsv"):
        read_judged(folder)


def test_a_head_is_skipped_and_the_scale_is_known_by_its_grades(folder: Path) -> None:
    (folder / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\nq1\tp1\t4\nq1\tp2\t1\n", "utf-8")
    judged = read_judged(folder)
    assert judged.grades == {"q1": {"p1": 4, "p2": 1}}
    scale = judged.scale()
    assert (scale.relevant_from, scale.gain(1), scale.gain(4)) == (3, 0, 3)
    assert judged.scale(2).relevant_from == 2


def test_specialists_put_what_milvus_finds_into_the_measured_order() -> None:
    held = pack("gp", condition("gout", "a painful big toe at night", "fever"), condition("flu", "fever and aches", "fever"))
    shared = SharedKnowledge(findings={}, red_flags=(), medicines={}, sources={}, version="1")
    made = PassageOrder("gp", held, shared)

    def hit(id: str, section: str, vector: bytes | None) -> Hit:
        title = {"treatment": "treatment", "about": "what it is"}[section]
        named = next(each.name for each in held.conditions if each.id == id)
        found = Passage(
            locator=f"gp/{id}#{section}",
            specialist="gp",
            condition=id,
            section=section,  # type: ignore[arg-type]
            title=f"{named}: {title}",
            text="",
            sources={},
        )
        return Hit(found, 0.01, vector)

    (close,) = encode(["gout"])
    hits = [hit("flu", "about", close), hit("gout", "about", close), hit("gout", "treatment", close)]
    question = "How is gout treated?"
    best = made.best(question, close, hits, 2)
    assert [each.passage.locator for each in best] == ["gp/gout#treatment", "gp/gout#about"]
    assert best[0].score > best[1].score
    assert made.best(question, close, hits[::-1], 2) == best
    by_words = made.best(question, None, [hit("flu", "about", None), hit("gout", "treatment", None)], 2)
    assert by_words[0].passage.locator == "gp/gout#treatment"
    assert made.best(question, close, [], 2) == []
