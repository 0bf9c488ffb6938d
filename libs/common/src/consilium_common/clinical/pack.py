"""A pack compiled once: bands parsed, logarithms taken and findings indexed, so that ranking is only additions."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import inf, log
from types import MappingProxyType
from typing import Literal

from consilium_common.clinical.calculators import CALCULATORS
from consilium_common.clinical.case_facts import COMPLAINT_KINDS, Ancestors
from consilium_common.clinical.case_words import NO_WORDS, CaseWords
from consilium_common.contracts.knowledge import CalculatorUse, Condition, FindingConcept, Medicine, Source

_BAND = re.compile(r"^(?:(?P<below><=?)(?P<max>\d+)|(?P<above>>=?)(?P<min>\d+)|(?P<from>\d+)-(?P<to>\d+)|(?P<open>\d+)\+)$")


@dataclass(frozen=True)
class AgeBand:
    """A band of ages in years, `from_years` included and `to_years` not, with its multiplier of the prevalence."""

    from_years: float
    to_years: float
    factor: float


@dataclass(frozen=True)
class Link:
    """A finding of a condition as log likelihood ratios; `general` are all above it, `root` the top one, its family."""

    finding: str
    general: frozenset[str]
    root: str
    if_present: float
    if_absent: float
    present: float
    elsewhere: float
    complaint: bool


@dataclass(frozen=True)
class CompiledCondition:
    """A condition with everything that ranking adds up.

    It `explains` its findings and risks, and `touches` what is more general than they are. A case is linked to it by one of
    its `complaints` or, vaguely, by something of which they are a kind. Links stand in order of weight, the most telling first.
    """

    condition: Condition
    log_prior: float
    bands: tuple[AgeBand, ...]
    sex: Mapping[Literal["m", "f"], float]
    links: tuple[Link, ...]
    against: frozenset[str]
    risk: frozenset[str]
    explains: frozenset[str]
    touches: frozenset[str]
    complaints: frozenset[str]
    vaguely: frozenset[str]


@dataclass(frozen=True)
class CompiledPack:
    """One specialist's knowledge in memory, with the shared vocabulary, medicines and sources that it refers to."""

    specialist: str
    version: str
    conditions: Mapping[str, CompiledCondition]
    concepts: Mapping[str, FindingConcept]
    ancestors: Ancestors
    medicines: Mapping[str, Medicine]
    sources: Mapping[str, Source]
    calculators: tuple[CalculatorUse, ...] = ()
    words: CaseWords = NO_WORDS

    def name_of(self, finding: str) -> str:
        """Return a finding's name in plain words, or its id with spaces when the vocabulary does not have it."""
        concept = self.concepts.get(finding)
        return concept.name if concept else finding.replace("-", " ")


def parse_band(text: str, factor: float) -> AgeBand:
    """Return the band of '<18', '<=17', '18-39', '>64', '>=65' or '65+'.

    Raises:
        ValueError: when the text is none of these, or its end lies before its start.
    """
    match = _BAND.match(text.replace(" ", ""))
    if match is None:
        raise ValueError(f"age band {text!r} is not understood; write it like '<18', '18-39', '>64' or '65+'")
    low, high = 0.0, inf
    if match["max"]:
        high = int(match["max"]) + (match["below"] == "<=")
    elif match["min"]:
        low = int(match["min"]) + (match["above"] == ">")
    elif match["open"]:
        low = int(match["open"])
    else:
        low, high = int(match["from"]), int(match["to"]) + 1
    if low >= high:
        raise ValueError(f"age band {text!r} ends before it starts; write the younger age first")
    return AgeBand(float(low), float(high), factor)


def ancestors_of(concepts: Iterable[FindingConcept]) -> dict[str, frozenset[str]]:
    """Return, for every finding, all more general ones, over any number of steps. A cycle is harmless."""
    parents = {concept.id: concept.is_a for concept in concepts}
    closed: dict[str, frozenset[str]] = {}
    for start, direct in parents.items():
        seen: set[str] = set()
        waiting = list(direct)
        while waiting:
            name = waiting.pop()
            if name not in seen:
                seen.add(name)
                waiting.extend(parents.get(name, ()))
        closed[start] = frozenset(seen - {start})
    return closed


def compile_pack(
    specialist: str,
    conditions: Iterable[Condition],
    concepts: Iterable[FindingConcept],
    *,
    medicines: Iterable[Medicine] = (),
    sources: Iterable[Source] = (),
    calculators: Iterable[CalculatorUse] = (),
    words: CaseWords = NO_WORDS,
    version: str = "",
) -> CompiledPack:
    """Return a pack ready for ranking; done once at start.

    Raises:
        ValueError: when an age band is not understood, or a calculator not known; the message names the entry.
    """
    uses = tuple(calculators)
    for use in uses:
        if use.calculator not in CALCULATORS:
            raise ValueError(f"calculator {use.calculator!r} is not known; there are {', '.join(sorted(CALCULATORS))}")
    vocabulary = {concept.id: concept for concept in concepts}
    ancestors = ancestors_of(vocabulary.values())
    compiled = {c.id: _compile(c, vocabulary, ancestors) for c in sorted(conditions, key=lambda c: c.id)}
    return CompiledPack(
        specialist=specialist,
        version=version,
        conditions=MappingProxyType(compiled),
        concepts=MappingProxyType(vocabulary),
        ancestors=MappingProxyType(ancestors),
        medicines=MappingProxyType({medicine.id: medicine for medicine in medicines}),
        sources=MappingProxyType({source.id: source for source in sources}),
        calculators=uses,
        words=words,
    )


def _compile(condition: Condition, concepts: Mapping[str, FindingConcept], ancestors: Ancestors) -> CompiledCondition:
    try:
        bands = tuple(parse_band(text, factor) for text, factor in condition.prevalence.age.items())
    except ValueError as error:
        raise ValueError(f"condition {condition.id!r}: {error}") from error
    listed = {weight.id for weight in condition.findings}
    links = []
    for weight in condition.findings:
        concept = concepts.get(weight.id)
        links.append(
            Link(
                finding=weight.id,
                general=ancestors.get(weight.id, frozenset()),
                root=_root(weight.id, ancestors),
                if_present=log(weight.present / weight.elsewhere),
                if_absent=log((1 - weight.present) / (1 - weight.elsewhere)),
                present=weight.present,
                elsewhere=weight.elsewhere,
                complaint=concept is None or concept.kind in COMPLAINT_KINDS,
            )
        )
    links.sort(key=lambda link: (-abs(link.if_present), link.finding))
    speaking = [link for link in links if link.complaint and link.if_present > 0]
    explains = frozenset(listed.union(condition.risk))
    return CompiledCondition(
        condition=condition,
        log_prior=log(condition.prevalence.per_100k_year),
        bands=bands,
        sex=MappingProxyType(dict(condition.prevalence.sex)),
        links=tuple(links),
        against=frozenset(condition.against) - listed,
        risk=frozenset(condition.risk) - listed,
        explains=explains,
        touches=frozenset().union(*(ancestors.get(finding, frozenset()) for finding in explains)),
        complaints=frozenset(link.finding for link in speaking),
        vaguely=frozenset().union(*(link.general for link in speaking)),
    )


def _root(finding: str, ancestors: Ancestors) -> str:
    """Return the most general finding above one, the first by name when there are several."""
    above = ancestors.get(finding, frozenset())
    tops = sorted(name for name in above if not ancestors.get(name))
    return tops[0] if tops else finding
