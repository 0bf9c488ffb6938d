"""Steps as advice: which are one and the same, and in which order they are done."""

import re

URGENCIES = ("now", "today", "soon", "routine")
# Two texts that share this part of their words say the same thing.
SAME_WORDS = 0.6
_WORD = re.compile(r"[a-z0-9]+")
_SMALL = frozenset({"a", "an", "and", "as", "at", "be", "by", "for", "in", "is", "it", "of", "on", "or", "the", "to", "with"})
_CALL = re.compile(r"^call (?:the|your local) emergency number(?!.*\b(?:for|if|when|in case)\b)", re.IGNORECASE)


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


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.lower())) - _SMALL
