"""Who: names of people, by title, by the words around them, and by given names that are common somewhere."""

import re
from collections.abc import Iterator, Sequence

from consilium_common.security.redaction_clinical import ACRONYMS, BRANDS, CLINICAL_NOUNS, EPONYMS, PLAIN
from consilium_common.security.redaction_marks import Mark, Token
from consilium_common.security.redaction_places import Places
from consilium_common.security.redaction_words import AMBIGUOUS_GIVEN, CITIES, EVERYDAY_SURNAMES, GIVEN_NAMES, REGIONS, SURNAMES


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_TITLES = _set("capt captain dame doctor dr judge miss mr mrs ms mx nurse prof professor rev reverend sgt sir")
_WORD_TITLES = _set("captain dame doctor judge miss nurse professor reverend sir")
_PARTICLES = _set("al bin da das de del della den der di dos du el ibn la le mac mc o st ter van von y")
_SUFFIXES = _set("iii iv jr sr")
# After these a name stands, whatever it looks like, also in small letters.
_TOLD = re.compile(
    r"(?:\b(?:(?:my|his|her|their|the|patient'?s?|pt'?s?|full|first|last|maiden|user|client'?s?|child'?s?)\s+)?(?:sur|last)?name"
    r"(?:\s+(?:is|was|of)|'s|\s*[:=]|\s+on\s+file\s*:?)\s*|\bnames?\s*:\s*|\bi\s+am\s+called\s+|\b(?:goes|go)\s+by\s+"
    r"|\b(?:mr|mrs|ms|mx|dr|prof)\.?\s+|\bname\?\s+)$",
    re.IGNORECASE,
)
# After these a capitalised word that is nothing else is a name.
_LIKELY = re.compile(
    r"(?:\b(?:named|called|patients?|pts?|clients?|like|similar\s+to|case\s+of|identified\s+as|known\s+as|seen\s+by|by|with|under|"
    r"is|was|dear|hi|hello|hey|from|regarding|re|ref|about|for|to|and|of|mother|father|mom|mum|dad|wife|husband|son|daughter|"
    r"brother|sister|uncle|aunt|friend|neighbou?r|baby|infant|boy|girl|child|man|woman|male|female|veteran|named\s+as|review\s+of|"
    r"indicates?|signed|sincerely|regards|contact|email|told|thanks?|i'm|i\s+am|this\s+is|case\s+as|[MF])\.?[,:]?\s+)$",
    re.IGNORECASE,
)
# After these, one single capitalised word of which nothing is known is a name.
_SURE = re.compile(
    r"(?:\b(?:named|name|patients?|pts?|clients?|identified\s+as|known\s+as|dear|hi|hello|mother|father|mom|mum|dad|wife|husband|son|"
    r"daughter|brother|sister|uncle|aunt|friend|baby|boy|girl|child|signed|sincerely|regards|i'm|i\s+am|this\s+is|"
    r"(?:boy|girl|man|woman|child|baby|person|lady|male|female)\s+called)[,:]?\s+)$",
    re.IGNORECASE,
)
# What people do: a capitalised word that begins a sentence before one of these is a name.
_PERSON_VERBS = _set("arrived asked called emailed lived lives phoned resided resides said says told wants worked works wrote")
_FUNCTION = _set(
    "a about after also am an and are as at be because been before but by can changed confidential correct could did do "
    "does during female for from had has have he her here him his i if in into is it its just male may me might missing "
    "must my needed no nor not of old on only or our patient private required she should since so still than that the "
    "their them then there they this to unknown until very was we were what when where which while who why will with "
    "would wrong year years you your"
)
_ENDS_NAME = CLINICAL_NOUNS | _FUNCTION
_EVERYDAY = EPONYMS | CLINICAL_NOUNS | PLAIN | BRANDS | _FUNCTION | REGIONS
_CLEAR_SURNAMES = SURNAMES - _FUNCTION - EVERYDAY_SURNAMES
_MOST_WORDS = 4


