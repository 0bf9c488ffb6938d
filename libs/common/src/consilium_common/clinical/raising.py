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

    What reads mild as a whole is sent to nobody today because something for today is likely, only because an emergency is
    possible. Of 700 messages of unseen writers 43 were raised, 31 of them wrongly; of those that read mild, all wrongly.
    """
    level = _level(merged, triage.reads_mild)
    if level is None or level.urgency <= triage.level.urgency:
        return triage, None
    cause = max((each for each in merged), key=lambda each: (each.triage.urgency >= level.urgency, each.probability))
    reason = f"{cause.best.name} is among the likely possibilities ({listed(sorted(cause.agents))})"
    return raise_to(triage, level, reason), cause


def _level(merged: Sequence[MergedPossibility], mild: bool) -> TriageLevel | None:
    for level, share in RAISE_FROM.items():
        needed = sum(each.probability for each in merged if each.triage.urgency >= level.urgency)
        if needed >= share and not (mild and level == TriageLevel.SAME_DAY):
            return level
        if level == TriageLevel.EMERGENCY and needed >= EXCLUDE_TODAY:
            return TriageLevel.SAME_DAY
    return None
