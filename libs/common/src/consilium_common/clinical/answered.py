"""Questions that are answered in the next breath: after 'Any fever or rash? No.' neither is there."""

# ruff: noqa: E501 -- a pattern is read as one line.
import re
from collections.abc import Iterator

_SPEAKER = r"(?:\n\s*(?:-\s*)?(?:[a-z][\w .'()&/]{0,28}:\s*)?)?"
_ASKED = re.compile(
    rf"(?P<asked>(?:[^\n.!?]*\?\s?)+)\s*{_SPEAKER}(?P<no>no+|nope|nah|none|never|neither|nothing|god no|oh no|not (?:at all|really|one|any|once))\b"
    r"(?=\s*(?:[,.;!\n–-]|$|no\b|nothing\b|always|just|only|thank|she\b|he\b|i\b|i'|she'|he'))"
)
# 'No' to these says that something is wrong, or answers what is not a matter of yes and no.
_TURNED = re.compile(
    r"\b(?:can|could|able|still|ok|okay|normal\w*|alert|awake|better|help\w*|work\w*|reliev\w*|not|never|isn't|hasn't|didn't"
    r"|doesn't|aren't|don't|haven't|wasn't|won't|can't|breathing|responding|moving|feeding|drinking|eating)\b"
)
_OPEN = re.compile(r"^\W*(?:[a-z][\w .'()&/]{0,28}:\s*)?(?:what|why|when|where|who|how|which)\b")


def denied_questions(text: str) -> Iterator[tuple[int, int, int]]:
    """Yield start and end of what a plain text asks and then denies, and where the answer begins."""
    if "?" not in text:
        return
    for found in _ASKED.finditer(text):
        start, no = found.start("asked"), found.start("no")
        for part in re.finditer(r"[^?]*\?", found["asked"]):
            whole = part.group()
            if _TURNED.search(whole) or (_OPEN.match(whole) and " any " not in whole):
                continue
            yield start + part.start(), start + part.end(), no
