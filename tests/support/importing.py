"""Small files in the form of each source that can be imported, with content made up for tests."""

import gzip
import io
import tarfile
from collections.abc import Mapping, Sequence
from pathlib import Path

PAIRS = "drug1_drugbank\tdrug1\tdrug2_drugbank\tdrug2\tseverity\tlabel\turi"
DISEASES = "id\tlabel\tsubClassOf"
AXIOMS = "ID\tLABEL\tSubClass Of [ANON]"
NODES = "id\tname\tkind"
EDGES = "source\tmetaedge\ttarget"
OBO = "format-version: 1.2\nontology: symp\n"


def pair(number: str, question: str, answer: str, kind: str = "information") -> str:
    """Return one question with its answer."""
    return f'<QAPair pid="{number}"><Question qtype="{kind}">{question}</Question><Answer>{answer}</Answer></QAPair>'


def document(focus: str, *pairs: str) -> str:
    """Return one MedQuAD file."""
    head = f'<?xml version="1.0"?>\n<Document source="TEST"><Focus>{focus}</Focus>\n<QAPairs>\n'
    return head + "\n".join(pairs) + "</QAPairs></Document>"


def medquad_folder(folder: Path, files: Mapping[str, str]) -> Path:
    """Write MedQuAD files by name."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    return folder


def medquad_tar(file: Path, files: Mapping[str, str]) -> Path:
    """Write the same as a tar.gz."""
    with tarfile.open(file, "w:gz") as archive:
        for name, text in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(text.encode())
            archive.addfile(entry, io.BytesIO(text.encode()))
    return file


def table(file: Path, header: str, rows: Sequence[str]) -> Path:
    """Write a table with tabs; gzip when its name says so."""
    text = "".join(f"{line}\n" for line in (header, *rows)).encode()
    file.write_bytes(gzip.compress(text) if file.suffix == ".gz" else text)
    return file


def hetionet(folder: Path, nodes: Sequence[str], edges: Sequence[str]) -> Path:
    """Write Hetionet's two tables."""
    table(folder / "hetionet-v1.0-nodes.tsv", NODES, nodes)
    table(folder / "hetionet-v1.0-edges.sif.gz", EDGES, edges)
    return folder


def disease_ontology(folder: Path, diseases: Sequence[str], axioms: Sequence[str]) -> Path:
    """Write the Disease Ontology's two reports."""
    table(folder / "HumanDO.tsv", DISEASES, diseases)
    table(folder / "DO-subClassOf-anonymous.tsv", AXIOMS, axioms)
    return folder


def obo(file: Path, *stanzas: str, header: str = OBO) -> Path:
    """Write an OBO file."""
    file.write_text("\n".join((header, *stanzas)), "utf-8")
    return file
