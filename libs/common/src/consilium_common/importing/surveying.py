"""Reading a source once from end to end before anything is written: is it what it should be, and how much is it?"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from consilium_common.importing.errors import ImportRefusedError
from consilium_common.importing.records import PassedOver, Read, Reject

SHOWN = 20  # examples of each reason; what is wrong with one file is usually wrong with a thousand
READ, PASSED_OVER, REJECTED = "read", "passed over", "rejected"


@dataclass
class Tally:
    """Counts what was read: how much is usable, passed over and rejected, each by reason, with examples of rejects."""

    counts: Counter[str] = field(default_factory=Counter)
    rejects: list[str] = field(default_factory=list)

    def add(self, read: Read) -> None:
        """Count one record, and keep it as an example when it is among the first rejects of its reason."""
        self.counts[READ] += 1
        if isinstance(read, PassedOver):
            self.counts[PASSED_OVER] += 1
            self.counts[f"{PASSED_OVER}: {read.reason}"] += 1
        elif isinstance(read, Reject):
            self.counts[REJECTED] += 1
            of_reason = f"{REJECTED}: {read.reason}"
            self.counts[of_reason] += 1
            if self.counts[of_reason] <= SHOWN:
                self.rejects.append(f"{read.where}: {read.reason}")

    @property
    def usable(self) -> int:
        """Return how many records can be loaded."""
        return self.counts[READ] - self.counts[PASSED_OVER] - self.counts[REJECTED]


def survey(name: str, reads: Iterable[Read]) -> Tally:
    """Return the counts of a whole source.

    Raises:
        ImportRefusedError: when it is not what it should be, is damaged, or nothing in it is usable.
    """
    tally = Tally()
    for read in reads:
        tally.add(read)
    if not tally.usable:
        first = f" The first of them: {tally.rejects[0]}." if tally.rejects else ""
        raise ImportRefusedError(
            f"None of the {tally.counts[READ]:,} records of {name} is usable.{first} Is it the right file?"
        )
    return tally