class Names:
    """Finds people's names in the words of a text."""

    def __init__(self, text: str, tokens: Sequence[Token], places: Places, known: frozenset[str]) -> None:
        self._text = text
        self._tokens = tokens
        self._places = places
        self._known = known

    def marks(self) -> Iterator[Mark]:
        """Yield names; afterwards every other place where a part of one stands."""
        found = list(self._found())
        yield from found
        inside = {at for mark in found for at in range(mark.start, mark.end)}
        parts = {token.bare for token in self._tokens if token.start in inside and len(token.bare) > 2}
        for token in self._tokens:
            if token.bare in parts and token.capital and not self._ordinary(token):
                yield Mark(token.start, token.bare_end, "name", "named-before")

    def _found(self) -> Iterator[Mark]:
        for i, token in enumerate(self._tokens):
            if token.text[0].isdigit():
                continue
            for rule, find in (
                ("title", self._titled_name),
                ("told", self._told),
                ("given-name", self._given),
                ("surname", self._surname),
                ("unknown-words", self._unknown),
                ("somebody-who", self._doing),
            ):
                end = find(i, token)
                if end > i:
                    yield Mark(self._tokens[i].start, self._tokens[end - 1].bare_end, "name", rule)
                    break

    def _before(self, token: Token, length: int = 40) -> str:
        return self._text[max(0, token.start - length) : token.start]

    def _ordinary(self, token: Token) -> bool:
        """Return whether a word is clinical or everyday, so that it is no name on its own."""
        word = token.bare
        return word in _EVERYDAY or word in self._known or (token.shouted and word in ACRONYMS)

    def _run(self, i: int) -> int:
        """Return the end of a name that begins at `i`: capitalised words, initials and particles with only spaces between."""
        end = i
        while end < len(self._tokens) and end - i < _MOST_WORDS:
            token = self._tokens[end]
            if end > i and (not token.joined or self._tokens[end - 1].possessive):
                break
            if not self._belongs(end, i):
                break
            end += 1
        while end > i and self._tokens[end - 1].text in _PARTICLES:
            end -= 1
        if end > i + 1 and self._places.before_clinical(end) and self._tokens[end - 1].bare in EPONYMS:
            end -= 1
        return end

    def _belongs(self, at: int, begin: int) -> bool:
        token = self._tokens[at]
        word = token.bare
        if token.initial or (at > begin and (word in _SUFFIXES or token.text in _PARTICLES)):
            return True
        if not token.capital or word.isdigit() or word in _ENDS_NAME or (word in ACRONYMS and token.shouted):
            return False
        if token.shouted and not self._tokens[begin].shouted:
            return False
        return at == begin or word in SURNAMES or word in GIVEN_NAMES or not self._ordinary(token) or word in EPONYMS

    def _titled_name(self, i: int, token: Token) -> int:
        if not i or (not token.joined and self._text[self._tokens[i - 1].end : token.start].strip() not in {"", "."}):
            return i
        title = self._tokens[i - 1]
        if title.bare not in _TITLES or not (token.capital or (title.text.endswith(".") and title.bare not in _WORD_TITLES)):
            return i
        if title.bare in _WORD_TITLES and (not title.capital or self._ordinary(token) or token.first):
            return i
        if not token.capital:
            return i + 1 if token.bare not in _FUNCTION and token.bare not in self._known else i
        if token.shouted and token.bare in ACRONYMS:
            return i
        return max(self._run(i), i + 1)

    def _told(self, i: int, token: Token) -> int:
        if not _TOLD.search(self._before(token)) or token.bare in _FUNCTION or (token.bare in ACRONYMS and token.shouted):
            return i
        if token.capital:
            return i if self._ordinary(token) and token.bare not in EPONYMS else max(self._run(i), i + 1)
        if token.bare in self._known or len(token.bare) < 2:
            return i
        end = i + 1
        while end < len(self._tokens) and end - i < 3:
            following = self._tokens[end]
            if (
                not following.joined
                or following.bare in _FUNCTION
                or following.bare in self._known
                or following.text[0].isdigit()
            ):
                break
            if self._tokens[end - 1].possessive:
                break
            end += 1
        return end

    def _given(self, i: int, token: Token) -> int:
        word = token.bare
        parts = word.split("-")
        if word not in GIVEN_NAMES and not (len(parts) > 1 and parts[0] in GIVEN_NAMES and token.capital):
            return i
        if not token.capital:
            return self._small_given(i, token)
        end = self._run(i)
        if end == i or self._eponymous(i, end):
            return i
        weak = word in AMBIGUOUS_GIVEN or word in EPONYMS or word in self._known or word in CITIES
        if not weak:
            return end
        following = self._tokens[i + 1] if end > i + 1 else None
        if following is not None and (following.initial or following.bare in SURNAMES or following.bare in GIVEN_NAMES):
            return end
        return end if not token.first and _SURE.search(self._before(token)) and word not in self._known else i

    def _small_given(self, i: int, token: Token) -> int:
        """Find "patricia" and "sarah jones" in a text without capitals."""
        if token.bare in AMBIGUOUS_GIVEN or token.bare in EPONYMS or len(token.bare) < 4:
            return i
        following = self._tokens[i + 1] if i + 1 < len(self._tokens) else None
        if following is not None and following.joined and following.bare in _CLEAR_SURNAMES:
            return i + 2
        if token.bare in self._known:
            return i
        return i + 1 if not self._places.before_clinical(i + 1) else i

    def _surname(self, i: int, token: Token) -> int:
        """Find "patient Smith", "J. Smith" and "Smith, John"."""
        if not token.capital:
            return i
        following = self._tokens[i + 1] if i + 1 < len(self._tokens) else None
        if token.initial and following is not None and following.joined and following.capital and following.bare in SURNAMES:
            return i if self._eponymous(i, i + 2) or following.bare in PLAIN else i + 2
        if (
            token.bare not in SURNAMES
            or token.bare in EVERYDAY_SURNAMES
            or self._ordinary(token)
            or token.shouted
            or (token.first and not self._places.capitals_say_nothing)
        ):
            return i
        end = self._run(i)
        if self._eponymous(i, end):
            return i
        between = self._text[token.end : following.start] if following is not None else ""
        if following is not None and between == ", " and following.capital and following.bare in GIVEN_NAMES:
            return i + 2
        return end if _LIKELY.search(self._before(token)) or end > i + 1 else i

    def _unknown(self, i: int, token: Token) -> int:
        """Find names that no list holds: capitalised words in the middle of a sentence that are nothing else."""
        if (
            self._places.capitals_say_nothing
            or not token.capital
            or token.first
            or token.shouted
            or token.initial
            or self._ordinary(token)
        ):
            return i
        if len(token.bare) < 2 or token.bare in CITIES or token.bare in _TITLES:
            return i
        end = self._run(i)
        if self._eponymous(i, end) or any(self._ordinary(each) for each in self._tokens[i:end]):
            return i
        if " ".join(each.bare for each in self._tokens[i:end]) in REGIONS:
            return i
        before = self._before(token)
        if end > i + 1:
            return end
        return end if _SURE.search(before) else i

    def _doing(self, i: int, token: Token) -> int:
        """Find "Zork lives at", also at the beginning of a sentence."""
        if not token.capital or self._ordinary(token) or token.shouted or token.bare in _TITLES:
            return i
        end = self._run(i)
        following = self._tokens[end] if end < len(self._tokens) else None
        does = following is not None and following.joined and following.bare in _PERSON_VERBS
        return end if does and not any(self._ordinary(each) for each in self._tokens[i:end]) else i

    def _eponymous(self, i: int, end: int) -> bool:
        """Return whether the words name a disease, sign or score: one of these follows, or all are known as eponyms."""
        words = self._tokens[i:end]
        if self._places.before_clinical(end) and not any(word.initial for word in words):
            return True
        return bool(words) and all(word.bare in EPONYMS for word in words)
