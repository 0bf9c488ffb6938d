"""Words for the two readers: a patient gets possibilities in plain words, a clinician the differential with numbers."""

from collections.abc import Iterable, Sequence

from consilium_common.clinical.forbidden import forbidden
from consilium_common.contracts.knowledge import Condition


def is_plain(text: str) -> bool:
    """Return whether a patient may be told this: no diagnosis, no certainty, no false comfort. "If you have …" is none."""
    return not forbidden(text)


def possibility_for_patient(condition: Condition, reasons: Sequence[str]) -> str:
    """Say a possibility with what was described that fits; never a diagnosis."""
    lay = condition.lay[0] if condition.lay else ""
    known = not lay or "(" in condition.name or lay.lower() in condition.name.lower()
    named = lower_first(condition.name if known else f"{condition.name} ({lay})")
    described = listed([lower_first(reason) for reason in reasons[:3]])
    return f"What you describe ({described}) can fit with {named}." if described else f"It can fit with {named}."


# Of what is ranked above this, nine in ten are right (docs/evaluation.md, Calibration): no figure above it is said.
MOST_SAID = 0.9


def possibility_for_clinician(
    condition: Condition,
    probability: float,
    supporting: Sequence[str],
    against: Sequence[str],
    missing: Sequence[str],
    words: Sequence[str] = (),
) -> str:
    """Say a possibility with its code, its probability, what speaks for it, against it and is not known, and which words do."""
    parts = [f"supported by {listed(supporting[:5])}" if supporting else "suggested by related knowledge, by no finding"]
    if words:
        parts.append(f"as its cases are told: {quoted(words)}")
    if against:
        parts.append(f"against it: {listed(against[:3])}")
    if missing:
        parts.append(f"not mentioned: {listed(missing[:3])}")
    said = f"{probability:.0%}" if probability <= MOST_SAID else f"over {MOST_SAID:.0%}"
    return f"{condition.name} ({condition.icd10}), {said}: {'; '.join(parts)}."


def listed(words: Sequence[str]) -> str:
    """Return words as they are listed in a sentence: 'a, b and c'."""
    return ", ".join(words[:-1]) + (" and " if len(words) > 1 else "") + words[-1] if words else ""


def lower_first(text: str) -> str:
    """Return a name for the middle of a sentence; abbreviations and proper names keep their capitals."""
    first = text.split(" ", 1)[0]
    return text if len(first) < 2 or not first[1:].islower() or "'" in first or "’" in first else text[0].lower() + text[1:]


def quoted(words: Iterable[str]) -> str:
    """Return somebody's words as they are shown: each in quotation marks, with commas."""
    return ", ".join(f"“{word}”" for word in words)
