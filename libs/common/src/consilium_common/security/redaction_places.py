"""Where somebody was or lives: hospitals and other organisations by their last word, cities by name, anything else by "at"."""

from collections.abc import Iterator, Sequence

from consilium_common.security.redaction_clinical import ACRONYMS, BRANDS, CLINICAL_NOUNS, EPONYMS, PLAIN
from consilium_common.security.redaction_marks import Mark, Token, mostly_capitals
from consilium_common.security.redaction_words import AMBIGUOUS_GIVEN, CITIES, GIVEN_NAMES, REGIONS, STATE_CODES, SURNAMES


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# The last word of an organisation's name; it must have a capital.
_HEADS = _set(
    "academy airport associates bank center centre church clinic clinics cntr college company corp corporation ctr "
    "foundation general gmbh group health healthcare healthcenter healthsystem home hosp hospice hospital hospitals inc "
    "infirmary institute laboratories laboratory llc ltd memorial partners pharmacy practice rehab rehabilitation "
    "sanatorium school surgery university"
)
# These are so common that they end a name only after one of the words beside them, or after several.
_CENTERS = _set("center centre ctr cntr home")
_BEFORE_CENTER = _set(
    "medical med health healthcare cancer heart surgical trauma care rehabilitation treatment wellness imaging spine eye "
    "nursing "
    "residential retirement"
)
# After clinical words alone these name a thing and no place: "Mental Health", "Cardiac Rehab".
_GENERAL_HEADS = _set("health group practice center centre surgery rehab rehabilitation")
# A place of work in small letters after a name: "our Dallas clinic".
_SMALL_HEADS = _set(
    "branch campus center centre clinic clinics facility hospice hospital infirmary location office pharmacy practice"
)
# Publishers of guidelines and bodies of the whole country, which anybody may name.
_PUBLIC = _set(
    "academy american association australian behavioral british canadian centers department european federal global "
    "international men's mental ministry national nhs occupational organisation organization public royal society united "
    "women's world"
)
_PUBLIC_HEADS = _set("academy association center centre college foundation group health healthcare institute society")
_INNER = _set("& and de del di du for la of san st the")
_PLACE_VERBS = _set(
    "admitted based born came clinic comes diagnosed discharged dx'd evaluated flew followed hails hospital hospitalised "
    "hospitalized i'm is live lived lives living located moved moving native notes office operated originally presented "
    "presenting record records referred relocated report reports reside resided resident resides residing seen staying "
    "tested transferred transported travel traveled travelled travelling treated trip tx'd visit visiting went"
)
_BEFORE_CITY = _set("around at downtown from greater in near of our outside the to")
_AFTER_AT = _set("a our the")
_AMBIGUOUS_CITIES = _set(
    "amsterdam arlington augusta aurora austin barcelona boise boston bristol buffalo chandler charlotte columbus "
    "copenhagen cork denver durham edinburgh eugene framingham fremont geneva gilbert glasgow helsinki irving jackson "
    "jacksonville lexington lima lincoln london madison manchester marseille mesa michigan milan milwaukee montreal "
    "newcastle norfolk orlando oslo ottawa paris perth philadelphia phoenix plano porto providence queens reno richmond "
    "rochester rome santiago seville sofia stockton sydney toronto turin valencia vancouver vienna wellington"
)
_FIRST_OF_CITY = frozenset(name.partition(" ")[0] for name in CITIES)
_NO_CITY_GIVEN = GIVEN_NAMES - CITIES
_NOUNS_IN_NAMES = CLINICAL_NOUNS - {"score"}
_NO_NAME = (_PLACE_VERBS | _BEFORE_CITY) - _set(
    "clinic downtown greater hospital native office report reports resident visiting"
)
_CLINICAL = EPONYMS | CLINICAL_NOUNS | PLAIN | BRANDS
_PERSON_TITLES = _set("dr mr mrs ms prof")
_NEVER_PLACE = _PERSON_TITLES | {"mrn", "dob"}
_ABBREVIATED = ACRONYMS - {"va"}  # the Veterans Affairs hospitals
_MOST_WORDS = 4


