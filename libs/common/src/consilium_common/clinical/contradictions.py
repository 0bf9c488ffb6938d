"""What a message says both ways: the more careful reading counts, and the person is told so and asked."""

import re
from collections.abc import Mapping, Sequence

from consilium_common.clinical.wording import lower_first
from consilium_common.contracts.case import Finding

# What changed over time is no contradiction: 'the fever is gone now', 'it hurt yesterday, today it does not'.
_CHANGED = re.compile(
    r"\b(?:yesterday|today|now|tonight|last (?:night|week|month)|this (?:morning|afternoon|evening)|before|earlier|until|"
    r"at first|any ?more|since then|ago|used to|again|later|when|while|at rest|at night|during the day)\b"
)


def contradicted(findings: Sequence[Finding], text: str, general: Mapping[str, frozenset[str]]) -> tuple[Finding, ...]:
    """Return what a text says is there although it also denies it, or what it is a kind of, by place.

    `text` is plain; `general` are all more general findings of each: who has 'no pain' but 'crushing chest pain' is asked.
    """
    if _CHANGED.search(text):
        return ()
    own = [each for each in findings if each.subject == "self" and each.time == "current"]
    denied = {each.id for each in own if not each.present}
    return tuple(each for each in own if each.present and denied & {each.id, *general.get(each.id, ())})


def both_said(finding: Finding) -> str:
    """Return the sentence that says how a contradiction was read."""
    return f"Your message says both yes and no about “{lower_first(finding.name)}”; the careful reading, yes, was used."


def whether(finding: Finding) -> str:
    """Return the question that settles a contradiction, for a finding without a question of its own."""
    return f"Is this the case or not: {lower_first(finding.name)}?"
