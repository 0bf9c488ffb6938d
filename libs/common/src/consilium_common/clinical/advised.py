"""What a clinician tells somebody to come back for: it is not there, it is only named so that it is not overlooked."""

# ruff: noqa: E501 -- a pattern is read as one line.
import re

from consilium_common.clinical.words import one_of

_MODAL = r"(?:(?:(?:you|they|he|she|we|i|it)(?:'d| would| should| must| can|'ll| will| need to| needs to)|please|then|just|do|but|of course|straight away|otherwise|and)[, ]+){0,4}(?:(?:need|needs|want|have) (?:you |him |her )?to )?(?:be )?"
_SEEK = one_of(
    r"call|ring|phone|dial|contact|attend|seek|return|head straight|report",
    r"come (?:back|in|straight|and see|to)|go (?:back|in|straight|to)|take (?:him|her|them) (?:back|in|straight|to)|bring (?:him|her|them)",
    r"let (?:us|me|the|your) (?:\w+ )?know|tell (?:us|me|the|your)|speak to|see (?:us|me|a|your|the) (?:\w+ )?(?:doctor|gp|nurse|again|sooner|back)",
    r"seen (?:again|at once|urgently|the same day|sooner)|get (?:help|seen|back)",
)
_IF = r"(?:if|should|unless|when(?:ever)?|in case)"
# 'Call me back if it gets worse, he's not breathing' tells of somebody who does not breathe.
_TELLS = r"(?:[^.!?\n;](?!, ?(?:but |and |now )?(?:he's|she's|i'm|i am|he is|she is|my|his|her|now)\b)){0,220}"
_SOMEBODY = r"(?:you|he|she|it|they|any|anything|one|there|this|that|these|your|the|his|her|things|symptoms)"
_START = r"(?:(?<=[.!?;:\n] )|(?<=[.!?;:\n])|^|(?<=[,–-] )|(?<=\bbut )|(?<=\band ))"
_ADVISED = tuple(
    re.compile(pattern)
    for pattern in (
        # 'Please ring us sooner for swollen legs', 'Go straight back if he vomits'
        rf"{_START}{_MODAL}{_SEEK}\b[^.!?\n;]{{0,50}}?\b{_IF}\b(?! (?:i|we|my|possible)\b){_TELLS}(?!\?)",
        rf"{_START}{_MODAL}(?:call|ring|phone|see|contact) (?:us|me|back|sooner|111|112|999|911)[^.!?\n;]{{0,25}}?\b(?:for|with)\b{_TELLS}",
        # 'Should he become hard to wake, go straight back', 'If he vomited, he would need to come back at once'
        rf"{_START}(?:if|should|were) {_SOMEBODY}\b[^.!?\n]{{0,200}}?,? (?<!should )(?<!do )(?<! i )(?<!we ){_MODAL}{_SEEK}\b(?![^.!?\n]*\?)",
        # 'Black stools or a bleed that won't stop would be reasons to ring'
        rf"{_START}[^.!?\n]{{0,200}}?\bwould (?:all |each |then )?(?:be|mean) (?:an? |quite |the )*(?:reasons?|signs?|grounds|another matter|an emergency|different|straight|going|calling|ringing|for the ambulance|999|112|911|a&e|urgent)\b",
        rf"\b(?:reasons|signs|symptoms|things|red flags|what) to (?:watch|look|come back|ring|call|return|listen)(?: out)?\b{_TELLS}",
        rf"\b(?:told|advised|asked|warned|reminded|knows?|is|are) (?:\w+ )?to (?:{_SEEK}|look out|watch)\b[^.!?\n;]{{0,50}}?\b{_IF}\b{_TELLS}",
        r"\bsafety[- ]?net\w*\b[^.\n]{0,160}",
    )
)
_CUES = ("if ", "should ", "would be", "were ", " to ", "safety", "when", "in case", "for ")


def advised(text: str) -> list[tuple[int, int]]:
    """Return where a plain text names what to seek help for, in case it comes."""
    if not any(cue in text for cue in _CUES):
        return []
    return [found.span() for pattern in _ADVISED for found in pattern.finditer(text)]
