"""What a pack lets its specialist recognise, so that routing needs no change when a condition is added."""

from collections import defaultdict
from collections.abc import Iterator

from consilium_common.clinical.case_words import NO_WORDS, CaseWords, learn
from consilium_common.contracts.knowledge import FindingKind
from consilium_common.contracts.manifest import Manifest, Profile
from consilium_common.knowledge.loading import Pack, SharedKnowledge

# History and risk say who somebody is, not whom they need: smokers are everybody's patients.
_BACKGROUND = frozenset({FindingKind.HISTORY, FindingKind.RISK, FindingKind.CONTEXT})
_BACKGROUND_SHARE = 0.3
# What is learnt takes seconds and depends on the content alone, of which the versions are hashes.
_LEARNT: dict[tuple[str, str], CaseWords] = {}


def profile_of(manifest: Manifest, pack: Pack, shared: SharedKnowledge) -> Profile:
    """Return what a specialist publishes about itself."""
    return Profile(
        manifest=manifest,
        knowledge_version=pack.version,
        weights=profile_weights(pack, shared),
        conditions={condition.id: condition.name for condition in pack.conditions},
        words=dict(words_of(pack, shared).shares),
    )


def words_of(pack: Pack, shared: SharedKnowledge) -> CaseWords:
    """Return which words speak for which condition of a pack, learnt from its cases and its own pages; none without cases."""
    if not pack.cases:
        return NO_WORDS
    versions = (pack.version, shared.version)
    if versions not in _LEARNT:
        _LEARNT[versions] = learn(_texts(pack), shared.rarity())
    return _LEARNT[versions]


def _texts(pack: Pack) -> Iterator[tuple[str, str]]:
    for case in pack.cases:
        yield case.condition, case.text
    for condition in pack.conditions:
        yield condition.id, " ".join((condition.name, *condition.lay, condition.about, condition.presentation))


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
