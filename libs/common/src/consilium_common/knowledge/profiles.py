"""What a pack lets its specialist recognise, so that routing needs no change when a condition is added."""

from collections import defaultdict

from consilium_common.contracts.knowledge import FindingKind
from consilium_common.knowledge.loading import Pack, SharedKnowledge

# History and risk say who somebody is, not whom they need: smokers are everybody's patients.
_BACKGROUND = frozenset({FindingKind.HISTORY, FindingKind.RISK, FindingKind.CONTEXT})
_BACKGROUND_SHARE = 0.3


def profile_weights(pack: Pack, shared: SharedKnowledge) -> dict[str, float]:
    """Return for each finding how strongly it speaks for this pack's specialist, from 0 to 1.

    A finding counts as much as in the condition that it marks most: how often it is there, times how much more often than
    elsewhere. What a condition's risks name counts a little.
    """
    findings = {**shared.findings, **pack.findings}
    weights: dict[str, float] = defaultdict(float)
    for condition in pack.conditions:
        for weight in condition.findings:
            kind = findings[weight.id].kind if weight.id in findings else FindingKind.SYMPTOM
            share = _BACKGROUND_SHARE if kind in _BACKGROUND else 1.0
            marks = weight.present * weight.present / (weight.present + weight.elsewhere)
            weights[weight.id] = max(weights[weight.id], share * marks)
        for risk in condition.risk:
            weights[risk] = max(weights[risk], 0.1)
    return {finding: round(value, 3) for finding, value in sorted(weights.items())}
