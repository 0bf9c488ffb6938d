"""MedQuAD: questions with answers from US health pages, one XML file a topic, in a folder or in a tar file.

Files of the original folders 10 to 12 come without answers; they are rejected one by one and counted.
"""

import gzip
import re
import tarfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from xml.parsers import expat

from consilium_common.importing.errors import ImportRefusedError
from consilium_common.importing.records import Article, PassedOver, Read, Reject, Section

MAX_FILE = 4 * 1024 * 1024  # bytes; the largest known file has 120,000
MAX_DEPTH = 32
_ROOTS = frozenset({"Document", "DiseaseFile"})
WHAT_TO_DO = "Give the folder of MedQuAD with its XML files, or a tar file of it."

_HEADING = re.compile(r"^Summary ?: ?")  # left over from the pages
_SECTIONS: Mapping[str, Section] = {
    "information": "about",
    "symptoms": "presentation",
    "exams and tests": "tests",
    "treatment": "treatment",
    "causes": "causes",
    "genetic changes": "causes",
    "inheritance": "causes",
    "susceptibility": "causes",
    "outlook": "outlook",
    "complications": "outlook",
    "prevention": "prevention",
}


class _RefusedXmlError(Exception):
    """Why a file is not read on."""


def read_medquad(path: Path) -> Iterator[Read]:
    """Yield an article for each question with an answer.

    Raises:
        ImportRefusedError: when there is neither a folder nor a tar file with MedQuAD's XML files.
    """
    files = _in_folder(path) if path.is_dir() else _in_tar(path)
    found = False
    for name, content in files:
        if isinstance(content, Reject):
            found = True
            yield content
            continue
        reads = _document(name, content)
        found = found or not (len(reads) == 1 and isinstance(reads[0], Reject))
        yield from reads
    if not found:
        raise ImportRefusedError(f"{path.name} holds no MedQuAD file. {WHAT_TO_DO}")


def _in_folder(folder: Path) -> Iterator[tuple[str, bytes | Reject]]:
    for file in sorted(folder.rglob("*.xml")):
        name = file.relative_to(folder.parent).as_posix()
        if not file.is_file():
            continue
        if file.stat().st_size > MAX_FILE:
            yield name, Reject(name, "file too large")
        else:
            yield name, file.read_bytes()


def _in_tar(path: Path) -> Iterator[tuple[str, bytes | Reject]]:
    """Read a tar file from its beginning to its end; nothing is unpacked, names are only names."""
    try:
        with tarfile.open(path, "r|*") as archive:
            for member in archive:
                vars(archive)["members"] = []  # it would keep an entry for every file otherwise
                if not member.isfile() or not member.name.endswith(".xml"):
                    continue
                if member.size > MAX_FILE:
                    yield member.name, Reject(member.name, "file too large")
                elif content := archive.extractfile(member):
                    yield member.name, content.read()
    except (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile, ValueError) as error:
        raise ImportRefusedError(f"{path.name} is no tar file, or a damaged one ({error}). {WHAT_TO_DO}") from None
    except OSError as error:
        raise ImportRefusedError(f"{path.name} cannot be read: {error.strerror or error}. {WHAT_TO_DO}") from None


def _document(name: str, content: bytes) -> list[Read]:
    reader = _Document(name)
    try:
        reader.parse(content)
    except _RefusedXmlError as error:
        return [Reject(f"{name}:{reader.line}", str(error))]
    except (expat.ExpatError, ValueError, LookupError):  # ValueError, LookupError: an encoding that is none
        return [Reject(f"{name}:{reader.line}", "not well-formed XML")]
    return reader.reads or [Reject(name, "no question in this file")]


class _Document:
    """Reads one file. Its key is folder and file, since documents of one publisher share their ids."""

    def __init__(self, name: str) -> None:
        place = PurePosixPath(name)
        self._name = name
        self._key = f"{place.parent.name}/{place.stem}" if place.parent.name else place.stem
        self._stack: list[str] = []
        self._words: list[str] = []
        self._publisher = self._focus = self._question = self._kind = self._answer = ""
        self._pair_line = 0
        self._pid = ""
        self._seen: set[str] = set()
        self.reads: list[Read] = []
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = self._refuse
        self._parser.EntityDeclHandler = self._refuse
        self._parser.ExternalEntityRefHandler = self._refuse
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._words.append

    @property
    def line(self) -> int:
        """Return the line that the parser has come to."""
        return self._parser.CurrentLineNumber

    def parse(self, content: bytes) -> None:
        self._parser.Parse(content, True)

    def _refuse(self, *_: object) -> int:
        raise _RefusedXmlError("declares types or entities, which no MedQuAD file does")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if not self._stack and tag not in _ROOTS:
            raise _RefusedXmlError("not a MedQuAD document")
        if len(self._stack) == MAX_DEPTH:
            raise _RefusedXmlError("nested too deeply")
        self._stack.append(tag)
        self._words.clear()
        if tag in _ROOTS:
            self._publisher = attributes.get("source", "").strip()
        elif tag == "QAPair":
            self._pair_line = self.line
            self._pid = attributes.get("pid", "").strip()
            self._question = self._kind = self._answer = ""
        elif tag == "Question":
            self._kind = attributes.get("qtype", "").strip().lower()

    def _end(self, tag: str) -> None:
        self._stack.pop()
        if tag == "Focus":
            self._focus = tidy("".join(self._words))
        elif tag == "Question":
            self._question = tidy("".join(self._words)).replace(" ?", "?")
        elif tag == "Answer":
            self._answer = "".join(self._words)
        elif tag == "QAPair":
            self.reads.append(self._pair())

    def _pair(self) -> Read:
        where = f"{self._name}:{self._pair_line}"
        lines = (tidy(line) for line in self._answer.splitlines())
        text = _HEADING.sub("", "\n".join(line for line in lines if line))
        if not text:
            return Reject(where, "no answer text")
        if not self._question:
            return Reject(where, "no question")
        if not self._pid or self._pid in self._seen:
            return Reject(where, "no number of its own")
        if self._kind == "support groups":
            return PassedOver("addresses")
        self._seen.add(self._pid)
        section = _SECTIONS.get(self._kind, "other")
        return Article(f"{self._key}-{self._pid}", self._focus, section, self._question, text, self._publisher)


def tidy(text: str) -> str:
    """Return text with single spaces."""
    return " ".join(text.split())