class Places:
    """Finds places and organisations in the words of a text; `known` are words of the clinical vocabulary."""

    def __init__(self, tokens: Sequence[Token], known: frozenset[str]) -> None:
        self._tokens = tokens
        self._known = known
        self.capitals_say_nothing = mostly_capitals(tokens)

    def marks(self) -> Iterator[Mark]:
        """Yield what says where."""
        for i, token in enumerate(self._tokens):
            yield from self._organisation(i, token)
            yield from self._small_head(i, token)
            yield from self._city(i)
            if not self.capitals_say_nothing:
                yield from self._after_preposition(i, token)

    def clinical(self, i: int) -> bool:
        """Return whether the word belongs to medicine or to everyday language rather than to a name."""
        token = self._tokens[i]
        word = token.bare
        if token.shouted:
            return word in ACRONYMS or (word in self._known and word not in STATE_CODES)
        return word in _CLINICAL or word in self._known or word.isdigit()

    def before_clinical(self, i: int) -> bool:
        """Return whether a clinical noun follows: the word names a disease, a sign or a score."""
        for after in self._tokens[i : i + 2]:
            if not after.joined:
                return False
            if after.bare in CLINICAL_NOUNS:
                return True
        return False

    def _organisation(self, i: int, token: Token) -> Iterator[Mark]:
        if not token.capital or token.bare not in _HEADS:
            return
        start, end = self._run_before(i), self._run_after(i)
        if self.before_clinical(end + 1):  # "the Mayo Clinic criteria" are everybody's
            return
        if end > i or self._names_one(i, start):
            yield Mark(self._tokens[start].start, self._tokens[end].end, "organisation", "organisation-word")

    def _names_one(self, i: int, start: int) -> bool:
        """Return whether the words from `start` up to the organisation's word tell which one it is."""
        head = self._tokens[i].bare
        words = [each.bare for each in self._tokens[start:i]]
        telling = [word for word in words if word not in _INNER]
        if not telling or (head in _PUBLIC_HEADS and any(word in _PUBLIC for word in words)):
            return False
        if head in _CENTERS and (len(words) == 1 or (words[-1] not in _BEFORE_CENTER and len(words) < 3)):
            return False
        if head in {"general", "memorial"} and self.clinical(i - 1) and not self._is_city(i - 1):
            return False
        general = all(self.clinical(at) and self._tokens[at].bare in self._known for at in range(start, i))
        return not (general and head in _GENERAL_HEADS)

    def _run_before(self, i: int) -> int:
        start = i
        while start > 0 and self._tokens[start].joined and i - start < _MOST_WORDS + 1:
            before = self._tokens[start - 1]
            if not (before.capital or (before.text in _INNER and start > 1 and self._tokens[start - 2].capital)):
                break
            if (before.first and before.bare in PLAIN and not before.shouted) or (before.capital and before.bare in _NO_NAME):
                break
            if before.bare in _PERSON_TITLES or (before.shouted and before.bare in _ABBREVIATED):
                break
            start -= 1
        while start < i and self._tokens[start].text in _INNER:
            start += 1
        return start

    def _run_after(self, i: int) -> int:
        """Return the last word of "of Philadelphia", "Boston" or "in Baltimore, MD" after an organisation."""
        end = i
        following = self._tokens[i + 1 : i + 1 + _MOST_WORDS]
        if following and following[0].joined and following[0].text in {"of", "in", "at"}:
            if len(following) > 1 and following[1].capital and following[1].joined and self._plain_name(i + 2):
                end = i + 2
        elif following and following[0].joined and following[0].capital and following[0].bare in CITIES:
            end = i + 1
        if end > i:
            while end + 1 < len(self._tokens) and self._plain_name(end + 1) and self._tokens[end + 1].joined:
                end += 1
        return self._with_state(end)

    def _with_state(self, end: int) -> int:
        """Return the last word of what follows a place after a comma: a state, or a city with its state."""
        nxt = self._tokens[end + 1] if end + 1 < len(self._tokens) else None
        if nxt is not None and nxt.text in STATE_CODES and nxt.bare not in {"in", "or", "me", "ok", "hi"}:
            return end + 1
        return end

    def _small_head(self, i: int, token: Token) -> Iterator[Mark]:
        """Find "our Dallas clinic" and "the NYU office"."""
        if token.text not in _SMALL_HEADS or not token.joined or i == 0:
            return
        start = i
        while start > 0 and self._tokens[start].joined and self._plain_name(start - 1) and i - start < _MOST_WORDS:
            start -= 1
        if start < i:
            yield Mark(self._tokens[start].start, token.end, "organisation", "named-workplace")

    def _plain_name(self, i: int) -> bool:
        """Return whether a word has a capital without being clinical or everyday."""
        token = self._tokens[i]
        if not token.capital or token.initial or (token.first and token.bare in PLAIN):
            return False
        return self._is_city(i) or not self.clinical(i)

    def _is_city(self, i: int) -> bool:
        return self._tokens[i].capital and self._tokens[i].bare in CITIES

    def _city(self, i: int) -> Iterator[Mark]:
        if self._tokens[i].bare not in _FIRST_OF_CITY and self._tokens[i].text.lower() not in _FIRST_OF_CITY:
            return
        for length in (4, 3, 2, 1):
            words = self._tokens[i : i + length]
            if len(words) < length or any(not word.joined for word in words[1:]):
                continue
            name = " ".join(word.text.lower() if n < length - 1 else word.bare for n, word in enumerate(words))
            if name not in CITIES or self.before_clinical(i + length):
                continue
            before = self._tokens[i - 1].text.lower() if i and words[0].joined else ""
            last = i + length - 1
            with_state = self._with_state(last)
            sure = before in _BEFORE_CITY or with_state > last
            big = all(word.capital for word in words)
            person = self._tokens[i - 1].bare in GIVEN_NAMES if i and words[0].joined and self._tokens[i - 1].capital else False
            if person:
                return
            ambiguous = length == 1 and (name in _AMBIGUOUS_CITIES or name in AMBIGUOUS_GIVEN or name in SURNAMES)
            if (big and (sure or not ambiguous)) or (sure and not ambiguous and length < 3 and len(name) > 4):
                yield Mark(words[0].start, self._tokens[with_state].end, "place", "city")
            return

    def _after_preposition(self, i: int, token: Token) -> Iterator[Mark]:
        """Find what stands after "at", and after "in", "from", "to" where somebody lives or was seen."""
        word = token.text.lower()
        if word not in {"at", "in", "from", "to", "near", "visited", "attended", "attends", "by", "for"}:
            return
        start = i + 1
        while start < len(self._tokens) and self._tokens[start].text in _AFTER_AT and self._tokens[start].joined:
            start += 1
        end = self._name_run(start, at=word == "at")
        if end == start or self.before_clinical(end) or (end == start + 1 and self._tokens[start].bare in self._known):
            return
        words = {each.bare for each in self._tokens[max(0, i - 3) : i]}
        if word in {"by", "for"}:
            if not words & {"works", "working", "employed", "employee", "worked", "work"}:
                return
        elif word not in {"at", "visited", "attended", "attends"}:
            after_name = i > 0 and self._tokens[i - 1].capital and not self.clinical(i - 1) and not self._tokens[i - 1].first
            if not (words & _PLACE_VERBS or after_name):
                return
        text = " ".join(each.text.lower() for each in self._tokens[start:end])
        if text in REGIONS or (end == start + 1 and self._tokens[start].bare in _NO_CITY_GIVEN and word != "at"):
            return
        end = self._with_state(end - 1) + 1
        yield Mark(self._tokens[start].start, self._tokens[end - 1].end, "place", f"after-{word}")

    def _name_run(self, start: int, *, at: bool) -> int:
        """Return the end of the capitalised words from `start` on. After "at" even an eponym is a place."""
        end = start
        while end < len(self._tokens) and end - start < _MOST_WORDS + 1:
            token = self._tokens[end]
            saint = token.text.lower() in {"st.", "mt.", "ft.", "saint", "mount", "st", "mt"} and token.capital
            if not token.joined or not token.capital or token.bare in _NEVER_PLACE:
                break
            eponym = at and token.bare in EPONYMS and not token.shouted
            following = self._tokens[end + 1] if end + 1 < len(self._tokens) else None
            new = token.text == "New" and following is not None and following.joined and following.capital
            # Of several capitalised words in a row none needs to be strange: both of "Johns Hopkins" may be in the vocabulary.
            usual = not token.shouted and token.bare not in _CLINICAL
            inside = end > start and token.bare in _NOUNS_IN_NAMES
            if not (saint or new or usual or eponym or inside or not self.clinical(end)):
                break
            end += 1
        return end
