"""Claiming a merge, so that two aggregators never interleave one answer."""

from datetime import UTC, datetime
from enum import Enum

from consilium_common.bus import publish, read
from consilium_common.bus.connection import Bus
from consilium_common.contracts import subjects
from consilium_common.contracts.commands import MergeClaimed
from consilium_common.contracts.envelope import Envelope

LEASE_S = 3.0  # merging takes milliseconds; after this long the claimant is dead or cut off
MERGES_MAX = 20


class ClaimDenied(Enum):
    """Why there is no claim."""

    HELD = "held"
    USED_UP = "used-up"


async def claim(bus: Bus, cause: Envelope) -> int | ClaimDenied:
    """Return the number of the merge that is now this instance's, or why it is not.

    A claim of another instance holds for `LEASE_S`; an older one of this instance was left by a failure and is passed over.
    """
    consult, attempt = cause.correlation_id, cause.attempt
    for number in range(1, MERGES_MAX + 1):
        subject = subjects.merge(consult, attempt, number)
        if await publish.publish_first(bus, subject, cause.caused(MergeClaimed(instance=bus.instance), bus.service)):
            return number
        standing = await read.last(bus, subjects.CASES, subject)
        if standing is None or MergeClaimed.model_validate(standing.data).instance == bus.instance:
            continue
        if (datetime.now(UTC) - standing.occurred_at).total_seconds() < LEASE_S:
            return ClaimDenied.HELD
    return ClaimDenied.USED_UP
