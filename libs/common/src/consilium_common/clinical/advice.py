"""Steps as advice: which are one and the same, in which order they are done, and that what anybody blocks is blocked."""

import re
from collections.abc import Mapping, Sequence

from consilium_common.clinical.differential import MergedPossibility
from consilium_common.clinical.numbering import Numbering
from consilium_common.contracts.knowledge import TriageLevel
from consilium_common.contracts.opinion import Opinion, Recommendation

URGENCIES = ("now", "today", "soon", "routine")
RECOMMENDATIONS = 12
# Two texts that share this part of their words say the same thing.
SAME_WORDS = 0.6
_WORD = re.compile(r"[a-z0-9]+")
_SMALL = frozenset({"a", "an", "and", "as", "at", "be", "by", "for", "in", "is", "it", "of", "on", "or", "the", "to", "with"})
_CALL = re.compile(r"^call (?:the|your local) emergency number(?!.*\b(?:for|if|when|in case)\b)", re.IGNORECASE)

Advised = tuple[str, Recommendation]


def same_step(text: str, drug: str | None, other_text: str, other_drug: str | None) -> bool:
    """Return whether two steps are one: the same drug, the same call for help, or nearly the same words.

    A call that depends on something ("… for vomited blood") is not the call that has to be made now.
    """
    if drug is not None or other_drug is not None:
        return drug == other_drug
    if _CALL.match(text) and _CALL.match(other_text):
        return True
    ours, theirs = _words(text), _words(other_text)
    return ours == theirs or len(ours & theirs) >= SAME_WORDS * len(ours | theirs)


def merge_recommendations(
    opinions: Mapping[str, Opinion], merged: Sequence[MergedPossibility], level: TriageLevel, numbering: Numbering
) -> tuple[Recommendation, ...]:
    """Return what to do, each step once, the most urgent first, for the likelier possibility first.

    In an emergency nobody is told to treat a harmless possibility at home.
    """
    places = {view.possibility.condition: place for place, group in enumerate(merged) for view in group.views}
    levels = {view.possibility.condition: group.triage for group in merged for view in group.views}
    advised = [(agent, each) for agent, opinion in sorted(opinions.items()) for each in opinion.recommendations]
    if level == TriageLevel.EMERGENCY:
        advised = [(agent, each) for agent, each in advised if not _waits(each, levels)]
    advised.sort(key=lambda pair: (URGENCIES.index(pair[1].urgency), places.get(pair[1].condition or "", len(places))))
    groups: list[list[Advised]] = []
    for agent, each in advised:
        group = next((g for g in groups if same_step(g[0][1].text, g[0][1].drug, each.text, each.drug)), None)
        if group is not None:
            group.append((agent, each))
        elif len(groups) < RECOMMENDATIONS:
            groups.append([(agent, each)])
    return tuple(_merged(group, numbering) for group in groups)


def _waits(step: Recommendation, levels: Mapping[str, TriageLevel]) -> bool:
    harmless = levels.get(step.condition or "", TriageLevel.EMERGENCY) != TriageLevel.EMERGENCY
    return harmless and (step.kind == "self-care" or step.urgency not in {"now", "today"})


def _merged(group: Sequence[Advised], numbering: Numbering) -> Recommendation:
    """Return the first of what is the same, with everybody's evidence and everybody's reasons against it."""
    cited = (number for agent, each in group for number in numbering.of(agent, each.evidence_ids))
    return group[0][1].model_copy(
        update={
            "for_patient": all(each.for_patient for _, each in group),
            "evidence_ids": tuple(dict.fromkeys(cited)),
            "blocked_by": tuple(dict.fromkeys(reason for _, each in group for reason in each.blocked_by)),
        }
    )


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.lower())) - _SMALL
