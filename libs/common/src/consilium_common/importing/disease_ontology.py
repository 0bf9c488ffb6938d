"""Disease Ontology: diseases with what they are kinds of, their symptoms and where they sit, from two reports of a release."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from consilium_common.importing.errors import ImportRefusedError
from consilium_common.importing.lines import Line, header_of, read_lines
from consilium_common.importing.records import Concept, Kind, Label, PassedOver, Read, Ref, Reject, Relation

DISEASES, AXIOMS = "HumanDO.tsv", "DO-subClassOf-anonymous.tsv"
WHAT_TO_DO = f"Give the folder DOreports of a release, which holds {DISEASES} and {AXIOMS}."

_DOID = re.compile(r"^DOID:\d{1,12}$")
_OTHER = re.compile(r"^[(\['].* (?:some|and|or|min|max|exactly|only) ")  # well formed, and more than a property with a label
_PROPERTY = re.compile(r"^(?:'(?P<quoted>[^']+)'|(?P<word>\w+)) ")
# "'has symptom' some 'joint pain'": a property, then one label; brackets hold alternatives, which state nothing.
_AXIOM = re.compile(r"^(?:'[^']+'|\w+) some (?:'(?P<label>[^']+)'|(?P<bare>[\w-]+))$")
_USED: dict[str, tuple[Kind, Label]] = {
    "has symptom": ("PRESENTS", "Finding"),
    "disease has location": ("AFFECTS", "BodyPart"),
}


def read_disease_ontology(path: Path) -> Iterator[Read]:
    """Yield the diseases with what they are kinds of, then their symptoms and places. Labels are unique, and are the keys.

    Raises:
        ImportRefusedError: when a file is missing or another one than its name says.
    """
    folder = path if path.is_dir() else path.parent
    missing = [name for name in (DISEASES, AXIOMS) if not (folder / name).is_file()]
    if missing:
        raise ImportRefusedError(f"{folder.name} lacks {' and '.join(missing)}. {WHAT_TO_DO}")
    yield from _diseases(folder / DISEASES)
    yield from _axioms(folder / AXIOMS)


def _diseases(path: Path) -> Iterator[Read]:
    what = "the Disease Ontology's report of diseases"
    for row in _rows(path, "id\tlabel\tsubClassOf", what, "not a disease: DOID, label and parent"):
        if isinstance(row, Reject):
            yield row
            continue
        disease = ref("Condition", row.label)
        yield Concept(disease, xref=row.doid)
        for parent in filter(str.strip, row.listed.split("|")):
            if ref("Condition", parent) != disease:
                yield Relation("KIND_OF", disease, ref("Condition", parent))


def _axioms(path: Path) -> Iterator[Read]:
    what = "the Disease Ontology's report of anonymous parents"
    for row in _rows(path, "ID\tLABEL\tSubClass Of [ANON]", what, "not a row of axioms: DOID, label and axioms"):
        if isinstance(row, Reject):
            yield row
            continue
        yield from (_axiom(ref("Condition", row.label), each.strip(), row.where) for each in row.listed.split("|"))


class _Row(NamedTuple):
    doid: str
    label: str
    listed: str
    where: str


def _rows(path: Path, header: str, what: str, otherwise: str) -> Iterator[_Row | Reject]:
    """Yield the rows of a report, and `otherwise` as the reason for those that are none."""
    lines = read_lines(path)
    header_of(lines, path, header, what)
    for line in lines:
        if isinstance(line, Reject):
            yield line
            continue
        fields = _fields(line)
        if len(fields) != 3 or not _DOID.match(fields[0]) or not fields[1].strip():
            yield Reject(line.where, otherwise)
            continue
        doid, label, listed = fields
        yield _Row(doid, label, listed, line.where)


def _axiom(disease: Ref, axiom: str, where: str) -> Read:
    property = _PROPERTY.match(axiom)
    if property is None and _OTHER.match(axiom):
        return PassedOver("axiom that is no single label")
    if property is None:
        return Reject(where, "not an axiom: 'property' some 'label'")
    used = _USED.get(property["quoted"] or property["word"])
    if used is None:
        return PassedOver("axiom of another property")
    match = _AXIOM.match(axiom)
    if match is None:
        return PassedOver("axiom that is no single label")
    kind, label = used
    return Relation(kind, disease, ref(label, match["label"] or match["bare"]))


def ref(label: Label, name: str) -> Ref:
    """Return a thing under its label, which is how these reports refer to it."""
    plain = " ".join(name.split())
    return Ref(label, plain.lower(), plain)


def _fields(line: Line) -> list[str]:
    """Return the fields of a row; some releases quote them."""
    if '"' not in line.text:
        return line.text.split("\t")
    try:
        return next(csv.reader([line.text], delimiter="\t", strict=True), [])
    except csv.Error:
        return []
