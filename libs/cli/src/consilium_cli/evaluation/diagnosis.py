"""Which of our conditions is meant by the name of a diagnosis. Strict on purpose, and every rule stands here.

A condition is meant when one of its names (its parts in brackets count as names, too):
1. is the same words as the diagnosis, whatever their order, spelling (British or American) and ending, and whatever NEUTRAL
   words stand beside them; or belongs to the same line of `names.SAME`;
2. is a kind of it: it has all words of the diagnosis and otherwise only KINDS ("acute heart failure" for "heart failure"),
   never the other way round;
3. shares at least SHARED of all their words, and they differ in no word that tells two diseases apart (TELLING).
Only where no name fits, an ICD-10 code that is the same, or one of which begins with the other.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from consilium_cli.evaluation.names import SAME
from consilium_common.contracts.knowledge import Condition

SHARED = 0.75
Words = frozenset[str]


def _words(text: str) -> Words:
    return frozenset(text.split())


NEUTRAL = _words(
    "a an and of the in or with from to by for at on not otherwise such as type possible probable suspected typical simple "
    "uncomplicated common usual disease disorder syndrome condition new illness episode"
)
KINDS = _words(
    "acute chronic bacterial viral primary secondary recurrent severe mild first flare attack left right up "
    "knee hip hand finger thumb base"
)
TELLING = _words(
    "acute chronic bacterial viral fungal allergic stable unstable upper lower primary secondary stress urge overflow mixed "
    "medial lateral aortic mitral tricuspid stenosis regurgitation hyper hypo ischemic hemorrhagic 1 2 cancer benign "
    "perforated ruptured bleeding diabetic renal hepatic pulmonary cardiac partial anterior posterior male female b c"
)
_SPELLINGS = (
    ("haem", "hem"),
    ("oedem", "edem"),
    ("oesoph", "esoph"),
    ("anaem", "anem"),
    ("leukaem", "leukem"),
    ("ischaem", "ischem"),
    ("caem", "cem"),
    ("rrhoe", "rrhe"),
    ("apnoe", "apne"),
    ("paed", "ped"),
    ("coel", "cel"),
    ("tumour", "tumor"),
    ("tonsilitis", "tonsillitis"),
    ("tendonitis", "tendinitis"),
    ("orthopaed", "orthoped"),
)
_BRACKETS = re.compile(r"\(([^)]*)\)")
_ENDINGS = (("itides", "itis"), ("ies", "y"), ("sses", "ss"))


class Diagnoses:
    """Finds the conditions that a diagnosis means."""

    def __init__(self, conditions: Iterable[Condition]) -> None:
        every = {condition.id: condition for condition in conditions}
        self._names = {id: frozenset(_canonical(each)) for id, each in ((id, _names_of(c)) for id, c in every.items())}
        self._codes = {id: condition.icd10 for id, condition in every.items()}

    def meant_by(self, diagnosis: str, icd10: Iterable[str] = ()) -> frozenset[str]:
        """Return the ids of the conditions that are meant, none when no pack holds it."""
        wanted = frozenset(_canonical(_alternatives(diagnosis)))
        named = {id for id, names in self._names.items() if any(_fits(gold, ours) for gold in wanted for ours in names)}
        if named:
            return frozenset(named)
        return frozenset(id for id, ours in self._codes.items() if any(_same_code(code, ours) for code in icd10))


def words(name: str) -> Words:
    """Return the telling words of a name, in one spelling and without endings."""
    ascii_only = unicodedata.normalize("NFKD", name.replace("’", "'")).encode("ascii", "ignore").decode().lower()
    ascii_only = re.sub(r"'s\b|'", "", ascii_only)
    for british, american in _SPELLINGS:
        ascii_only = ascii_only.replace(british, american)
    found = [_bare(word) for word in re.findall(r"[a-z]+\d?|\d+", ascii_only)]
    telling = frozenset(word for word in found if word not in NEUTRAL)
    return telling or frozenset(found)


def _bare(word: str) -> str:
    if len(word) > 3 and word[-1].isdigit() and word[:-1].isalpha():
        word = word[:-1]  # a footnote mark that was copied along
    for ending, singular in _ENDINGS:
        if word.endswith(ending):
            return word.removesuffix(ending) + singular
    keeps = word.endswith(("ss", "is", "us", "as")) or len(word) <= 3
    return word if keeps else word.removesuffix("s")


def _alternatives(name: str) -> Iterator[str]:
    """Yield a name without its brackets, what stands in them, and the sides of a slash."""
    outside = _BRACKETS.sub(" ", name.replace("\n", " "))
    for part in (outside, *_BRACKETS.findall(name)):
        yield part
        if "/" in part:
            yield from part.split("/")


def _names_of(condition: Condition) -> Iterator[str]:
    for name in (condition.name, *condition.lay):
        for alternative in _alternatives(name):
            yield alternative
            if "," in alternative:
                yield from alternative.split(",")


_LINES: tuple[frozenset[Words], ...] = tuple(frozenset(words(name) for name in line.split("|")) for line in SAME)
_SYNONYMS: dict[Words, frozenset[Words]] = {name: line for line in _LINES for name in line}


def _canonical(names: Iterable[str]) -> Iterator[Words]:
    for name in names:
        bare = words(name)
        if bare:
            yield bare
            yield from _SYNONYMS.get(bare, ())


def _fits(gold: Words, ours: Words) -> bool:
    if gold == ours:
        return True
    if gold < ours:
        return ours - gold <= KINDS
    apart = gold ^ ours
    return len(gold & ours) >= SHARED * len(gold | ours) and apart.isdisjoint(TELLING)


def _same_code(gold: str, ours: str) -> bool:
    return gold.startswith(ours) or ours.startswith(gold)
