"""Knowledge as nodes and relations. No I/O.

    (Condition)-[PRESENTS]->(Finding)      (Condition)-[TREATED_BY]->(Drug)       (Condition)-[EXAMINED_BY]->(Test)
    (Condition)-[AFFECTS]->(BodyPart)      (Condition)-[MANAGED_BY]->(Specialty)  (Finding)-[IS_A]->(Finding)
    (Finding)-[RED_FLAG_FOR]->(Specialty)  (Drug)-[CONTRAINDICATED_IN]->(Finding) (Drug)-[IN_CLASS]->(DrugClass)
    (Drug)-[INTERACTS_WITH]->(Drug or DrugClass)

A condition's id is `<specialist>/<condition>`, because two packs may describe the same condition; its `id` property in the
graph is the plain one.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from consilium_common.contracts.knowledge import Condition, FindingConcept, Medicine, RedFlagRule, When

Row = dict[str, Any]
Link = tuple[str, str, str]  # label, relation type, label

PRESENTS: Link = ("Condition", "PRESENTS", "Finding")
AFFECTS: Link = ("Condition", "AFFECTS", "BodyPart")
TREATED_BY: Link = ("Condition", "TREATED_BY", "Drug")
EXAMINED_BY: Link = ("Condition", "EXAMINED_BY", "Test")
MANAGED_BY: Link = ("Condition", "MANAGED_BY", "Specialty")
IS_A: Link = ("Finding", "IS_A", "Finding")
RED_FLAG_FOR: Link = ("Finding", "RED_FLAG_FOR", "Specialty")
CONTRAINDICATED_IN: Link = ("Drug", "CONTRAINDICATED_IN", "Finding")
IN_CLASS: Link = ("Drug", "IN_CLASS", "DrugClass")
INTERACTS_WITH_DRUG: Link = ("Drug", "INTERACTS_WITH", "Drug")
INTERACTS_WITH_CLASS: Link = ("Drug", "INTERACTS_WITH", "DrugClass")
LINKS: tuple[Link, ...] = (
    *(PRESENTS, AFFECTS, TREATED_BY, EXAMINED_BY, MANAGED_BY, IS_A, RED_FLAG_FOR),
    *(CONTRAINDICATED_IN, IN_CLASS, INTERACTS_WITH_DRUG, INTERACTS_WITH_CLASS),
)


@dataclass
class GraphRows:
    """Nodes by label and id, relations by link and (from, to, key); `key` tells apart several between the same two."""

    nodes: dict[str, dict[str, Row]] = field(default_factory=lambda: defaultdict(dict))
    relations: dict[Link, dict[tuple[str, str, str], Row]] = field(default_factory=lambda: defaultdict(dict))

    def node(self, label: str, key: str, /, **properties: Any) -> None:
        """Add a node, or properties to one that is there."""
        self.nodes[label].setdefault(key, {}).update(properties)

    def relate(self, link: Link, start: str, end: str, key: str = "", /, **properties: Any) -> None:
        """Add a relation and, without properties, the nodes that it needs."""
        self.node(link[0], start)
        self.node(link[2], end)
        self.relations[link][start, end, key] = properties


def add_conditions(rows: GraphRows, specialist: str, conditions: Iterable[Condition]) -> None:
    """Add a pack's conditions with all that hangs on them."""
    for condition in conditions:
        key = f"{specialist}/{condition.id}"
        rows.node(
            "Condition",
            key,
            id=condition.id,
            specialist=specialist,
            name=condition.name,
            icd10=condition.icd10,
            triage=condition.triage.value,
        )
        rows.relate(MANAGED_BY, key, specialist)
        for weight in condition.findings:
            rows.relate(PRESENTS, key, weight.id, present=weight.present, elsewhere=weight.elsewhere)
        for part in condition.body:
            rows.relate(AFFECTS, key, part)
        for step in (*condition.management, *condition.workup):
            if step.drug:
                rows.relate(TREATED_BY, key, step.drug, do=step.do, urgency=step.urgency, for_patient=step.for_patient)
            elif step.kind == "test":
                test = slug(step.do)
                rows.node("Test", test, name=step.do)
                rows.relate(EXAMINED_BY, key, test, urgency=step.urgency)


def add_findings(rows: GraphRows, findings: Iterable[FindingConcept], known: Mapping[str, FindingConcept]) -> None:
    """Add findings; IS_A goes to every ancestor, near or far, so that a query takes one step."""
    for finding in findings:
        rows.node("Finding", finding.id, name=finding.name, kind=finding.kind.value)
        for ancestor in ancestors(finding, known):
            rows.relate(IS_A, finding.id, ancestor)


def add_medicines(rows: GraphRows, medicines: Iterable[Medicine], known: Iterable[str]) -> None:
    """Add medicines. An interaction names a medicine or a class: what is no id in `known` is a class."""
    ids = frozenset(known)
    for medicine in medicines:
        rows.node("Drug", medicine.id, name=medicine.name)
        for name in medicine.classes:
            rows.relate(IN_CLASS, medicine.id, name)
        for rule in medicine.contraindicated:
            rows.relate(CONTRAINDICATED_IN, medicine.id, rule.when, severity=rule.severity, why=rule.why)
        for other in medicine.interacts:
            link = INTERACTS_WITH_DRUG if other.with_ in ids else INTERACTS_WITH_CLASS
            rows.relate(link, medicine.id, other.with_, severity=other.severity, why=other.effect)


def add_red_flags(rows: GraphRows, rules: Iterable[RedFlagRule]) -> None:
    """Relate the findings that a rule looks for to the specialties that it names."""
    for rule in rules:
        for finding in sorted(set(looked_for(rule.when))):
            for specialty in rule.specialties:
                rows.relate(RED_FLAG_FOR, finding, specialty, rule.id, level=rule.level.value)


def ancestors(finding: FindingConcept, known: Mapping[str, FindingConcept]) -> frozenset[str]:
    """Return everything that a finding is, directly or through others; circles end where they began."""
    found: set[str] = set()
    waiting = list(finding.is_a)
    while waiting:
        parent = waiting.pop()
        if parent not in found and parent != finding.id:
            found.add(parent)
            waiting += known[parent].is_a if parent in known else ()
    return frozenset(found)


def looked_for(when: When | str) -> Iterator[str]:
    """Yield the findings whose presence a rule looks for; what must be absent is not among them."""
    if isinstance(when, str):
        yield when
        return
    if when.finding:
        yield when.finding
    for part in (*when.all, *when.any):
        yield from looked_for(part)


def slug(text: str) -> str:
    """Return text as an id: 'A 12-lead ECG now' is 'a-12-lead-ecg-now'."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
