"""How much knowledge there is, by area (file) and by pack."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from consilium_cli.knowledge.reading import Place
from consilium_common.contracts.knowledge import KnowledgeFile

KINDS = ("conditions", "findings", "red_flags", "medicines", "sources")


@dataclass(frozen=True)
class Row:
    """The numbers of one area of one place; `phrases` are the ways in which its findings can be said."""

    place: str
    area: str
    counts: dict[str, int]


def count(places: Iterable[Place]) -> list[Row]:
    """Return one row for each area of each place, in their order; errors as in `parse_file`."""
    rows = []
    for place in places:
        areas: dict[str, Counter[str]] = {}
        for name, file in place.files():
            areas.setdefault(_area(name), Counter()).update(_counted(file))
        rows += [Row(place.name, area, dict(counts)) for area, counts in sorted(areas.items())]
        if cases := place.cases():
            rows.append(Row(place.name, "cases", {"cases": len(cases)}))
    return rows


def total(rows: Iterable[Row], name: str) -> Row:
    """Return the sum of rows under a name."""
    summed: Counter[str] = Counter()
    for row in rows:
        summed.update(row.counts)
    return Row(name, "", dict(summed))


def _area(file: str) -> str:
    return file.rsplit("/", 1)[-1].rsplit(".", 1)[0]


def _counted(file: KnowledgeFile) -> dict[str, int]:
    counts = {kind: len(getattr(file, kind)) for kind in KINDS}
    return counts | {"phrases": sum(len(each.lay) + len(each.clinical) for each in file.findings)}
