"""What the schema cannot see: references into nothing, phrases that mean two things, conditions that nobody can reach."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from consilium_common.clinical.calculators import CALCULATORS
from consilium_common.clinical.pack import parse_band
from consilium_common.clinical.phrases import normal_form
from consilium_common.contracts.knowledge import CalculatorUse, Condition, FindingConcept, Medicine, When
from consilium_common.knowledge.loading import Pack, SharedKnowledge


class Complaint(NamedTuple):
    """One thing that is wrong: whose knowledge (`shared` or a specialist), which entry, what, and the word that is wrong."""

    where: str
    entry: str
    problem: str
    word: str = ""

    def __str__(self) -> str:
        return f"{self.where}: {self.entry}: {self.problem}"


class _Known(NamedTuple):
    """What may be referred to from one place."""

    findings: Mapping[str, FindingConcept]
    medicines: Mapping[str, Medicine]
    sources: frozenset[str]
    classes: frozenset[str]


def lint(shared: SharedKnowledge, packs: Mapping[str, Pack]) -> list[Complaint]:
    """Return everything that is wrong with the content, sorted; what does not even load never comes here."""
    base = _known(shared)
    complaints = [*_findings("shared", shared.findings.values(), base), *_medicines("shared", shared.medicines.values(), base)]
    for rule in shared.red_flags:
        complaints += [
            Complaint("shared", rule.id, f"the rule names the finding {finding!r}, which no vocabulary defines", finding)
            for finding in findings_of(rule.when) - base.findings.keys()
        ]
        complaints += _sources("shared", rule.id, rule.sources, base)
    complaints += _phrases(shared, packs)
    for specialist, pack in packs.items():
        known = _known(shared, pack)
        complaints += _findings(specialist, pack.findings.values(), known)
        complaints += _medicines(specialist, pack.medicines.values(), known)
        complaints += _defined_twice(specialist, shared, pack)
        for condition in pack.conditions:
            complaints += _condition(specialist, condition, known)
        for use in pack.calculators:
            complaints += _calculator(specialist, use, pack, known)
    return sorted(set(complaints))


def findings_of(when: When | str) -> frozenset[str]:
    """Return every finding that a rule's condition names."""
    if isinstance(when, str):
        return frozenset({when})
    named = frozenset(name for name in (when.finding, when.absent) if name)
    return named.union(*(findings_of(part) for part in (*when.all, *when.any, *when.none)))


def _known(shared: SharedKnowledge, pack: Pack | None = None) -> _Known:
    medicines = {**shared.medicines, **(pack.medicines if pack else {})}
    return _Known(
        findings={**shared.findings, **(pack.findings if pack else {})},
        medicines=medicines,
        sources=frozenset(shared.sources) | frozenset(pack.sources if pack else ()),
        classes=frozenset(name for medicine in medicines.values() for name in medicine.classes),
    )


def _sources(where: str, entry: str, sources: Iterable[str], known: _Known) -> Iterator[Complaint]:
    for source in sources:
        if source not in known.sources:
            yield Complaint(where, entry, f"the source {source!r} is not defined", source)


def _findings(where: str, concepts: Iterable[FindingConcept], known: _Known) -> Iterator[Complaint]:
    for concept in concepts:
        for parent in concept.is_a:
            if parent not in known.findings:
                yield Complaint(where, concept.id, f"is_a names {parent!r}, which no vocabulary defines", parent)
        if concept.id in _above(concept.id, known.findings):
            yield Complaint(where, concept.id, "is_a leads back to itself; a finding cannot be more general than itself")


def _above(start: str, findings: Mapping[str, FindingConcept]) -> set[str]:
    seen: set[str] = set()
    waiting = list(findings[start].is_a) if start in findings else []
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting.extend(findings[name].is_a if name in findings else ())
    return seen


def _medicines(where: str, medicines: Iterable[Medicine], known: _Known) -> Iterator[Complaint]:
    for medicine in medicines:
        for contraindication in medicine.contraindicated:
            if contraindication.when not in known.findings:
                yield Complaint(
                    where,
                    medicine.id,
                    f"contraindicated when {contraindication.when!r}, which no vocabulary defines",
                    contraindication.when,
                )
        for interaction in medicine.interacts:
            if interaction.with_ not in known.medicines and interaction.with_ not in known.classes:
                yield Complaint(
                    where,
                    medicine.id,
                    f"interacts with {interaction.with_!r}, which is neither a medicine nor a class",
                    interaction.with_,
                )
        yield from _sources(where, medicine.id, medicine.sources, known)


