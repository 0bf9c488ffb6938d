"""A text as terms: stems, pairs of neighbours and pairs around one word, without who somebody is.

The second reading weighs them for urgency, `case_words` single words for conditions; what is learnt from is cut the same way.
"""

import re
from collections.abc import Iterator

_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?|\d+")
_ENDING = re.compile(r"(?:ing|edly|ed|es|s|ly)$")
_SHORT = 4  # words up to so many letters keep their ending
# Words that say nothing of health on their own, only in pairs. Alone they carry the habits of writers: a text must not be an
# emergency because it tells what somebody says, or numbers things. They are not named either.
_EMPTY = frozenset(
    """
    about after again also always because been before being could even from have here hers herself himself into just like
    maybe more much myself only other over really said says should some something still than that their them then there
    these they thing things think this those though very want wants went were what when where which while will with would
    your it's that's he's she's i've i'm don't can't isn't the and but for are was has had his him our who how any one two
    you yes all may did does doing done its let lets per too both each few many most none nor own same such until upon via
    whose why yet say ask asks asked tell tells told thought know knows knew come comes came goes going gone get gets got
    make makes made take takes took put keep keeps kept look looks looked seem seems seemed please thanks thank dear hello
    sorry regards subject today tomorrow yesterday monday tuesday wednesday thursday friday saturday sunday since ago
    quite rather perhaps actually anyway okay well bit lot kind sort stuff we're they're you're we've you've who's there's
    what's i'd i'll he'd she'd we'll
    """.split()  # noqa: SIM905 as a list it would fill a page
)
# Who somebody is and how it is told weighs neither alone nor together: vignettes, carers and clerks each have their own.
_FRAME = frozenset(
    """
    she he her his him old year years aged woman man lady gentleman female male girl boy patient presents presented
    presenting complains complaining complained reports reported states stated history denies denied describes described
    comes came brought who with has had the and for now feeling feels feel noted notes seen
    """.split()  # noqa: SIM905 as above
)
# Sex, ethnicity and name are nobody's urgency: they are taken out before anything is weighed. Where sex matters, rules know it.
_PERSONS = "man|woman|male|female|boy|girl|gentleman|lady|infant|child|baby"
_WHO = re.compile(
    r"\b(?:[Mm]y|[Hh]is|[Hh]er|[Tt]heir|[Tt]he patient's) name is(?: [A-Z][\w'-]*){1,3}[.,;]?"
    rf"|\b(?i:(?:white|black)(?= (?:{_PERSONS})\b)|caucasian|african[- ]american|hispanic|latin[oa]|(?:south |east )?asian)\b"
)
_EITHER = {
    one: both
    for both, pair in {
        "they": "he she", "their": "his her him", "themself": "himself herself", "adult": "man woman gentleman lady",
        "adults": "men women", "any": "male female", "young": "boy girl", "spouse": "husband wife",
        "parent": "father mother dad mum mom", "offspring": "son daughter", "sibling": "brother sister", "m/f": "m f",
    }.items()
    for one in pair.split()
}  # fmt: skip


def terms(text: str) -> Iterator[tuple[str, str]]:
    """Yield the terms of a text with the words that they stand for: stems, pairs of neighbours, pairs around one word."""
    words = _words(text)
    stems = [_stem(word) for word in words]
    framing = [word in _FRAME for word in words]
    yield from ((stem, word) for stem, word in zip(stems, words, strict=True) if tells(word))
    for at in range(len(stems) - 1):
        if not (framing[at] and framing[at + 1]):
            yield f"{stems[at]} {stems[at + 1]}", " ".join(words[at : at + 2])
    for at in range(len(stems) - 2):
        if not (framing[at] and framing[at + 2]):
            yield f"{stems[at]} _ {stems[at + 2]}", " ".join(words[at : at + 3])


def single_words(text: str) -> Iterator[tuple[str, str]]:
    """Yield the stems of the words that say something on their own, with the words."""
    return ((_stem(word), word) for word in _words(text) if tells(word))


def tells(word: str) -> bool:
    """Return whether a word says something on its own."""
    return len(word) > 2 and not word.isdigit() and word not in _EMPTY and word not in _FRAME


def _words(text: str) -> list[str]:
    return _WORD.findall(_WHO.sub("", text.replace("’", "'")).lower())


def _stem(word: str) -> str:
    word = _EITHER.get(word, word).replace("'", "")
    return _ENDING.sub("", word) if len(word) > _SHORT else word
