"""What to ask next: the findings whose presence would tell the leading possibilities apart best."""

from collections.abc import Iterable, Mapping, Sequence
from math import log2

from consilium_common.clinical.matching import Candidate
from consilium_common.contracts.knowledge import FindingConcept

CONSIDERED = 5
# A finding that a condition does not list is about as common in it as among other complaints.
UNLISTED = 0.1


def best_questions(candidates: Sequence[Candidate], concepts: Mapping[str, FindingConcept], count: int) -> tuple[str, ...]:
    """Return up to `count` questions with the highest expected information gain, in bits, over the leading candidates."""
    leading = candidates[:CONSIDERED]
    whole = sum(candidate.probability for candidate in leading)
    if len(leading) < 2 or whole <= 0:
        return ()
    shares = [candidate.probability / whole for candidate in leading]
    frequencies = [{weight.id: weight.present for weight in candidate.condition.findings} for candidate in leading]
    open_findings = {finding for candidate in leading for finding in candidate.missing}
    gains = sorted((-_gain(shares, [each.get(f, UNLISTED) for each in frequencies]), f) for f in open_findings)
    asked = (concepts[finding].ask for _, finding in gains if finding in concepts)
    return tuple(dict.fromkeys(question for question in asked if question))[:count]


def _gain(shares: Sequence[float], present: Sequence[float]) -> float:
    yes = [share * p for share, p in zip(shares, present, strict=True)]
    no = [share * (1 - p) for share, p in zip(shares, present, strict=True)]
    return _entropy(shares) - sum(sum(part) * _entropy([x / sum(part) for x in part]) for part in (yes, no) if sum(part) > 0)


def _entropy(shares: Iterable[float]) -> float:
    return -sum(share * log2(share) for share in shares if share > 0)
