"""Hetionet: which disease presents with which symptom, sits where and is treated with what, from its nodes and edges files."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from consilium_common.importing.errors import ImportRefusedError
from consilium_common.importing.lines import Line, header_of, read_lines
from consilium_common.importing.records import Concept, Kind, Label, PassedOver, Read, Ref, Reject, Relation

NODES, EDGES = "hetionet-v1.0-nodes.tsv", "hetionet-v1.0-edges.sif"
MAX_NODES = 200_000  # names of the kinds used here are held in memory; the whole of Hetionet has 2,529 of them
WHAT_TO_DO = f"Give the folder that holds {NODES} and {EDGES} or {EDGES}.gz."

_LABELS: Mapping[str, Label] = {"Disease": "Condition", "Symptom": "Finding", "Anatomy": "BodyPart", "Compound": "Drug"}
# Edge, and whether it is turned round, since here conditions are treated by drugs.
_EDGES: Mapping[str, tuple[Kind, bool, dict[str, str]]] = {
    "DpS": ("PRESENTS", False, {}),
    "DlA": ("AFFECTS", False, {}),
    "DrD": ("RESEMBLES", False, {}),
    "CtD": ("TREATED_BY", True, {"role": "treats"}),
    "CpD": ("TREATED_BY", True, {"role": "palliates"}),
}
_ENDS: Mapping[Kind, tuple[Label, Label]] = {
    "PRESENTS": ("Condition", "Finding"),
    "AFFECTS": ("Condition", "BodyPart"),
    "RESEMBLES": ("Condition", "Condition"),
    "TREATED_BY": ("Condition", "Drug"),
}


def read_hetionet(path: Path) -> Iterator[Read]:
    """Yield the diseases, symptoms, parts of the body and compounds, then how they are related.

    Raises:
        ImportRefusedError: when a file is missing or another one than its name says.
    """
    nodes, edges = _files(path)
    names: dict[str, Ref] = {}
    for read in _nodes(nodes):
        if isinstance(read, Concept):
            names[read.ref.key] = read.ref
            if len(names) > MAX_NODES:
                raise ImportRefusedError(f"{nodes.name} has more than {MAX_NODES:,} diseases, symptoms and so on.")
        yield read
    yield from _edges(edges, names)


def _files(path: Path) -> tuple[Path, Path]:
    folder = path if path.is_dir() else path.parent
    edges = next((folder / name for name in (f"{EDGES}.gz", EDGES) if (folder / name).is_file()), None)
    if edges is None or not (folder / NODES).is_file():
        raise ImportRefusedError(f"{folder.name} lacks the nodes or the edges. {WHAT_TO_DO}")
    return folder / NODES, edges


def _nodes(path: Path) -> Iterator[Read]:
    lines = read_lines(path)
    header_of(lines, path, "id\tname\tkind", "Hetionet's table of nodes")
    for line in lines:
        if isinstance(line, Reject):
            yield line
            continue
        match line.text.split("\t"):
            case [id, name, kind] if id.strip() and name.strip() and id.startswith(f"{kind}::"):
                label = _LABELS.get(kind)
                yield _concept(label, id, name.strip()) if label else PassedOver(f"node {kind}")
            case _:
                yield Reject(line.where, "not a node: id, name and kind")


def _concept(label: Label, id: str, name: str) -> Concept:
    key = id.strip()
    return Concept(Ref(label, key, name), xref=key.partition("::")[2])


def _edges(path: Path, names: Mapping[str, Ref]) -> Iterator[Read]:
    lines = read_lines(path)
    header_of(lines, path, "source\tmetaedge\ttarget", "Hetionet's table of edges")
    yield from (_edge(line, names) if isinstance(line, Line) else line for line in lines)


def _edge(line: Line, names: Mapping[str, Ref]) -> Read:
    parts = line.text.split("\t")
    if len(parts) != 3 or not all(parts):
        return Reject(line.where, "not an edge: source, metaedge and target")
    source, metaedge, target = parts
    if metaedge not in _EDGES:
        return PassedOver(f"edge {metaedge[:16]}")
    kind, turned, properties = _EDGES[metaedge]
    start, end = names.get(target if turned else source), names.get(source if turned else target)
    if start is None or end is None:
        return Reject(line.where, "names a node that is not in the table of nodes")
    if (start.label, end.label) != _ENDS[kind]:
        return Reject(line.where, f"an edge {metaedge} between the wrong kinds of nodes")
    return Relation(kind, start, end, metaedge, dict(properties))
