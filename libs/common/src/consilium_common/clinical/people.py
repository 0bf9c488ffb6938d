"""Whose complaint it is: the writer's, the child's or partner's that the writer asks for, or a relative's in passing."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from consilium_common.clinical.text import Token, stem
from consilium_common.clinical.words import word_set

Sex = Literal["m", "f"]


def _people(male: str, female: str, either: str) -> dict[str, Sex | None]:
    named: dict[str, Sex | None] = dict.fromkeys(either.split())
    return named | dict.fromkeys(male.split(), "m") | dict.fromkeys(female.split(), "f")


_CHILDREN = _people(
    male="son boy grandson nephew stepson",
    female="daughter girl granddaughter niece stepdaughter",
    either="child kid baby infant newborn toddler grandchild children kids teenager preschooler twins",
)
# What a child is called that was named before as a daughter or a boy.
_ANY_CHILD = word_set("child kid baby infant newborn toddler boy girl")
_RELATIVES = _people(
    male="father dad brother grandfather grandpa grandad uncle husband boyfriend fiance",
    female="mother mom mum mam sister grandmother grandma granny nan aunt wife girlfriend fiancee",
    either="cousin partner friend neighbour neighbor colleague coworker roommate flatmate boss spouse parent parents "
    "sibling siblings relative relatives family",
)
# Animals and things that people say have a fever, a stroke or a heart attack.
_NOBODY = _people(
    male="",
    female="",
    either="cat cats kitten dog dogs puppy horse pony rabbit hamster bird parrot fish cow sheep pet pets phone laptop "
    "computer pc printer",
)
_DONE_BY_ANIMALS = word_set("has had is got ate eats swallowed vomited died keeps chewed licked")
_SEX = _CHILDREN | _RELATIVES | _NOBODY
# People spoken of as many are never the one patient, nor is what is no person.
_MANY = word_set("family parents siblings relatives relative") | frozenset(_NOBODY)
_OWNERS = word_set("my his her our the their a your one family")
_VERBS = word_set(
    "has have had is was are were died dies passed suffers suffered suffering developed got gets feels felt complains "
    "complaining keeps cannot can could started woke fell collapsed takes took uses used swallowed ate drank hit vomited "
    "not who does did diagnosed with became becomes been seems looks appears says"
)
_PRESENT = word_set(
    "has have is are feels complains complaining keeps cannot can started woke fell collapsed took swallowed ate drank "
    "hit vomited not does got gets seems looks appears suffering became developed was who with"
)
_ABOUT = frozenset(map(stem, ("thinks", "believes", "hurting", "harming", "killing", "shaking", "hitting", "smothering")))
# With these words 'had' tells of today's illness, not of the family's history.
_LATELY = word_set("today tonight yesterday morning afternoon evening night now just suddenly minutes hours hour ago week days")
_REPORTS = word_set(
    "says said noticed notices thinks thought told tells asked mentioned insists saw wants believes made took called worries"
)
_SELF_START = word_set("i me myself we")
_SELF_WORDS = _SELF_START | {"my"}
_FAMILY_HISTORY = re.compile(r"\b(?:family history|fh|fhx|runs in (?:my|the|our) family|in (?:my|the|our) family)\b")
_THIRD: dict[str, Sex] = {"he": "m", "his": "m", "him": "m", "she": "f", "her": "f", "hers": "f"}


@dataclass(frozen=True)
class People:
    """Whose each word is: `others` is True where it is not the patient's; `proxy` is the person whom the writer asks for."""

    others: tuple[bool, ...]
    sex: Sex | None = None
    proxy: str | None = None


def spoken_of(tokens: Sequence[Token], text: str, complaint_at: frozenset[int]) -> People:
    """Return whose each word is. `complaint_at` are the tokens of complaints: whom the writer asks for has one now."""
    owners = _owners(tokens)
    history = {token.sentence for found in _FAMILY_HISTORY.finditer(text) for token in tokens if token.start == found.start()}
    child = next((owner for index, owner in enumerate(owners) if owner in _CHILDREN and index in complaint_at), None)
    proxy = child or _adult_patient(tokens, owners, complaint_at)
    others = tuple(
        token.sentence in history or (owner is not None and owner != proxy and not _is_the_child(owner, proxy))
        for token, owner in zip(tokens, owners, strict=True)
    )
    return People(others, _SEX[proxy] if proxy else None, proxy)


def _is_the_child(owner: str, proxy: str | None) -> bool:
    """Return whether a child is the patient: every one that nobody else is asked for, and 'the child' after 'a girl'."""
    return owner in _CHILDREN if proxy is None else proxy in _CHILDREN and owner in _ANY_CHILD


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
    if word not in _SEX:
        return None
    if word in _NOBODY and not _is_told_of(tokens, index):
        return None
    before = {token.word for token in tokens[max(0, index - 5) : index] if token.sentence == tokens[index].sentence}
    if word in _CHILDREN and index > 1 and tokens[index - 2].word in {"had", "have", "having", "delivered"}:
        return None  # 'had our baby' speaks of the mother
    if word in _CHILDREN and index > 1 and tokens[index - 2].stem in _ABOUT:
        return None  # 'thinks the baby is a demon' speaks of who thinks so
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


def _is_told_of(tokens: Sequence[Token], index: int) -> bool:
    """Return whether the very next word says something of it: 'my cat has', but not 'fell over my cat, was knocked out'."""
    following = tokens[index + 1] if index + 1 < len(tokens) else None
    return following is not None and following.pauses == tokens[index].pauses and following.word in _DONE_BY_ANIMALS


def _person_follows(tokens: Sequence[Token], index: int) -> bool:
    return any(token.word in _SEX for token in tokens[index + 1 : index + 6])


def _agrees(pronoun: str, person: str) -> bool:
    sex = _SEX[person]
    return sex is None or _THIRD[pronoun] == sex


def _adult_patient(tokens: Sequence[Token], owners: Sequence[str | None], complaint_at: frozenset[int]) -> str | None:
    """Return the relative whom the writer asks for: a complaint in the present, and none of the writer's own."""
    own = {token.sentence for token, owner in zip(tokens, owners, strict=True) if owner is None and token.word in _SELF_WORDS}
    if any(owners[index] is None and tokens[index].sentence in own for index in complaint_at):
        return None
    for index in sorted(complaint_at):
        owner = owners[index]
        if owner is not None and owner not in _MANY:
            words = {token.word for token in tokens if token.sentence == tokens[index].sentence}
            told = words & {"died", "had", "diagnosed"}
            if (words & _PRESENT and not told) or (told == {"had"} and words & _LATELY):
                return owner
    return None
