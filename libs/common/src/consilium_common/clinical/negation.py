"""What a text says is not there: how far 'no', 'not', 'denies' and their like reach, and where they do not negate at all."""

import re
from collections.abc import Sequence

from consilium_common.clinical.answered import denied_questions
from consilium_common.clinical.text import Token, index_at
from consilium_common.clinical.words import ARTICLES, COPULA, LIGHT, LOCATIVE, SUBJECT_PRONOUNS, word_set

_NEGATORS = word_set("no not without never neither nor denies deny denied denying lacks negative nil")
_LISTING = word_set("denies deny denied denying negative neither nil")
# After these words a negator says something else: 'no relief', 'not only', 'not sure', 'not getting better', 'without warning'.
_HARMLESS_AFTER = {
    "no": word_set(
        "longer relief improvement better doubt idea matter wonder one more less worse help luck where way need answer "
        "obvious apparent clear particular specific real appointment point clue reason cause"
    ),
    "not": word_set(
        "only just sure certain know knowing understand improve improving improved better go going gone stop stopped "
        "stopping help helped helping relieve relieved respond responding resolve resolved work worked working settle "
        "settled settling ease eased easing let want remember like usual until subside subsided disappear due caused "
        "because related well right normal tolerate enough matter wait believe shake long much yet touching end ended "
        "give cannot"
    ),
    "without": word_set(
        "relief warning reason cause effect help success improvement moving doing exertion provocation apparent obvious "
        "stopping being knowing even realizing realising thinking"
    ),
    "never": word_set("stops stop stopped goes went go ending ends improved this"),
}
# 'Does not want to eat' is a loss of appetite, 'does not want to die' a denial. 'I don't want to kill myself' stays a question.
_DYING = word_set("die dead")
_GOING, _AWAY = word_set("go goes went"), word_set("away off completely fully down")
_FIRST_TIME = re.compile(
    r"\bnever\b[^.;!?]{0,60}\b(?:like (?:this|that|it)|this bad|so bad|before|this (?:severe|strong|painful)|such)\b"
)
_STOPS = word_set("because so which who due despite unless until then just only now instead")
_NEW_STATEMENT = word_set(
    "have has had feel feels felt am is are was were got started now a an my i he she it they there severe bad terrible "
    "some also his her the"
)
# 'No fever, cough or rash and drinks well': what is denied ends before the verb.
_GOES_ON = word_set(
    "takes eats drinks sleeps feels looks walks works lives says reports continues remains appears seems denies notes describes"
    " uses smokes passes moves wants plays has is was had can"
)
_NOT_AN_ITEM = word_set("since for started began today yesterday") | SUBJECT_PRONOUNS | COPULA
# 'Pregnancy test: negative' denies the pregnancy.
_OF_A_TEST = r"(?:\s+(?:tests?|screen(?:ing)?|results?|pcr|cultures?|swab|antigen|antibod(?:y|ies)|igg|igm|status))*"
_SAID_AFTER = re.compile(
    rf"{_OF_A_TEST}\s*(?:[:=?]|\s[-–])\s*(?:no|none|nil|negative|absent|denied|not (?:detected|seen|found|present))\b"
    rf"|{_OF_A_TEST}\s+(?:(?:is|was|are|were|came back|has been|have been)\s+)?"
    r"(?:absent|denied|ruled out|excluded|negative|not (?:detected|seen|found|present))\b"
    r"|\s+(?:none|nil)\b(?=\s*(?:[,.;\n]|$))"
)
_MOST_TOKENS = 16


def negators(tokens: Sequence[Token], text: str) -> list[int | None]:
    """Return for each token the index of the word that negates it, or None. `text` is the plain text of the tokens."""
    scopes: list[int | None] = [None] * len(tokens)
    positive = [found.span() for found in _FIRST_TIME.finditer(text)]
    for index, token in enumerate(tokens):
        if token.word not in _NEGATORS or _says_otherwise(tokens, index) or any(a <= token.start < b for a, b in positive):
            continue
        for place in range(index + 1, _reach(tokens, index)):
            scopes[place] = index
    for start, end, no in denied_questions(text) if tokens else ():
        for place in range(index_at(tokens, start), index_at(tokens, end)):
            if scopes[place] is None:
                scopes[place] = index_at(tokens, no)
    return scopes


