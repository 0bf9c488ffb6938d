"""The knowledge of this installation, of a folder, or of a git revision: the shared part and every specialist's pack."""

import io
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import entry_points
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import yaml

from consilium_common.contracts.knowledge import KnowledgeFile, WrittenCase
from consilium_common.errors import ConsiliumError
from consilium_common.knowledge import KnowledgeError
from consilium_common.knowledge.cases import read_cases
from consilium_common.knowledge.files import parse_file, yaml_files

SPECIALISTS = "consilium.specialists"
SHARED = "shared"
GIT_TIMEOUT_S = 60
IN_REPOSITORY = (":(glob)**/src/consilium_common/knowledge/**", ":(glob)**/src/consilium_*/knowledge/**")


class KnowledgeSourceError(ConsiliumError):
    """There is no knowledge where it was looked for."""

    def __init__(self, message: str) -> None:
        super().__init__("knowledge-source", message)


@dataclass(frozen=True)
class Place:
    """One body of knowledge: `shared` or a specialist's name, and the folder that holds its files."""

    name: str
    folder: Traversable

    def files(self) -> Iterator[tuple[str, KnowledgeFile]]:
        """Yield every file with its name; errors as in `parse_file`."""
        for name, entry in yaml_files(self.folder):
            yield name, parse_file(f"{self.name}/{name}", entry.read_bytes())

    def cases(self) -> tuple[WrittenCase, ...]:
        """Return its written cases; errors as in `read_cases`."""
        return read_cases(self.folder)

    def raw(self) -> Iterator[dict[str, Any]]:
        """Yield every file's content unchecked, for revisions whose schema was another one.

        Raises:
            KnowledgeSourceError: when a file is no YAML mapping.
        """
        for name, entry in yaml_files(self.folder):
            try:
                content = yaml.load(entry.read_bytes(), yaml.CSafeLoader)
            except yaml.YAMLError as error:
                raise KnowledgeSourceError(f"{self.name}/{name} is no YAML: {error}") from error
            if not isinstance(content, dict):
                raise KnowledgeSourceError(f"{self.name}/{name} is no mapping of lists of entries.")
            yield content

    def refused(self) -> list[KnowledgeError]:
        """Return why files are refused, one reason for each that is."""
        errors = []
        for name, entry in yaml_files(self.folder):
            try:
                parse_file(f"{self.name}/{name}", entry.read_bytes())
            except KnowledgeError as error:
                errors.append(error)
        try:
            self.cases()
        except KnowledgeError as error:
            errors.append(error)
        return errors


def installed() -> tuple[Place, ...]:
    """Return the knowledge that is installed: what the services of this environment would load."""
    packages = {entry.name: entry.value.partition(".")[0] for entry in entry_points(group=SPECIALISTS)}
    packs = (Place(name, files(package) / "knowledge") for name, package in sorted(packages.items()))
    return (Place(SHARED, files("consilium_common") / "knowledge"), *packs)


def in_folder(folder: Path) -> tuple[Place, ...]:
    """Return the knowledge of a checkout or of any folder that holds `consilium_<name>/knowledge` somewhere.

    Raises:
        KnowledgeSourceError: when nothing of that form is below it.
    """
    found: Mapping[str, Path] = {
        each.parent.name.removeprefix("consilium_"): each
        for each in sorted(folder.rglob("src/consilium_*/knowledge"))
        if each.is_dir() and any(yaml_files(each))
    }
    if not found:
        raise KnowledgeSourceError(f"There is no src/consilium_<name>/knowledge with YAML files below {str(folder)!r}.")
    return tuple(Place(SHARED if name == "common" else name, place) for name, place in found.items())


@contextmanager
def at(reference: str, repository: Path) -> Iterator[tuple[Place, ...]]:
    """Give the knowledge of a folder, or else of a git revision of the repository, while the block runs.

    Raises:
        KnowledgeSourceError: when it is neither, or holds no knowledge.
    """
    if Path(reference).is_dir():
        yield in_folder(Path(reference))
        return
    with tempfile.TemporaryDirectory(prefix="consilium-knowledge-") as folder:
        with tarfile.open(fileobj=io.BytesIO(_archive(reference, repository))) as archive:
            _unpack(archive, Path(folder))
        yield in_folder(Path(folder))


def _unpack(archive: tarfile.TarFile, folder: Path) -> None:
    """Write the plain files of an archive. By hand, since `extractall` is safe by its `filter` only, which 3.11.2 lacks."""
    for member in archive.getmembers():
        place, held = folder / member.name, archive.extractfile(member) if member.isfile() else None
        if held is None or not place.resolve().is_relative_to(folder.resolve()):
            continue
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(held.read())


def _archive(revision: str, repository: Path) -> bytes:
    if revision.startswith("-"):
        raise KnowledgeSourceError(f"{revision!r} is no git revision; name a commit, a tag, a branch or a folder.")
    command = ["git", "-C", str(repository), "archive", "--format=tar", revision, "--", *IN_REPOSITORY]
    try:
        done = subprocess.run(command, capture_output=True, check=False, timeout=GIT_TIMEOUT_S)  # noqa: S603 - no shell, no option
    except FileNotFoundError as error:
        raise KnowledgeSourceError("git is not installed; compare with a folder instead.") from error
    if done.returncode:
        reason = done.stderr.decode(errors="replace").strip().splitlines() or ["git gave no reason"]
        raise KnowledgeSourceError(f"{revision!r} is neither a folder nor a revision of {str(repository)!r}: {reason[-1]}")
    return done.stdout
