"""Pairs of medicines that interact, one a row, as the comparison of public interaction lists by Pittsburgh writes them."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from consilium_common.importing.lines import Line, header_of, read_lines
from consilium_common.importing.records import Read, Ref, Reject, Relation

HEADER = "drug1_drugbank\tdrug1\tdrug2_drugbank\tdrug2\tseverity\tlabel\turi"
_DRUGBANK = re.compile(r"^DB\d{1,9}$")


def read_pairs(path: Path, what: str, severities: Mapping[str, str]) -> Iterator[Read]:
    """Yield an interaction a row; the two stand in order of their ids, so that a pair given both ways round is one.

    Raises:
        ImportRefusedError: when its header is not that of such a table.
    """
    lines = read_lines(path)
    header_of(lines, path, HEADER, what)
    yield from (_pair(line, severities) if isinstance(line, Line) else line for line in lines)


def _pair(line: Line, severities: Mapping[str, str]) -> Read:
    fields = [field.strip() for field in line.text.split("\t")]
    if len(fields) != len(HEADER.split("\t")):
        return Reject(line.where, "not seven columns")
    id1, name1, id2, name2, severity, _, uri = fields
    if not _DRUGBANK.match(id1) or not _DRUGBANK.match(id2) or not name1 or not name2:
        return Reject(line.where, "a medicine without id or name")
    if id1 == id2:
        return Reject(line.where, "a medicine with itself")
    if severity not in severities:
        return Reject(line.where, "severity that is not understood")
    start, end = sorted((Ref("Drug", id1, name1), Ref("Drug", id2, name2)), key=lambda each: each.key)
    return Relation("INTERACTS_WITH", start, end, uri.rpartition("/")[2], {"severity": severities[severity], "why": ""})
