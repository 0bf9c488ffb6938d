"""NDF-RT: interactions of medicines with the severity that US Veterans Affairs gave them, last published in 2014."""

from collections.abc import Iterator
from pathlib import Path

from consilium_common.importing.drug_pairs import read_pairs
from consilium_common.importing.records import Read

SEVERITIES = {"Critical": "critical", "Significant": "significant"}


def read_ndfrt(path: Path) -> Iterator[Read]:
    """Yield the interactions; errors as in `read_pairs`."""
    file = path / "ndfrt_va_ddi.tsv" if path.is_dir() else path
    return read_pairs(file, "the table of NDF-RT's interactions", SEVERITIES)
