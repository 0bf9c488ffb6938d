"""ONC high-priority list (2012): pairs of medicines for which a panel wanted every prescriber to be warned."""

from collections.abc import Iterator
from pathlib import Path

from consilium_common.importing.drug_pairs import read_pairs
from consilium_common.importing.records import Read

SEVERITIES = {"": "high-priority"}  # the list has no column of severities: being on it is one


def read_onc(path: Path) -> Iterator[Read]:
    """Yield the interactions; errors as in `read_pairs`."""
    file = path / "onc_high_priority_ddi.tsv" if path.is_dir() else path
    return read_pairs(file, "the table of the ONC high-priority list", SEVERITIES)