def _condition(where: str, condition: Condition, known: _Known) -> Iterator[Complaint]:
    for weight in condition.findings:
        if weight.id not in known.findings:
            yield Complaint(where, condition.id, f"the finding {weight.id!r} is not defined in any vocabulary", weight.id)
    for band in condition.prevalence.age:
        try:
            parse_band(band, 1.0)
        except ValueError as error:
            yield Complaint(where, condition.id, str(error), band)
    for finding in (*condition.against, *condition.risk):
        if finding not in known.findings:
            yield Complaint(where, condition.id, f"'against' or 'risk' names {finding!r}, which no vocabulary defines", finding)
    for step in (*condition.workup, *condition.management):
        if step.drug and step.drug not in known.medicines:
            yield Complaint(
                where,
                condition.id,
                f"the step {step.do[:40]!r} names the medicine {step.drug!r}, which is not defined",
                step.drug,
            )
        for finding in step.unless:
            if finding not in known.findings:
                yield Complaint(
                    where,
                    condition.id,
                    f"the step {step.do[:40]!r} names {finding!r} in 'unless', which no vocabulary defines",
                    finding,
                )
        yield from _sources(where, condition.id, (step.source,), known)
    yield from _sources(where, condition.id, condition.sources, known)
    if not any(_readable(weight.id, known.findings) for weight in condition.findings):
        yield Complaint(where, condition.id, "none of its findings has words that could be read, so nobody can reach it")


def _calculator(where: str, use: CalculatorUse, pack: Pack, known: _Known) -> Iterator[Complaint]:
    """Complain of a use that can never happen, and of what the calculator itself refers to and nobody defines."""
    calculator = CALCULATORS.get(use.calculator)
    if calculator is None:
        yield Complaint(where, use.id, f"there is no such calculator; there are {', '.join(sorted(CALCULATORS))}")
        return
    conditions = {condition.id for condition in pack.conditions}
    for condition in use.conditions:
        if condition not in conditions:
            yield Complaint(where, use.id, f"the calculator is used for {condition!r}, which the pack does not have")
    inputs = (finding for each in calculator.inputs for finding in each.origin.named)
    for finding in {*use.findings, *inputs, *calculator.population.excluded}:
        if finding not in known.findings:
            yield Complaint(where, use.id, f"the calculator needs the finding {finding!r}, which no vocabulary defines")
    yield from _sources(where, use.id, calculator.sources, known)


def _readable(finding: str, findings: Mapping[str, FindingConcept]) -> bool:
    return any(
        concept.lay or concept.clinical
        for concept in findings.values()
        if concept.id == finding or finding in _above(concept.id, findings)
    )


def _defined_twice(specialist: str, shared: SharedKnowledge, pack: Pack) -> Iterator[Complaint]:
    for ours, theirs in ((pack.findings, shared.findings), (pack.medicines, shared.medicines), (pack.sources, shared.sources)):
        for twice in ours.keys() & theirs.keys():
            yield Complaint(specialist, twice, "the shared knowledge already defines this id; use that one")


def _phrases(shared: SharedKnowledge, packs: Mapping[str, Pack]) -> Iterator[Complaint]:
    """Complain of a phrase that a reader could take for two findings; one of them would never be found by it."""
    meanings: dict[tuple[str, ...], dict[str, tuple[str, str]]] = defaultdict(dict)
    places = {"shared": shared.findings, **{name: pack.findings for name, pack in packs.items()}}
    for where, findings in places.items():
        for concept in findings.values():
            for phrase in (*concept.lay, *concept.clinical):
                meanings[normal_form(phrase)].setdefault(concept.id, (where, phrase))
    for form, named in meanings.items():
        if len(named) > 1 and form:
            for finding, (where, phrase) in named.items():
                others = ", ".join(f"{other} ({named[other][1]!r})" for other in named if other != finding)
                yield Complaint(where, finding, f"the phrase {phrase!r} also means {others}; keep it at one finding")
