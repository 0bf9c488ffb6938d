"""Loading knowledge: the shared part once per process, a specialist's pack from any folder."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from types import MappingProxyType
from typing import Protocol, TypeVar

from pydantic import ValidationError

from consilium_common.clinical.second_reading import NO_WEIGHTS, WordWeights, parse, rarities
from consilium_common.contracts.knowledge import (
    CalculatorUse,
    Condition,
    FindingConcept,
    KnowledgeFile,
    Medicine,
    RedFlagRule,
    Source,
    WrittenCase,
)
from consilium_common.knowledge.cases import read_cases
from consilium_common.knowledge.errors import KnowledgeError
from consilium_common.knowledge.files import parse_file, yaml_files

# Enough that two versions never meet, short enough to read aloud.
_VERSION_LENGTH = 12
_WORD_WEIGHTS = ("second_reading", "words.tsv")


Table = TypeVar("Table")


@dataclass(frozen=True)
class SharedKnowledge:
    """What every service reads: the vocabulary, the red flags, medicines and sources. `version` is a hash of the content."""

    findings: Mapping[str, FindingConcept]
    red_flags: tuple[RedFlagRule, ...]
    medicines: Mapping[str, Medicine]
    sources: Mapping[str, Source]
    version: str
    weights_file: Path | Traversable | None = None

    @cached_property
    def word_weights(self) -> WordWeights:
        """Return the table of the second reading, or an empty one; read when first asked for, since only triage needs it.

        Raises:
            KnowledgeError: when the table is broken.
        """
        return self._of_table(lambda content: parse(content.decode().splitlines(), _hash(content)), NO_WEIGHTS)

    def rarity(self) -> Mapping[str, float]:
        """Return how rare single words are, by the same table; read anew, since it is needed once, to learn from cases.

        Raises:
            KnowledgeError: when the table is broken.
        """
        return self._of_table(lambda content: rarities(content.decode().splitlines()), {})

    def _of_table(self, read: Callable[[bytes], Table], otherwise: Table) -> Table:
        if self.weights_file is None:
            return otherwise
        try:
            return read(self.weights_file.read_bytes())
        except ValueError as error:
            raise KnowledgeError("/".join(_WORD_WEIGHTS), str(error)) from error


@dataclass(frozen=True)
class Pack:
    """What one specialist answers from. Its findings, medicines and sources add to the shared ones.

    `cases` teach which words speak for which condition; they are not published, since only the specialist ranks by them.
    """

    conditions: tuple[Condition, ...]
    findings: Mapping[str, FindingConcept]
    medicines: Mapping[str, Medicine]
    sources: Mapping[str, Source]
    version: str
    calculators: tuple[CalculatorUse, ...] = ()
    cases: tuple[WrittenCase, ...] = ()

    def to_json(self) -> bytes:
        """Return the content as canonical JSON, which `pack_from_json` reads back."""
        return _as_file(self).model_dump_json(by_alias=True, exclude_defaults=True).encode()


@cache
def load_shared() -> SharedKnowledge:
    """Return the knowledge that comes with this library, read once per process.

    Raises:
        KnowledgeError: when a file is broken, an id stands twice, or a condition stands outside a pack.
    """
    return read_shared(files("consilium_common.knowledge"))


def read_shared(folder: Path | Traversable) -> SharedKnowledge:
    """Return the shared knowledge of any folder; errors as in `load_shared`."""
    named, version = _read(folder)
    weights = folder.joinpath(*_WORD_WEIGHTS)
    of_weights = _hash(weights.read_bytes()) if weights.is_file() else ""
    for name, file in named:
        if file.calculators:
            raise KnowledgeError(
                name, "which calculators are used belongs into a specialist's pack, not into the shared knowledge"
            )
        if file.conditions:
            raise KnowledgeError(name, "conditions belong into a specialist's pack, not into the shared knowledge")
    return SharedKnowledge(
        findings=_by_id((name, file.findings) for name, file in named),
        red_flags=tuple(_by_id((name, file.red_flags) for name, file in named).values()),
        medicines=_by_id((name, file.medicines) for name, file in named),
        sources=_by_id((name, file.sources) for name, file in named),
        version=_hash(f"{version} {of_weights}".encode()),
        weights_file=weights if of_weights else None,
    )


def load_pack(folder: Path | Traversable) -> Pack:
    """Return a specialist's pack.

    Raises:
        KnowledgeError: when a file is broken, an id stands twice, there is no condition, or a red flag stands in it: those
            are shared, since triage looks before any specialist is chosen.
    """
    named, version = _read(folder)
    for name, file in named:
        if file.red_flags:
            raise KnowledgeError(
                name, "red flags belong into the shared knowledge, since triage looks before any specialist is chosen"
            )
    pack = _pack(named, version)
    if not pack.conditions:
        raise KnowledgeError(str(folder), "there is no condition here; a pack is a folder of YAML files with at least one")
    cases = read_cases(folder, {condition.id for condition in pack.conditions})
    told = "\n".join(case.model_dump_json() for case in cases)
    return replace(pack, cases=cases, version=_hash(f"{version} {told}".encode()) if cases else version)


def pack_from_json(content: bytes, version: str) -> Pack:
    """Return the pack that `Pack.to_json` wrote, under the version that it was published with.

    Raises:
        KnowledgeError: when the content is no pack.
    """
    try:
        file = KnowledgeFile.model_validate_json(content)
    except ValidationError as error:
        raise KnowledgeError(
            f"pack {version}", f"this is not a published pack: {error.errors(include_url=False)[0]['msg']}"
        ) from error
    return _pack([(f"pack {version}", file)], version)


def _as_file(pack: Pack) -> KnowledgeFile:
    return KnowledgeFile(
        conditions=pack.conditions,
        findings=tuple(pack.findings.values()),
        medicines=tuple(pack.medicines.values()),
        sources=tuple(pack.sources.values()),
        calculators=pack.calculators,
    )


def _pack(named: Sequence[tuple[str, KnowledgeFile]], version: str) -> Pack:
    return Pack(
        conditions=tuple(_by_id((name, file.conditions) for name, file in named).values()),
        findings=_by_id((name, file.findings) for name, file in named),
        medicines=_by_id((name, file.medicines) for name, file in named),
        sources=_by_id((name, file.sources) for name, file in named),
        calculators=tuple(_by_id((name, file.calculators) for name, file in named).values()),
        version=version,
    )


def _read(folder: Path | Traversable) -> tuple[list[tuple[str, KnowledgeFile]], str]:
    if not folder.is_dir():
        raise KnowledgeError(str(folder), "this folder does not exist")
    digest = sha256()
    named = []
    for name, entry in yaml_files(folder):
        content = entry.read_bytes()
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
        named.append((name, parse_file(name, content)))
    return named, digest.hexdigest()[:_VERSION_LENGTH]


def _hash(content: bytes) -> str:
    return sha256(content).hexdigest()[:_VERSION_LENGTH]


class _Entry(Protocol):
    @property
    def id(self) -> str: ...


E = TypeVar("E", bound=_Entry)


def _by_id(named: Iterable[tuple[str, Iterable[E]]]) -> Mapping[str, E]:
    found: dict[str, E] = {}
    place: dict[str, str] = {}
    for name, entries in named:
        for entry in entries:
            if entry.id in found:
                raise KnowledgeError(
                    name, f"the id {entry.id!r} is already defined in {place[entry.id]}; an id is defined once"
                )
            found[entry.id] = entry
            place[entry.id] = name
    return MappingProxyType(found)
