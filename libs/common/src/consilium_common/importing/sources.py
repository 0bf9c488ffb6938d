"""The sources that can be imported, by name: each with its origin and its reader."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from consilium_common.importing.disease_ontology import AXIOMS, DISEASES, read_disease_ontology
from consilium_common.importing.errors import ImportRefusedError
from consilium_common.importing.hetionet import EDGES, NODES, read_hetionet
from consilium_common.importing.medquad import read_medquad
from consilium_common.importing.ndfrt import read_ndfrt
from consilium_common.importing.onc import read_onc
from consilium_common.importing.origins import ORIGINS, Origin
from consilium_common.importing.records import Read
from consilium_common.importing.symptom_ontology import FILE, read_symptom_ontology

BLOCK = 1 << 20


@dataclass(frozen=True)
class Source:
    """One source: how it is read, and which files of a folder it reads (`**/*.xml` for all of them)."""

    origin: Origin
    read: Callable[[Path], Iterator[Read]]
    files: tuple[str, ...]

    @property
    def name(self) -> str:
        """Return its name, as on the command line."""
        return self.origin.name

    def content_sha256(self, path: Path) -> str:
        """Return the hash of what the reader reads.

        Raises:
            ImportRefusedError: when there is nothing at this path, or it cannot be read.
        """
        if not path.exists():
            raise ImportRefusedError(f"There is nothing at {str(path)!r}; give the file or folder of {self.origin.title}.")
        digest = hashlib.sha256()
        try:
            for file in self._files(path):
                digest.update(f"{file.name}\0".encode())
                with file.open("rb") as stream:
                    while block := stream.read(BLOCK):
                        digest.update(block)
        except OSError as error:
            raise ImportRefusedError(f"{path.name} cannot be read: {error.strerror or error}.") from None
        return digest.hexdigest()

    def _files(self, path: Path) -> list[Path]:
        folder = path if path.is_dir() else path.parent
        if not path.is_dir() and len(self.files) == 1:
            return [path]
        return sorted(file for pattern in self.files for file in folder.glob(pattern) if file.is_file())


SOURCES: Mapping[str, Source] = {
    source.name: source
    for source in (
        Source(ORIGINS["medquad"], read_medquad, ("**/*.xml",)),
        Source(ORIGINS["hetionet"], read_hetionet, (NODES, f"{EDGES}*")),
        Source(ORIGINS["disease-ontology"], read_disease_ontology, (DISEASES, AXIOMS)),
        Source(ORIGINS["symptom-ontology"], read_symptom_ontology, (FILE,)),
        Source(ORIGINS["ndfrt"], read_ndfrt, ("ndfrt_va_ddi.tsv",)),
        Source(ORIGINS["onc"], read_onc, ("onc_high_priority_ddi.tsv",)),
    )
}
