"""A judged collection, read from a folder: questions, passages, and which passage answers which question how well."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from consilium_cli.evaluation.cases import DataError

QUESTIONS, PASSAGES, JUDGEMENTS = "questions.jsonl", "passages.jsonl", "qrels.tsv"
HEADS = frozenset({"grade", "score", "relevance"})
# The scale of the medical question answering task of TREC 2017: 1 incorrect, 2 related, 3 correct but incomplete, 4 excellent.
FOUR_STEPS_FROM, FOUR_STEPS_TO = 1, 4


@dataclass(frozen=True)
class JudgedQuestion:
    """A question as its asker wrote it, with a summary by somebody else when there is one."""

    id: str
    text: str
    summary: str


@dataclass(frozen=True)
class JudgedPassage:
    """A passage; the title is empty when it has none."""

    id: str
    title: str
    text: str


@dataclass(frozen=True)
class Scale:
    """Which grade counts as relevant, and which grade is worth nothing."""

    relevant_from: int
    worthless: int

    def relevant(self, grade: int) -> bool:
        """Return whether a grade counts as an answer."""
        return grade >= self.relevant_from

    def gain(self, grade: int) -> int:
        """Return what a grade adds to the discounted gain."""
        return max(0, grade - self.worthless)


@dataclass(frozen=True)
class Judged:
    """The collection. `grades` holds for each question the grades of the passages that were judged for it."""

    questions: tuple[JudgedQuestion, ...]
    passages: tuple[JudgedPassage, ...]
    grades: Mapping[str, Mapping[str, int]]

    def scale(self, relevant_from: int | None = None) -> Scale:
        """Return the scale of the grades: 1 to 4 is that of TREC, on which 3 is correct; on others 1 and more are."""
        every = {grade for each in self.grades.values() for grade in each.values()}
        four = bool(every) and min(every) >= FOUR_STEPS_FROM and max(every) == FOUR_STEPS_TO
        return Scale(relevant_from if relevant_from is not None else (3 if four else 1), FOUR_STEPS_FROM if four else 0)


def read_judged(folder: Path) -> Judged:
    """Return the collection in a folder.

    Raises:
        DataError: naming file, line and reason, when a file is missing or empty, a line is no record, or an id is unknown or
            stands there twice.
    """
    questions = tuple(
        JudgedQuestion(id, _text(record, "question", where), str(record.get("summary") or ""))
        for id, record, where in _records(folder / QUESTIONS)
    )
    passages = tuple(
        JudgedPassage(id, str(record.get("title") or ""), _text(record, "text", where))
        for id, record, where in _records(folder / PASSAGES)
    )
    return Judged(questions, passages, _grades(folder / JUDGEMENTS, {q.id for q in questions}, {p.id for p in passages}))


def _lines(file: Path) -> Iterator[tuple[str, str]]:
    """Yield every line that is not blank, with file and number as they stand in messages."""
    try:
        text = file.read_text("utf-8")
    except FileNotFoundError:
        raise DataError(f"There is no {file.name} in {str(file.parent)!r}; see docs/evaluation.md for its form.") from None
    except UnicodeDecodeError as error:
        raise DataError(f"{file.name}: byte {error.start} is no UTF-8.") from error
    lines = [(line, f"{file.name}, line {number}") for number, line in enumerate(text.split("\n"), start=1) if line.strip()]
    if not lines:
        raise DataError(f"{file.name}: it is empty.")
    yield from lines


def _records(file: Path) -> Iterator[tuple[str, dict[str, object], str]]:
    seen: set[str] = set()
    for line, where in _lines(file):
        try:
            record = json.loads(line)
        except ValueError as error:
            raise DataError(f"{where}: this is no JSON: {error}") from error
        if not isinstance(record, dict) or not isinstance(record.get("id"), str | int) or not str(record["id"]).strip():
            raise DataError(f"{where}: a record is an object with an 'id'.")
        id = str(record["id"])
        if id in seen:
            raise DataError(f"{where}: the id {id!r} was there before.")
        seen.add(id)
        yield id, record, where


def _text(record: Mapping[str, object], field: str, where: str) -> str:
    text = record.get(field)
    if not isinstance(text, str):
        raise DataError(f"{where}: {field!r} must be a text, not {text!r}.")
    return text


def _grades(file: Path, questions: set[str], passages: set[str]) -> dict[str, dict[str, int]]:
    grades: dict[str, dict[str, int]] = {}
    for number, (line, where) in enumerate(_lines(file)):
        columns = [column.strip() for column in line.split("\t")]
        if number == 0 and len(columns) == len(("question", "passage", "grade")) and columns[-1].lower() in HEADS:
            continue
        if len(columns) != len(("question", "passage", "grade")):
            raise DataError(f"{where}: it has {len(columns)} columns; it must be question id, passage id and grade, with tabs.")
        question, passage, grade = columns
        if question not in questions:
            raise DataError(f"{where}: no question has the id {question!r}.")
        if passage not in passages:
            raise DataError(f"{where}: no passage has the id {passage!r}.")
        if not grade.lstrip("-").isdigit():
            raise DataError(f"{where}: the grade {grade!r} is no whole number.")
        if passage in grades.setdefault(question, {}):
            raise DataError(f"{where}: passage {passage!r} was graded for question {question!r} before.")
        grades[question][passage] = int(grade)
    return grades