def denied_after(text: str, end: int) -> bool:
    """Return whether the words right after a place deny it, as in `fever: none` or `cough was absent`."""
    return _SAID_AFTER.match(text, end) is not None


def _says_otherwise(tokens: Sequence[Token], index: int) -> bool:
    after = [token.word for token in tokens[index + 1 : index + 4] if token.sentence == tokens[index].sentence]
    harmless = _HARMLESS_AFTER.get(tokens[index].word, frozenset())
    telling = next((word for word in after if word not in LIGHT and word not in ARTICLES), "")
    # 'Never went away' is there, 'never went under water' is not.
    left = tokens[index].word == "never" and telling in _GOING and not _AWAY & set(after)
    denied = telling == "want" and not _DYING.isdisjoint(token.word for token in tokens[index + 1 : index + 5])
    return telling in harmless and not (left or denied)


def _reach(tokens: Sequence[Token], index: int) -> int:
    """Return the first token that the negator at `index` does not reach."""
    negator, listing = tokens[index], tokens[index].word in _LISTING
    covered = 0
    for place in range(index + 1, min(len(tokens), index + 1 + _MOST_TOKENS * (2 if listing else 1))):
        token, before = tokens[place], tokens[place - 1]
        if token.clause != negator.clause or token.word in _STOPS:
            return place
        if token.pauses != before.pauses and not (place == index + 1 or _list_goes_on(tokens, place, listing)):
            return place
        if covered and _starts_anew(tokens, place):
            return place
        covered += token.weight
    return min(len(tokens), index + 1 + _MOST_TOKENS * (2 if listing else 1))


def _starts_anew(tokens: Sequence[Token], place: int) -> bool:
    token, before = tokens[place], tokens[place - 1]
    following = tokens[place + 1].word if place + 1 < len(tokens) else ""
    if token.word in {"and", "with", "plus"}:
        return following in _NEW_STATEMENT or following in _GOES_ON
    if token.word in SUBJECT_PRONOUNS:
        return before.word not in LOCATIVE and before.word not in {"that", "when", "if", "or", "nor", "while", "as"}
    return False


def _list_goes_on(tokens: Sequence[Token], place: int, listing: bool) -> bool:
    """Return whether what follows a comma is another item of the same list: `no fever, cough or rash`.

    A single bare item after `no` ('no fever, chest pain') counts as a statement of its own: that is the safer reading.
    """
    segments = _segments(tokens, place)
    bare = 0
    for segment in segments:
        words = _item([token.word for token in segment])
        closing = words[0] in {"or", "nor", "and"}
        start = 2 if words[0] in {"or", "nor"} and words[1:2] and words[1] in ARTICLES else 1 if closing else 0
        end = next((at for at, word in enumerate(words) if at and word in {"or", "nor"}), len(words))
        if _is_statement(words[start:end]):
            return bare > 0 and listing
        bare += 1
        if words[0] == "nor" or "or" in words:
            return True
        if words[0] == "and":
            return listing or bare > 1
    return listing or bare > 1


def _item(words: Sequence[str]) -> Sequence[str]:
    """Return an item of a list without the statement that follows it: 'or a rash' of 'or a rash and drinks well'."""
    for at in range(1, len(words) - 1):
        if words[at] == "and" and (words[at + 1] in _GOES_ON or not {"or", "nor"}.isdisjoint(words[:at])):
            return words[:at]
    return words


def _segments(tokens: Sequence[Token], place: int) -> list[list[Token]]:
    segments: list[list[Token]] = []
    for token in tokens[place:]:
        if token.clause != tokens[place].clause:
            break
        if not segments or token.pauses != segments[-1][-1].pauses:
            segments.append([])
        segments[-1].append(token)
    return segments


def _is_statement(words: Sequence[str]) -> bool:
    if not words or words[0] in _NEW_STATEMENT or words[0] in {"no", "not", "but", "denies"}:
        return True
    return len(words) > 6 or any(word in _NOT_AN_ITEM or word[0].isdigit() for word in words)
