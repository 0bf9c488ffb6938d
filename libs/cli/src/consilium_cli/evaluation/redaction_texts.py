"""Texts with marked identifiers, for redaction: JSON lines of queries, or a JSON array of sentences with spans."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from consilium_cli.evaluation.cases import DataError, Half

# No identifiers under Safe Harbor: a title, a nationality or belief, an age (few there are 90 and more).
NOT_IDENTIFYING = frozenset({"TITLE", "NRP", "AGE"})


@dataclass(frozen=True)
class Marked:
    """One text with what its set marks in it, as pairs (kind, value). `group` keeps texts of one template in one half."""

    id: str
    set: str
    group: str
    text: str
    values: tuple[tuple[str, str], ...]

    @property
    def half(self) -> Half:
        """Return which half it belongs to."""
        return "a" if sha256(f"consilium-redaction|{self.group}".encode()).digest()[0] < 128 else "b"

    @property
    def identifying(self) -> tuple[tuple[str, str], ...]:
        """Return the values that have to go."""
        return tuple(each for each in self.values if each[0] not in NOT_IDENTIFYING)


def read_texts(place: Path, half: Half | None = None) -> list[Marked]:
    """Return every marked text of a file, or of all files below a folder that have one of the two forms.

    Raises:
        DataError: when the place is missing, holds no such text, or a record of a form is broken.
    """
    if not place.exists():
        raise DataError(f"There is no file or folder {str(place)!r}; name one with --data or CONSILIUM_DATA.")
    files = sorted(each for each in place.rglob("*") if each.suffix in {".json", ".jsonl"}) if place.is_dir() else [place]
    found = [marked for file in files for marked in _read(file, only=place.is_file())]
    if not found:
        raise DataError(
            f"Nothing at {str(place)!r} has a known form: lines with query and phi, or a list with full_text and spans."
        )
    return [each for each in found if half is None or each.half == half]


def _read(file: Path, *, only: bool) -> Iterator[Marked]:
    """Yield the texts of one file; a file of another form yields nothing, unless it is the only one, which must be readable."""
    try:
        content = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{file.name}: cannot be read: {error!r}") from error
    if file.suffix == ".jsonl":
        yield from _queries(file, content, only=only)
    else:
        yield from _sentences(file, content, only=only)


def _queries(file: Path, content: str, *, only: bool) -> Iterator[Marked]:
    for number, line in enumerate(content.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
            if number == 1 and not only and not (isinstance(record, dict) and {"query", "phi"} <= record.keys()):
                return
            values = tuple((str(each["identifier_type"]), str(each["value"])) for each in record["phi"])
            text = _text(record["query"])
        except (KeyError, TypeError, ValueError) as error:
            if number == 1 and not only and isinstance(error, ValueError):
                return
            raise DataError(f"{file.name}, line {number}: this is no query with marked identifiers: {error!r}") from error
        yield Marked(f"line-{number}", file.stem, text, text, values)


def _sentences(file: Path, content: str, *, only: bool) -> Iterator[Marked]:
    try:
        records = json.loads(content)
    except ValueError as error:
        if only:
            raise DataError(f"{file.name}: this is no JSON: {error}") from error
        return
    if not only and not (isinstance(records, list) and records and isinstance(records[0], dict) and "spans" in records[0]):
        return
    if not isinstance(records, list):
        raise DataError(f"{file.name}: this is no list of sentences with spans.")
    for number, record in enumerate(records, start=1):
        try:
            text = _text(record["full_text"])
            values = tuple((str(span["entity_type"]), str(span["entity_value"])) for span in record["spans"])
            group = f"template {record.get('template_id', number)}"
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise DataError(f"{file.name}, record {number}: this is no sentence with spans: {error!r}") from error
        yield Marked(f"record-{number}", file.stem, group, text, values)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("the text is no text")
    return value
