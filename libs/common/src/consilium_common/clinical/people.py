"""Whose complaint it is: the writer's, the child's or partner's that the writer asks for, or a relative's in passing."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from consilium_common.clinical.text import Token

Sex = Literal["m", "f"]

_CHILDREN: dict[str, Sex | None] = {
    "child": None, "kid": None, "baby": None, "infant": None, "newborn": None, "toddler": None, "son": "m", "daughter": "f", "boy": "m",
    "girl": "f", "grandson": "m", "granddaughter": "f", "grandchild": None, "children": None, "kids": None, "teenager": None, "preschooler": None,
    "nephew": "m", "niece": "f", "twins": None, "stepson": "m", "stepdaughter": "f",
}  # fmt: skip
_RELATIVES: dict[str, Sex | None] = {
    "mother": "f", "mom": "f", "mum": "f", "mam": "f", "father": "m", "dad": "m", "brother": "m", "sister": "f", "grandmother": "f",
    "grandma": "f", "granny": "f", "nan": "f", "grandfather": "m", "grandpa": "m", "grandad": "m", "uncle": "m", "aunt": "f", "cousin": None,
    "wife": "f", "husband": "m", "partner": None, "girlfriend": "f", "boyfriend": "m", "friend": None, "neighbour": None, "neighbor": None,
    "colleague": None, "coworker": None, "roommate": None, "flatmate": None, "parents": None, "siblings": None, "family": None,
    "sibling": None, "parent": None, "relative": None, "relatives": None, "boss": None, "spouse": None, "fiance": "m", "fiancee": "f",
}  # fmt: skip
_OWNERS = frozenset({"my", "his", "her", "our", "the", "their", "a", "your", "one", "family"})
_VERBS = frozenset(
    "has have had is was are were died dies passed suffers suffered suffering developed got gets feels felt complains complaining keeps "
    "cannot can could started woke fell collapsed took swallowed ate drank hit vomited not who does did diagnosed with became becomes been "
    "seems looks appears says".split()
)
_PRESENT = frozenset("has have is are feels complains complaining keeps cannot can started woke fell collapsed took swallowed ate drank hit "
                     "vomited not does got gets seems looks appears suffering became developed was who with".split())  # fmt: skip
_REPORTS = frozenset(
    "says said noticed notices thinks thought told tells asked mentioned insists saw wants believes made took called worries".split()
)
_SELF_START = frozenset({"i", "me", "myself", "we"})
_SELF_COMPLAINT = re.compile(r"\b(?:i(?:'m| am|'ve| have| feel| had| get| got| can't| cannot| woke| started| keep| noticed)|my (?!(?:\w+ ){0,4}?(?:%s)\b))" % "|".join(
    sorted((*_CHILDREN, *_RELATIVES), key=len, reverse=True)))  # fmt: skip
_FAMILY_HISTORY = re.compile(r"\b(?:family history|fh|fhx|runs in (?:my|the|our) family|in (?:my|the|our) family)\b")
_THIRD = {"he": "m", "his": "m", "him": "m", "she": "f", "her": "f", "hers": "f"}


@dataclass(frozen=True)
class People:
    """Who is spoken of, token by token: True where it is somebody other than the patient; and the patient's sex if that says it."""

    others: tuple[bool, ...]
    sex: Sex | None = None
    proxy: str | None = None


def spoken_of(tokens: Sequence[Token], text: str, complaint_at: frozenset[int]) -> People:
    """Return whose each word is. `complaint_at` are the tokens that belong to a symptom, by which a proxy is told from history."""
    owners = _owners(tokens)
    history = {token.sentence for found in _FAMILY_HISTORY.finditer(text) for token in tokens if token.start == found.start()}
    child = next((owner for index, owner in enumerate(owners) if owner in _CHILDREN and index in complaint_at), None)
    proxy = child or _adult_patient(tokens, owners, text, complaint_at)
    others = tuple(
        token.sentence in history or (owner is not None and owner != proxy and not (proxy is None and owner in _CHILDREN))
        for token, owner in zip(tokens, owners, strict=True)
    )
    return People(others, (_CHILDREN | _RELATIVES).get(proxy) if proxy else None, proxy)


def _owners(tokens: Sequence[Token]) -> list[str | None]:
    """Return for each token the person of whom it is said, None for the writer or the patient of a report."""
    owners: list[str | None] = []
    current: str | None = None
    last: str | None = None
    for index, token in enumerate(tokens):
        if index and token.sentence != tokens[index - 1].sentence:
            current = last if token.word in _THIRD else None
        person = _named(tokens, index)
        if person is not None:
            current = last = person
        elif token.word in _SELF_START or (token.word == "my" and not _person_follows(tokens, index)):
            current = None
        elif token.word in _THIRD and last is not None and _agrees(token.word, last):
            current = last
        owners.append(current)
    return owners


def _named(tokens: Sequence[Token], index: int) -> str | None:
    """Return the person that the word at `index` makes the subject, if it does."""
    word = tokens[index].word
    if word not in _CHILDREN and word not in _RELATIVES:
        return None
    before = {token.word for token in tokens[max(0, index - 5) : index] if token.sentence == tokens[index].sentence}
    after = [token.word for token in tokens[index + 1 : index + 4] if token.sentence == tokens[index].sentence]
    if not before & _OWNERS and not (word in _CHILDREN and (index == 0 or tokens[index - 1].word == "old")):
        return None
    if after and after[0] in _REPORTS:
        return None
    if any(each in _VERBS for each in after) or (
        word in _CHILDREN and not before & {"have", "having", "expecting", "pregnant"}
    ):
        return word
    return (
        word
        if index and tokens[index - 1].word in {"my", "our"} and tokens[max(0, index - 2)].word in {"in", "of", "for"}
        else None
    )


def _person_follows(tokens: Sequence[Token], index: int) -> bool:
    return any(token.word in _CHILDREN or token.word in _RELATIVES for token in tokens[index + 1 : index + 6])


def _agrees(pronoun: str, person: str) -> bool:
    sex = (_CHILDREN | _RELATIVES)[person]
    return sex is None or _THIRD[pronoun] == sex


def _adult_patient(
    tokens: Sequence[Token], owners: Sequence[str | None], text: str, complaint_at: frozenset[int]
) -> str | None:
    """Return the relative whom the writer asks for: a complaint in the present, and none of the writer's own."""
    if _SELF_COMPLAINT.search(text) and any(owner is None and index in complaint_at for index, owner in enumerate(owners)):
        return None
    for index in sorted(complaint_at):
        owner = owners[index]
        if owner is not None and owner not in {"family", "parents", "siblings", "relatives", "relative"}:
            words = {token.word for token in tokens if token.sentence == tokens[index].sentence}
            if words & _PRESENT and not words & {"died", "had", "diagnosed"} - _PRESENT:
                return owner
    return None
