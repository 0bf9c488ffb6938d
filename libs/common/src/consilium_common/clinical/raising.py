"""Raising triage: what specialists think can make a case more urgent than the rules found it, never less."""

from collections.abc import Sequence

from consilium_common.clinical.differential import MergedPossibility
from consilium_common.clinical.triage import raise_to
from consilium_common.clinical.wording import listed
from consilium_common.contracts.case import Triage
from consilium_common.contracts.knowledge import TriageLevel

# The share of the merged differential that needs a level or a more urgent one, from which on the case needs that level. Less
# would make an emergency of every chest pain, more would wait for certainty. Since the second reading looks first, lower shares
# (0.4, 0.4, 0.5, 0.2) found one emergency in a thousand more, and sent twenty more of a thousand harmless messages to a doctor.
RAISE_FROM = {TriageLevel.EMERGENCY: 0.6, TriageLevel.SAME_DAY: 0.5, TriageLevel.ROUTINE: 0.7}
# An emergency that is this probable, though not enough to be treated as one, is seen on the same day.
EXCLUDE_TODAY = 0.3


def raise_triage(triage: Triage, merged: Sequence[MergedPossibility]) -> tuple[Triage, MergedPossibility | None]:
    """Return the triage, raised with its reason where the differential calls for it, and the possibility behind that.

    What reads mild as a whole is not sent to a doctor today by what is likely or an emergency that is merely possible, only by
    one that is likely. Of 700 messages of unseen writers 43 were raised, 31 of them wrongly; of those that read mild, all.
    """
    level = _level(merged, triage.reads_mild)
    if level is None or level.urgency <= triage.level.urgency:
        return triage, None
    cause = max((each for each in merged), key=lambda each: (each.triage.urgency >= level.urgency, each.probability))
    reason = f"{cause.best.name} is among the likely possibilities ({listed(sorted(cause.agents))})"
    return raise_to(triage, level, reason), cause


def _level(merged: Sequence[MergedPossibility], mild: bool) -> TriageLevel | None:
    shares = {level: sum(each.probability for each in merged if each.triage.urgency >= level.urgency) for level in RAISE_FROM}
    reached = next((level for level, share in RAISE_FROM.items() if shares[level] >= share), None)
    if mild:
        return TriageLevel.SAME_DAY if reached == TriageLevel.EMERGENCY else reached and TriageLevel.ROUTINE
    possible = shares[TriageLevel.EMERGENCY] >= EXCLUDE_TODAY
    return TriageLevel.SAME_DAY if possible and reached != TriageLevel.EMERGENCY else reached
