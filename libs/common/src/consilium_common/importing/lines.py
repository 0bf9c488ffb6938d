"""Lines of a file, plain or gzip, one at a time: a line or a file without an end fills no memory."""

import gzip
import zlib
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from consilium_common.importing.errors import ImportRefusedError
from consilium_common.importing.records import Reject

MAX_LINE = 65_536  # bytes; the longest line of the known files has about 9,000
GZIP = b"\x1f\x8b"
TOO_LONG = "line too long"
NOT_UTF8 = "not UTF-8 text"


@dataclass(frozen=True)
class Line:
    """One line without its end, and where it stands."""

    where: str
    text: str


def read_lines(path: Path) -> Iterator[Line | Reject]:
    """Yield the lines of a file; those that are too long or no text are rejected.

    Raises:
        ImportRefusedError: when the file cannot be opened, or is a gzip file that is damaged or ends too early.
    """
    with ExitStack() as stack:
        try:
            stream: BinaryIO = stack.enter_context(path.open("rb"))
            if stream.read(len(GZIP)) == GZIP:
                stream.seek(0)
                stream = cast("BinaryIO", stack.enter_context(gzip.GzipFile(fileobj=stream)))
            else:
                stream.seek(0)
            yield from _lines(path.name, stream)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise ImportRefusedError(f"{path.name} is damaged or ends too early ({error}); download it again.") from None
        except OSError as error:
            raise ImportRefusedError(f"{path.name} cannot be read: {error.strerror or error}.") from None


def header_of(lines: Iterator[Line | Reject], path: Path, wanted: str, what: str) -> None:
    """Take the first line off and see that it is the header of the right file.

    Raises:
        ImportRefusedError: when it is another one.
    """
    first = next(lines, None)
    if not isinstance(first, Line) or first.text.lstrip("\ufeff").split("\t") != wanted.split("\t"):
        given = repr(first.text[:80]) if isinstance(first, Line) else "nothing that could be read"
        columns = wanted.replace("\t", ", ")
        raise ImportRefusedError(
            f"{path.name} is not {what}: its first line should name the columns {columns} (tabs between them) and is {given}."
        )


def _lines(name: str, stream: BinaryIO) -> Iterator[Line | Reject]:
    number = 0
    while raw := stream.readline(MAX_LINE):
        number += 1
        where = f"{name}:{number}"
        if not raw.endswith(b"\n") and len(raw) == MAX_LINE:
            while (rest := stream.readline(MAX_LINE)) and not rest.endswith(b"\n"):
                pass
            yield Reject(where, TOO_LONG)
            continue
        try:
            yield Line(where, raw.decode("utf-8").rstrip("\r\n"))
        except UnicodeDecodeError:
            yield Reject(where, NOT_UTF8)
