"""Claiming a merge, so that two aggregators never interleave one answer.

The claims of a consult stand one after another over all its attempts: each is stored only if nothing has been claimed since its
claimant looked, so a merge number is given once, and a client that drops text of lower numbers sees one answer.
"""

import time
from dataclasses import dataclass
from enum import Enum

from consilium_common.bus import publish, read
from consilium_common.bus.connection import Bus
from consilium_common.contracts import subjects
from consilium_common.contracts.commands import MergeClaimed
from consilium_common.contracts.envelope import Envelope

LEASE_S = 3.0  # merging takes milliseconds; after this long the claimant is dead or cut off
TELL_S = 2.0  # a claimant speaks so long and no longer: what it sends last arrives while its lease still holds
TRIES = 4  # each lost to somebody else, who is then at it


class ClaimDenied(Enum):
    """Why there is no claim: somebody else is at it, or a newer attempt is."""

    HELD = "held"
    SUPERSEDED = "superseded"


@dataclass(frozen=True)
class Claim:
    """A merge that is this process's. `taken` is monotonic time from before the claim was sent, in seconds."""

    number: int
    taken: float

    @property
    def holds(self) -> bool:
        """Return whether it is still time to speak; a process that was stopped meanwhile finds out here."""
        return time.monotonic() - self.taken < TELL_S


async def claim(bus: Bus, cause: Envelope, holder: str) -> Claim | ClaimDenied:
    """Claim the next merge of a consult for an attempt, in one round trip when nobody has claimed any.

    `holder` names this process. Somebody else's claim holds for `LEASE_S`; an older one of this process was left by a failure
    and is passed over.

    Raises:
        BusError: when the bus does not take or tell.
    """
    consult, attempt = cause.correlation_id, cause.attempt
    number, after = 1, 0
    for _ in range(TRIES):
        taken = time.monotonic()
        claimed = cause.caused(MergeClaimed(instance=holder), bus.service)
        subject, under = subjects.merge(consult, attempt, number), subjects.merges(consult)
        if await publish.publish_after(bus, subjects.CASES, subject, claimed, under, after):
            return Claim(number, taken)
        newest = await read.standing(bus, subjects.CASES, under)
        if newest is None:
            break  # it has just expired, with everything else of this consult
        if newest.envelope.attempt > attempt:
            return ClaimDenied.SUPERSEDED
        if newest.age_s < LEASE_S and MergeClaimed.model_validate(newest.envelope.data).instance != holder:
            return ClaimDenied.HELD
        number, after = subjects.merge_number(newest.subject) + 1, newest.sequence
    return ClaimDenied.HELD
