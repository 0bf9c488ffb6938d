"""The phrases of a vocabulary, made ready to be found: which words must be there, how strictly, in which order."""

from dataclasses import dataclass, replace

from consilium_common.clinical.text import stem, tokenize
from consilium_common.clinical.words import ARTICLES, BODY_PARTS, LIGHT, LOCATIVE, ORDERED, SYNONYMS, word_set

# Abbreviations that are also words or too short to be safe: read only in capitals.
_CAPITALS_ONLY = frozenset(
    {"sob", "pid", "cap", "cat", "mad", "gas", "als", "has", "sad", "fit", "hit", "aids", "rest", "met", "ten"}
)
_SHORT = 2
# Beside one telling word these make no phrase that could be stretched: 'he will find me and' is not 'find … and'.
_FILLING = word_set("and or plus nor then how right now")
_DENYING = frozenset({"no", "not", "cannot", "never", "without"})
_PLACES = {SYNONYMS.get(stem(word), stem(word)) for word in BODY_PARTS} | word_set(
    "left right both upper lower side one front top"
)


@dataclass(frozen=True, slots=True)
class Phrase:
    """One way to say something.

    `stems` must all be there, with synonyms; `own` are the stems without them. A `literal` phrase allows articles only in
    between, a `tight` one nothing that tells, `ordered` one order only. `alone` is the one word of a phrase of one word,
    `capitals` an abbreviation that is read only in capitals. `own_words_only` takes no synonym, and an abbreviation no ending.
    """

    target: str
    stems: tuple[str, ...]
    own: tuple[str, ...]
    literal: bool = False
    ordered: bool = True
    tight: bool = False
    own_words_only: bool = False
    alone: str = ""
    capitals: str = ""


def parse(target: str, phrase: str, compounds: frozenset[str] = frozenset()) -> Phrase | None:
    """Return a phrase ready for the search, or None when it holds no word."""
    every = tokenize(phrase, compounds)
    tokens = [token for token in every if token.word not in ARTICLES] or every
    if len(tokens) == 1 and len(every) == _SHORT and every[0].word in {"the", "a"}:
        # 'the pill' and 'the runs' mean more than a pill and runs, and 'milk runs out of the corner' has no 'the runs'
        return Phrase(target, tuple(token.stem for token in every), tuple(token.own for token in every), literal=True)
    telling = [token for token in tokens if token.word not in LIGHT and token.word not in LOCATIVE]
    bare = phrase.strip()
    if len(tokens) == 1:
        only = tokens[0]
        rare = bare.isupper() and (len(bare) <= _SHORT or bare.lower() in _CAPITALS_ONLY)
        return Phrase(
            target, (only.stem,), (only.own,), own_words_only=bare.isupper(), alone=only.word, capitals=bare if rare else ""
        )
    if not tokens:
        return None
    own_telling = [token for token in telling if token.word not in _FILLING]
    if len(own_telling) < _SHORT or (len(telling) < len(tokens) and all(token.stem in _PLACES for token in telling)):
        return Phrase(target, tuple(token.stem for token in tokens), tuple(token.own for token in tokens), literal=True)
    words = {token.word for token in telling}
    stems, own = tuple(token.stem for token in telling), tuple(token.own for token in telling)
    repeated = len(set(stems)) < len(stems)
    coded = any(len(token.word) == 1 or token.word[0].isdigit() for token in telling)
    return Phrase(
        target,
        stems,
        own,
        ordered=coded or repeated or bool(words & ORDERED),
        tight=bool(words & _DENYING),
        own_words_only=repeated,
    )


def turned_round(phrase: Phrase) -> Phrase | None:
    """Return `cannot lift arm` for `arm cannot lift` and the other way round, None for any other phrase."""
    if phrase.literal or len(phrase.stems) != len(("arm", "cannot", "lift")):
        return None
    if phrase.stems[0] == "cannot" and phrase.stems[2] in _PLACES:
        order = (2, 0, 1)
    elif phrase.stems[1] == "cannot" and phrase.stems[0] in _PLACES:
        order = (1, 2, 0)
    else:
        return None
    return replace(phrase, stems=tuple(phrase.stems[at] for at in order), own=tuple(phrase.own[at] for at in order))


def normal_form(phrase: str) -> tuple[str, ...]:
    """Return what makes two phrases the same to a reader: their stems, in any order where order says nothing."""
    made = parse("", phrase)
    if made is None:
        return ()
    if made.alone:
        return (made.alone,)
    return made.own if made.ordered or made.literal else tuple(sorted(made.own))
