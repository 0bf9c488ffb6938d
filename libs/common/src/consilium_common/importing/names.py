"""The names that the packs use, so that what others call the same is put where the packs have it."""

import hashlib
import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from consilium_common.contracts.knowledge import Condition, FindingConcept, FindingKind, Medicine
from consilium_common.importing.records import Label

_WORD = re.compile(r"[a-z0-9]+")
# History, risk and context describe a person: "diabetes" as a symptom of something is not somebody who has diabetes.
_COMPLAINTS = frozenset({FindingKind.SYMPTOM, FindingKind.SIGN, FindingKind.MEASUREMENT})
_BRITISH = ((re.compile(r"ae|oe"), "e"), (re.compile(r"(?<=[a-z]{2})our\b"), "or"))


@dataclass
class _Names:
    """Names of one label. The name itself counts before another word for it, so that two things may share the latter."""

    exact: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    other: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def find(self, names: Iterable[str]) -> frozenset[str]:
        forms = [form for name in names if (form := same_form(name))]
        for known in (self.exact, self.other):
            for form in forms:
                if form in known:
                    return frozenset(known[form])
        return frozenset()


class PackNames:
    """Finds what the packs have under a name. What a name means more than one of is not decided here: it is not found."""

    def __init__(self) -> None:
        self._names: dict[Label, _Names] = defaultdict(_Names)
        self._conditions: dict[str, set[str]] = defaultdict(set)

    def add_conditions(self, specialist: str, conditions: Iterable[Condition]) -> None:
        """Add a pack's conditions and the parts of the body that they affect."""
        for condition in conditions:
            self._conditions[condition.id].add(f"{specialist}/{condition.id}")
            self._add("Condition", condition.id, condition.name, condition.lay)
            for part in condition.body:
                self._add("BodyPart", part, part.replace("-", " "))

    def add_findings(self, findings: Iterable[FindingConcept]) -> None:
        """Add a vocabulary's complaints."""
        for finding in findings:
            if finding.kind in _COMPLAINTS:
                self._add("Finding", finding.id, finding.name, (*finding.lay, *finding.clinical))

    def add_medicines(self, medicines: Iterable[Medicine]) -> None:
        """Add medicines."""
        for medicine in medicines:
            self._add("Drug", medicine.id, medicine.name, (medicine.id.replace("-", " "), *medicine.lay))

    def _add(self, label: Label, id: str, name: str, others: Iterable[str] = ()) -> None:
        self._names[label].exact[same_form(name)].add(id)
        for other in others:
            self._names[label].other[same_form(other)].add(id)

    def id(self, label: Label, *names: str) -> str | None:
        """Return what the packs have under the first of these names that they know; None when that is not one thing."""
        found = self._names[label].find(names)
        return next(iter(found)) if len(found) == 1 else None

    def nodes(self, label: Label, *names: str) -> tuple[str, ...]:
        """Return the keys of the nodes in the graph: a condition has one in each pack that describes it."""
        id = self.id(label, *names)
        if id is None:
            return ()
        return tuple(sorted(self._conditions[id])) if label == "Condition" else (id,)

    def version(self) -> str:
        """Return a hash of all names: what is imported is placed anew when the packs have changed."""
        content: Mapping[str, object] = {
            label: [sorted((form, sorted(ids)) for form, ids in known.items()) for known in (names.exact, names.other)]
            for label, names in sorted(self._names.items())
        }
        keys = {id: sorted(nodes) for id, nodes in sorted(self._conditions.items())}
        return hashlib.sha256(json.dumps([content, keys], sort_keys=True).encode()).hexdigest()


def same_form(name: str) -> str:
    """Return what is the same for a name in British and American spelling, for one and many, with any accents and hyphens."""
    plain = unicodedata.normalize("NFKD", name.lower().replace("'s", "").replace("’s", ""))
    words = _WORD.findall("".join(char for char in plain if not unicodedata.combining(char)))
    return " ".join(_singular(_american(word)) for word in words)


def _american(word: str) -> str:
    for pattern, put in _BRITISH:
        word = pattern.sub(put, word)
    return word


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")) else word
