"""Routing: which specialists a question needs, and why. It knows no specialist by name, only what each publishes of itself."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from math import log

from consilium_common.clinical.negation import negators
from consilium_common.clinical.second_reading import undenied
from consilium_common.clinical.terms import single_words
from consilium_common.clinical.text import Token, plain, tokenize
from consilium_common.clinical.words import ENGLISH
from consilium_common.contracts.case import Finding, Reading, RouteChoice, Triage
from consilium_common.contracts.knowledge import FindingKind
from consilium_common.contracts.manifest import Profile

_MOST = 4
# A specialist is called from this score on, and when it is not far behind the best.
_LEAST = 0.3
_NEAR_BEST = 0.55
# Below this the best specialist's evidence is thin, and the generalist looks, too.
_THIN = 0.45
# The generalist covers everything a little; it joins only when it explains the case about as well as the best.
_FALLBACK_NEAR_BEST = 0.95
_RED_FLAG = 0.95
_NAMED_CONDITION = 0.6
_TOPIC = 0.3
_EXAMPLE = 0.4
_EXAMPLE_OVERLAP = 0.5
_NOBODY_ELSE = 0.5
# Whose cases a text reads like most, or about as much, is called, too; not by a text of which fewer words are known. What no
# case of a field holds counts as this part of what is usual, since cases are few.
_LIKE_CASES = 0.3
_LEAST_WORDS = 10
_UNHEARD = 0.02
_ABOUT_AS_MUCH = 6.0  # as logarithm: so far behind the best a field may be
_MOST_NAMES = 3
_COMMON = ENGLISH - {"pain"}
_BACKGROUND = frozenset({FindingKind.HISTORY, FindingKind.RISK, FindingKind.CONTEXT})


@dataclass
class _Case:
    """What speaks for one specialist: a score that each piece of evidence brings closer to 1, and the reasons."""

    score: float = 0.0
    reasons: list[str] = field(default_factory=list)

    def add(self, strength: float, reason: str = "") -> None:
        self.score = 1 - (1 - self.score) * (1 - strength)
        if reason:
            self.reasons.append(reason)


def route(
    reading: Reading, triage: Triage, profiles: Sequence[Profile], question: str, wanted: tuple[str, ...] | None = None
) -> tuple[RouteChoice, ...]:
    """Return who is called, the best first, at most four; only those in `wanted` when the person asked for somebody."""
    if wanted:
        return tuple(RouteChoice(specialist=name, score=1.0, reasons=("asked for by name",)) for name in dict.fromkeys(wanted))
    ordered = sorted(profiles, key=lambda profile: profile.manifest.name)
    fallbacks = [profile for profile in ordered if profile.manifest.scope.fallback]
    if reading.insufficient:
        return _alone(fallbacks, "there is too little to tell whom this concerns")
    words = _asserted(question)
    cases = {profile.manifest.name: _weigh(profile, ordered, reading, triage, words) for profile in ordered}
    chosen = _choose(cases, {profile.manifest.name for profile in fallbacks})
    if not chosen:
        chosen = sorted(profile.manifest.name for profile in fallbacks)
        for name in chosen:
            cases[name].add(_NOBODY_ELSE, "no specialist's field was recognised in the question")
    for name in _read_alike(undenied(question, reading), ordered):
        if name not in chosen and len(chosen) < _MOST:
            cases[name].add(_LIKE_CASES, "it reads like the cases of its field")
            chosen.append(name)
    return tuple(
        RouteChoice(specialist=name, score=round(min(cases[name].score, 1.0), 3), reasons=tuple(cases[name].reasons))
        for name in chosen
    )


def _alone(fallbacks: Iterable[Profile], reason: str) -> tuple[RouteChoice, ...]:
    return tuple(RouteChoice(specialist=profile.manifest.name, score=_NOBODY_ELSE, reasons=(reason,)) for profile in fallbacks)


def _choose(cases: Mapping[str, _Case], fallbacks: set[str]) -> list[str]:
    scores = {name: case.score for name, case in cases.items()}
    own = {name: score for name, score in scores.items() if name not in fallbacks}
    best = max(own.values(), default=0.0)
    chosen = [name for name, score in own.items() if score >= _LEAST and score >= _NEAR_BEST * best]
    widest = max((scores[name] for name in fallbacks), default=0.0)
    if chosen and widest > best:
        # The generalist explains it better: only a specialist who is about as good comes, too.
        chosen = [name for name in chosen if own[name] >= _NEAR_BEST * widest]
    for name in sorted(fallbacks):
        if scores[name] > 0 and (not chosen or best < _THIN or scores[name] >= _FALLBACK_NEAR_BEST * best):
            chosen.append(name)
    return sorted(chosen, key=lambda name: (-scores[name], name))[:_MOST]


def _weigh(profile: Profile, profiles: Sequence[Profile], reading: Reading, triage: Triage, words: frozenset[str]) -> _Case:
    case = _Case()
    flags = [flag for flag in triage.red_flags if profile.manifest.name in flag.specialties]
    if flags:
        case.add(_RED_FLAG, f"a warning sign of its field: {flags[0].suspect.rstrip('.').lower()}")
    _add_findings(case, profile, profiles, reading.findings)
    _add_conditions(case, profile, words)
    _add_scope(case, profile, words)
    return case


def _add_findings(case: _Case, profile: Profile, profiles: Sequence[Profile], findings: Iterable[Finding]) -> None:
    """Add what was found; a finding speaks for a specialist as far as its packs know it, and more where others do not."""
    strengths: dict[str, tuple[float, Finding]] = {}
    for finding in findings:
        weight = profile.weights.get(finding.id, 0.0)
        if not (weight and finding.present and finding.counts):
            continue
        everybody = sum(other.weights.get(finding.id, 0.0) for other in profiles)
        strengths[finding.id] = (weight * weight / everybody, finding)
    for strength, _ in strengths.values():
        case.add(min(strength, 0.9))
    telling = sorted((pair for pair in strengths.values() if pair[1].kind not in _BACKGROUND), key=lambda pair: -pair[0])
    if telling:
        case.reasons.append("you mention " + ", ".join(finding.name.lower() for _, finding in telling[:_MOST_NAMES]))


def _add_conditions(case: _Case, profile: Profile, words: frozenset[str]) -> None:
    for name in profile.conditions.values():
        form = _form(name)
        if form and form <= words:
            case.add(_NAMED_CONDITION, f"you name {name.lower()}")
            return


def _add_scope(case: _Case, profile: Profile, words: frozenset[str]) -> None:
    scope = profile.manifest.scope
    topics = [topic for topic in (*scope.body, *scope.topics) if (form := _form(topic)) and form <= words]
    if topics:
        case.add(_TOPIC, f"it is about {topics[0]}")
    overlap = max((_overlap(words, _example(example)) for example in scope.examples), default=0.0)
    if overlap >= _EXAMPLE_OVERLAP:
        case.add(_EXAMPLE * overlap, "it is like the questions it answers")


def _read_alike(text: str, profiles: Sequence[Profile]) -> list[str]:
    """Return whose cases hold the words of a text most often, measured against the others; nobody where too little is known."""
    shares = {profile.manifest.name: profile.words for profile in profiles if profile.words}
    said = {stem for stem, _ in single_words(text)}
    words = sorted(stem for stem in said if any(stem in each for each in shares.values()))
    if len(shares) < 2 or len(words) < _LEAST_WORDS:
        return []
    sums = dict.fromkeys(shares, 0.0)
    for word in words:
        usual = sum(each.get(word, 0.0) for each in shares.values()) / len(shares)
        for name, each in shares.items():
            sums[name] += log(each.get(word, 0.0) / usual + _UNHEARD)
    best = max(sums.values())
    return sorted((name for name in sums if sums[name] >= best - _ABOUT_AS_MUCH), key=lambda name: (-sums[name], name))


def _overlap(words: frozenset[str], example: frozenset[str]) -> float:
    return len(words & example) / min(len(words), len(example)) if len(words) > 1 and len(example) > 1 else 0.0


# Cached for the few hundred names of the profiles; what people write is never kept.
@lru_cache(maxsize=4096)
def _form(name: str) -> frozenset[str]:
    return _telling(tokenize(name))


@lru_cache(maxsize=512)
def _example(text: str) -> frozenset[str]:
    return _telling(tokenize(text))


def _asserted(question: str) -> frozenset[str]:
    """Return the telling words of a question without those that it denies."""
    tokens = tokenize(question)
    denied = negators(tokens, plain(question))
    return _telling(token for token, negator in zip(tokens, denied, strict=True) if negator is None)


def _telling(tokens: Iterable[Token]) -> frozenset[str]:
    return frozenset(token.stem for token in tokens if token.weight and not token.masked and token.word not in _COMMON)
