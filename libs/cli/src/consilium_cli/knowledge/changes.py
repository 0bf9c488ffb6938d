"""What has changed between two bodies of knowledge: which ids came, went, or say something else now."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from consilium_cli.knowledge.reading import Place
from consilium_cli.knowledge.stats import KINDS

Key = tuple[str, str, str]
SINGULAR = {
    "conditions": "condition",
    "findings": "finding",
    "red_flags": "red flag",
    "medicines": "medicine",
    "sources": "source",
}


@dataclass(frozen=True)
class Change:
    """One entry that is not as it was; `fields` are those that differ when it was changed."""

    place: str
    kind: str
    id: str
    what: str
    fields: tuple[str, ...] = ()


def changes(before: Iterable[Place], after: Iterable[Place]) -> list[Change]:
    """Return every difference, sorted; an entry that only moved to another file of its place has not changed."""
    old, new = _entries(before), _entries(after)
    found = []
    for key in sorted(old.keys() | new.keys()):
        place, kind, id = key
        if key not in old:
            found.append(Change(place, kind, id, "added"))
        elif key not in new:
            found.append(Change(place, kind, id, "removed"))
        elif old[key] != new[key]:
            fields = sorted(name for name in old[key].keys() | new[key].keys() if old[key].get(name) != new[key].get(name))
            found.append(Change(place, kind, id, "changed", tuple(fields)))
    return found


def _entries(places: Iterable[Place]) -> dict[Key, dict[str, Any]]:
    found: dict[Key, dict[str, Any]] = {}
    for place in places:
        for content in place.raw():
            found |= {(place.name, SINGULAR[kind], entry["id"]): entry for kind in KINDS for entry in content.get(kind) or ()}
        for case in place.cases():
            found.setdefault((place.name, "cases of", case.condition), {"texts": set()})["texts"].add(case.text)
    return found
