"""Measuring redaction: made-up texts whose figures can be worked out by hand, bad files, and the command over both."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from consilium_cli.evaluation.cases import DataError
from consilium_cli.evaluation.redaction import evaluate
from consilium_cli.evaluation.redaction_texts import Marked, read_texts
from consilium_cli.main import app
from consilium_common.security.redaction import Redacted, Redactor

SECRET = "Zebulon Quix"


def marked(id: str, text: str, *values: tuple[str, str]) -> Marked:
    return Marked(id, "made_up", text, text, values)


def test_figures_are_as_worked_out_by_hand() -> None:
    texts = [
        marked("all out", "Dr. Okonkwo saw him", ("NAME", "Okonkwo")),
        marked("one left", "Dr. Okonkwo of blue team", ("NAME", "Okonkwo"), ("PLACE", "Blue  Team"), ("TITLE", "Dr.")),
        marked("clean", "a cough"),
        marked("touched", "call 555-123-4567 for gout"),
    ]
    (result,) = evaluate(texts, Redactor().redact)
    assert result.n == 4
    assert {name: figure.value for name, figure in result.figures.items()} == pytest.approx(
        # Words outside values: Dr saw him, of, a cough, call 555 123 4567 for gout; the three of the number are gone.
        {"recall": 2 / 3, "specificity": 1 / 2, "texts_cleared": 1 / 2, "words_kept": 9 / 12}
    )
    assert result.confusion == {("NAME", "name"): 2, ("PLACE", "left in"): 1}
    assert [miss.case for miss in result.misses] == ["one left", "touched"]
    assert result.misses[0].why[0] == "PLACE: Xxxx  Xxxx"
    assert result.outcomes["right"] == {"all out": True, "one left": False, "clean": True, "touched": False}


def test_one_that_takes_out_everything_shows_in_what_it_costs() -> None:
    texts = [marked("a", "John Smith has a cough", ("NAME", "John Smith")), marked("b", "a cough")]
    (result,) = evaluate(texts, lambda text: Redacted("", Redactor().redact("John Smith").marks))
    assert result.figures["recall"].value == 1
    assert result.figures["specificity"].value == 0


def lines(folder: Path, *records: object) -> Path:
    file = folder / "queries.jsonl"
    file.write_text("\n".join(each if isinstance(each, str) else json.dumps(each) for each in records), "utf-8")
    return file


QUERY = {"query": f"{SECRET} lives here", "phi": [{"identifier_type": "NAME", "value": SECRET}]}


def test_both_forms_are_read_from_a_folder_and_others_are_passed_over(tmp_path: Path) -> None:
    lines(tmp_path, QUERY, "", {"query": "clean", "phi": []})
    spans = [{"entity_type": "PERSON", "entity_value": SECRET}]
    sentence = {"full_text": f"{SECRET} is here", "spans": spans, "template_id": 3}
    (tmp_path / "spans.json").write_text(json.dumps([sentence]), "utf-8")
    (tmp_path / "other.json").write_text('{"a": 1}', "utf-8")
    (tmp_path / "broken.json").write_text("{", "utf-8")
    (tmp_path / "vignettes.jsonl").write_text('{"case_id": 1}\n', "utf-8")
    (tmp_path / "noise.jsonl").write_text("noise\n", "utf-8")
    found = read_texts(tmp_path)
    assert [(each.set, each.id, each.values) for each in found] == [
        ("queries", "line-1", (("NAME", SECRET),)),
        ("queries", "line-3", ()),
        ("spans", "record-1", (("PERSON", SECRET),)),
    ]
    assert {each.half for each in found} <= {"a", "b"}
    assert len(read_texts(tmp_path, "a")) + len(read_texts(tmp_path, "b")) == 3
    assert read_texts(tmp_path / "queries.jsonl") == found[:2]


@pytest.mark.parametrize(
    ("records", "complaint"),
    [
        ([QUERY, {"query": "no phi"}], "queries.jsonl, line 2: .*phi"),
        ([QUERY, "{broken"], "queries.jsonl, line 2: "),
        ([QUERY, {"query": 7, "phi": []}], "queries.jsonl, line 2: .*the text is no text"),
        ([QUERY, {"query": "a", "phi": [{"value": "a"}]}], "queries.jsonl, line 2: .*identifier_type"),
        (["nothing"], "queries.jsonl, line 1: "),
        ([""], "Nothing at"),
    ],
)
def test_a_broken_record_is_named_with_file_and_line(tmp_path: Path, records: list[object], complaint: str) -> None:
    with pytest.raises(DataError, match=complaint):
        read_texts(lines(tmp_path, *records))


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("{", "spans.json: this is no JSON"),
        ("{}", "spans.json: this is no list"),
        ('[{"full_text": "a", "spans": []}, {"full_text": "a"}]', "spans.json, record 2: .*spans"),
        ("[1]", "spans.json, record 1: "),
    ],
)
def test_a_broken_sentence_is_named_with_file_and_record(tmp_path: Path, content: str, complaint: str) -> None:
    (tmp_path / "spans.json").write_text(content, "utf-8")
    with pytest.raises(DataError, match=complaint):
        read_texts(tmp_path / "spans.json")


def test_what_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no file or folder"):
        read_texts(tmp_path / "absent")
    (tmp_path / "binary.jsonl").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DataError, match=r"binary.jsonl: cannot be read"):
        read_texts(tmp_path / "binary.jsonl")


def test_the_command_reports_without_a_word_of_the_texts_and_the_same_again(tmp_path: Path) -> None:
    left = {"query": f"blue {SECRET.lower()}", "phi": [{"identifier_type": "NAME", "value": SECRET.lower()}]}
    file = lines(tmp_path, QUERY, left, {"query": "my cough", "phi": []})
    shown = []
    for folder in ("one", "two"):
        arguments = ["eval", "redaction", "--data", str(file), "--json", "--worst", "9", "--report", str(tmp_path / folder)]
        result = CliRunner().invoke(app, arguments)
        assert result.exit_code == 0, result.exception
        shown.append(result.output)
    assert shown[0] == shown[1]
    told = json.loads(shown[0])
    assert told["n"] == 3
    assert told["recall"]["value"] == pytest.approx(0.5)
    assert told["specificity"]["value"] == 1
    for each in (tmp_path / "one").iterdir():
        assert SECRET.lower().encode() not in each.read_bytes().lower()
        if each.name != "timings.json":
            assert each.read_bytes() == (tmp_path / "two" / each.name).read_bytes()
    assert json.loads((tmp_path / "one" / "timings.json").read_text("utf-8"))["redacting"]["n"] == 3
    plain = CliRunner().invoke(
        app, ["eval", "redaction", "--data", str(file), "--against", str(tmp_path / "one" / "outcomes.jsonl")]
    )
    assert plain.exit_code == 0, plain.exception
    assert "against consilium" in plain.output


def test_the_command_ends_with_the_reason_when_there_is_nothing(tmp_path: Path) -> None:
    for arguments in (["--data", str(tmp_path)], ["--data", str(tmp_path / "absent")]):
        result = CliRunner().invoke(app, ["eval", "redaction", *arguments])
        assert isinstance(result.exception, DataError)
