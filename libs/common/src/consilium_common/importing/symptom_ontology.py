"""Symptom Ontology: symptoms with the other words for them, stanza by stanza from its OBO file."""

import re
from collections.abc import Iterator
from pathlib import Path

from consilium_common.importing.errors import ImportRefusedError
from consilium_common.importing.lines import Line, read_lines
from consilium_common.importing.records import Concept, PassedOver, Read, Ref, Reject

MAX_STANZA = 1_000  # lines; the longest known has 12
MAX_HEADER = 200
FILE = "symp.obo"

_ID = re.compile(r"^SYMP:\d{1,12}$")
_SYNONYM = re.compile(r'^"(?P<words>(?:[^"\\]|\\.)+)" (?P<scope>EXACT|RELATED|BROAD|NARROW)\b')
_USED_SCOPES = frozenset({"EXACT", "RELATED"})  # what is broader or narrower means something else


def read_symptom_ontology(path: Path) -> Iterator[Read]:
    """Yield each symptom that is not obsolete.

    Raises:
        ImportRefusedError: when it is no OBO file, or that of another ontology.
    """
    file = path / FILE if path.is_dir() else path
    lines = read_lines(file)
    opening = _header(lines, file)
    yield from (_term(stanza) for stanza in _stanzas(lines, opening))


def _header(lines: Iterator[Line | Reject], path: Path) -> Line | None:
    """Read up to the first stanza and return its opening line."""
    ontology, is_obo = "", False
    for number, line in enumerate(lines):
        if isinstance(line, Reject) or number == MAX_HEADER or (not number and not line.text.startswith("format-version:")):
            break
        is_obo = True
        if line.text.startswith("ontology:"):
            ontology = line.text.partition(":")[2].strip()
        if line.text.startswith("["):
            if ontology == "symp":
                return line
            break
    wrong = f"it is the ontology {ontology!r}" if ontology else "it has no header of one" if is_obo else "it is no OBO file"
    raise ImportRefusedError(f"{path.name} is not the Symptom Ontology: {wrong}. Give its {FILE}.")


def _stanzas(lines: Iterator[Line | Reject], opening: Line | None) -> Iterator[list[Line | Reject]]:
    stanza: list[Line | Reject] = [opening] if opening else []
    for line in lines:
        if isinstance(line, Line) and line.text.startswith("["):
            if stanza:
                yield stanza
            stanza = [line]
        elif len(stanza) < MAX_STANZA:
            stanza.append(line)
    if stanza:
        yield stanza


def _term(stanza: list[Line | Reject]) -> Read:
    opening = stanza[0]
    broken = next((each for each in stanza if isinstance(each, Reject)), None)
    if broken is not None or isinstance(opening, Reject):
        return broken or Reject("", "")
    if opening.text.strip() != "[Term]":
        return PassedOver("stanza that is no term")
    if len(stanza) == MAX_STANZA:
        return Reject(opening.where, "stanza too long")
    tags: dict[str, list[str]] = {}
    for line in stanza[1:]:
        tag, _, value = line.text.partition(":") if isinstance(line, Line) else ("", "", "")
        tags.setdefault(tag, []).append(value.strip())
    if tags.get("is_obsolete") == ["true"]:
        return PassedOver("obsolete")
    id, name = tags.get("id", [""])[0], tags.get("name", [""])[0]
    if not _ID.match(id) or not name:
        return Reject(opening.where, "a term without id or name")
    matches = [_SYNONYM.match(value) for value in tags.get("synonym", ())]
    if not all(matches):
        return Reject(opening.where, "a synonym that is not understood")
    words = (re.sub(r"\\(.)", r"\1", match["words"]) for match in matches if match and match["scope"] in _USED_SCOPES)
    return Concept(Ref("Finding", id, name), tuple(dict.fromkeys(words)), xref=id)
