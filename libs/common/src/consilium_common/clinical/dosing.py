"""What is done or planned with medicines: too much, stopped, combined, given to a child, taken in pregnancy. By sentence."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from consilium_common.clinical.times import NUMBERS, TENS, number
from consilium_common.clinical.words import one_of
from consilium_common.contracts.knowledge import Medicine

# The ids of the findings that are read here; a vocabulary without one of them does without it.
OVERDOSE, EXTRA, ABOVE, WRONG = "overdose", "extra-dose", "dose-above-advice", "medicine-mistaken"
STOPPED, COMBINED, AGAINST = "vital-medicine-stopped", "dangerous-combination", "medicine-contraindicated"
CHILD, PREGNANT = "medicine-unfit-for-child", "medicine-harms-unborn"

# From this many tablets at once on it is an overdose, whatever they are: no tablet is taken so. Of paracetamol also over a day:
# 5 g is above 75 mg/kg for most adults, and what is staggered harms like what is taken at once (MHRA 2012).
MANY_TABLETS = 10
# More than this a day is more than any pack of a painkiller allows (eight tablets of paracetamol, three to six of ibuprofen).
MOST_PAINKILLERS = 8
# Stopping these at once is dangerous: clots, fits, adrenal crisis, withdrawal, rejection, relapse.
VITAL = frozenset(
    {
        "anticoagulant", "antiplatelet", "p2y12-inhibitor", "corticosteroid", "antiseizure", "benzodiazepine", "beta-blocker",
        "insulin", "lithium", "mood-stabiliser", "immunosuppressant", "antipsychotic", "opioid", "antiarrhythmic",
        "dopaminergic", "mineralocorticoid", "heart-failure-medicine", "epilepsy-medicine", "heart-medicine",
    }
)  # fmt: skip
# One dose more of these harms nobody; iron is not among them.
_HARMLESS_TWICE = frozenset({"supplement", "vitamin", "emollient", "antacid"})
_PAINKILLERS = frozenset({"simple-analgesic", "nsaid"})
_COUNT = rf"(?P<count>\d{{1,3}}|{'|'.join(sorted((*NUMBERS, *TENS), key=len, reverse=True))})"
_TABLETS = one_of(
    r"(?:\w+ )?(?:tablets?|pills?|tabs?|capsules?|caplets?|meds|medicines?|medications?|painkillers?|sedatives?|doses?)",
    r"pain (?:meds|pills|tablets|killers?)|sleepers|antidepressants?|benzos?|opioids?|insulin|gummies",
)
_TOOK = one_of(
    r"took|taken|swallowed|downed|popped|gulped|necked|ate|eaten|chugged|drank|drunk",
    r"inject(?:ed)?|swallowing|taking|had|have had",
)
_AT_ONCE = ("took", "taken", "swallow", "down", "pop", "gulp", "neck", "ate", "eaten", "had", "have had")
_BULK = re.compile(
    rf"\b{_TOOK} (?:(?!not|no|of)[\w']+ ){{0,4}}?"
    r"(?:(?:hand|fist|mouth)fuls?|loads?|bunch|boxe?s?|packets?|packs?|bottles?|strips?|all|every|entire|whole|lots"
    r"|too many|too much)\b"
    r"(?: (?:of|my|the|his|her|our|these|those|old|a|box|bottle|packet|pack|strip|leftover|strong|last|\w+'s)){0,5} "
)
_SWALLOWED_COUNT = re.compile(
    rf"\b{_TOOK} (?:(?:about|around|like|over|nearly|almost|maybe|more than|at least|some) ){{0,2}}{_COUNT} "
)
_PACKS = re.compile(r"\b(?:packets?|packs?|boxe?s?|bottles?|handfuls?) of ")
_ASKED = re.compile(
    r"\b(?:can|could|may|should|shall|would) (?:i|we|he|she|they|you)\b|\b(?:ok|okay|safe|fine|alright|bad|dangerous"
    r"|harmful) (?:to|if|for|with)\b"
    r"|\bis (?:it|this|that) (?:ok|okay|safe|fine|bad|dangerous|alright)\b|\b(?:going|want|planning|thinking|tempted"
    r"|like) (?:to|of|about)\b|\?"
)
_TWICE = re.compile(
    r"\b(?:twice(?! (?:a|daily|per|weekly|each|every))|double[ds]?(?! (?:vision|check))|doubling|(?:two|second|extra"
    r"|additional) (?:doses?|shots?|clicks?|units?)"
    r"|extra|again by (?:mistake|accident)|by (?:mistake|accident)|accidentally|instead of|too many|too much|at once"
    r"|days? of)\b"
)
_HANDLED = re.compile(
    r"\b(?:took|taken|take|taking|inject\w*|gave|given|give|had|used|swallowed|ate|drank|did|done|missed|got)\b|\bdoubl\w+"
)
_MORE = re.compile(
    r"\b(?:doubl(?:e|ing)|more (?:than|of)|(?:increase|raise|up)(?: my| the)? dos\w+|higher dose|take more|extra"
    r"|bigger dose|(?:another|second) dose)\b"
)
_STOP = re.compile(
    r"\b(?:stop(?:ped|ping)?|quit(?:ting)?|c(?:ome|ame|oming) off|cold turkey|r[au]n(?:ning)? out of|out of"
    r"|skip(?:ped|ping)?|go without"
    r"|miss(?:ed|ing)|(?:have|has|had)(?:n't| not) (?:taken|been taking|had)|not (?:taken|taking|been taking)"
    r"|no longer (?:take|taking)|wean\w*"
    r"|forg[eo]t(?:ten)?(?: to take)?|don'?t want to take|refus\w+|can'?t afford)\b"
)
_NOT_STOPPED = re.compile(
    r"\b(?:never|don'?t|did(?:n't| not)|not|without) (?:\w+ )?(?:stop|miss|skip|forg)|stop(?:s|ped)? (?:work|help|the"
    r"|me from|bleed)|years? ago|non-?stop"
)
# Two medicines that are named further apart than this many characters are not said to be taken together.
_NEAR = 150
_TOGETHER = re.compile(
    r"\b(?:with|together|mix\w*|combin\w*|same time|both|also|as well|on top|started|start|began|new|bought|added"
    r"|prescribed|took|taken|take|while)\b|\?"
)
_GIVE = re.compile(r"\b(?:give|giving|gave|given|feed|fed|rub|dose|take|have|has had|had|took)\b")
_ADULTS = re.compile(r"\badult(?:s'?|'s)?\b|\b(?:some|half|part|one|piece|bit|a) (?:of )?my (?:own )?")
_CHILD = re.compile(
    r"\b(?:baby|babies|infant|newborn|toddler|\d{1,2}[ -](?:month|week|day)s?[ -]old|(?:one|two|three|four|five|six|1"
    r"|2|3|4|5|6)[ -]years?[ -]old)\b"
)
_BABY = re.compile(r"\b(?:baby|babies|infant|newborn|\d{1,2}[ -](?:month|week|day)s?(?:[ -]old)?)\b")
_NOT_FOR_BABIES = re.compile(
    r"\b(?:honey|cough (?:syrup|medicine|mixture)|cold medicine|aspirin|water instead|whisky|whiskey|brandy|alcohol"
    r"|benadryl|melatonin)\b"
)
# What a small child got at on its own, of the family's tablets or out of the bottle; not its own dose that it swallowed well.
_GOT_AT = re.compile(r"\b(?:got into|got hold of|helped (?:him|her)self to|ate|eaten|chewed|swallowed|drank|drunk)\b")
_FAMILYS = re.compile(r"\b(?:my|our|\w+'s|some|a few|several|half|whole|bottle|box|pack(?:et)?|handful|unknown)\b")
_OWN_DOSE = re.compile(r"\b(?:his|her|their) (?:\w+ )?(?:medicine|medication|dose|antibiotics?|syrup|drops|vitamins?)\b|\bgumm")
# Somebody else's tablets, named or not.
_ANOTHERS = re.compile(
    r"\b(?:took|taken|swallowed|used|given|had) (?:my )?(?:husband|wife|partner|mother|mum|mom|father|dad|friend"
    r"|grandma|gran|son|daughter|neighbour|neighbor|dog|cat|roommate)'?s "
)
_PRESCRIBER = re.compile(
    r"\b(?:doctor|gp|nurse|pharmacist|consultant|clinic|cardiologist|specialist|hospital"
    r"|psychiatrist)\b[^.;,]{0,30}\b(?:doubled|increased|raised|upped|told|put|stopped|advised|agreed|changed)\b"
)
# Crushing what is made to dissolve slowly gives the whole dose at once.
_CRUSHED = re.compile(r"\b(?:crush|chew|snort|inject|smok|grind)\w*\b")
_SLOW = re.compile(r"\b(?:(?:extended|slow|modified|sustained|controlled)[ -]release|xr|sr|er|patch\w*)\b")
_GRAMS = re.compile(r"\b(?P<grams>\d{1,2}(?:\.\d)?) ?(?:g|grams?)\b")
_MOST_PARACETAMOL_G = 4.0
_WEEKLY_DAILY = re.compile(
    r"\bweek\w*\b.*\b(?:daily|every day|each day)\b|\b(?:daily|every day|each day)\b.*\binstead\b.*\bweek\w*\b"
)
_SENTENCE = re.compile(r"[^.!?\n]+[?!]?")


@dataclass(frozen=True)
class Mention:
    """A medicine or a class of medicines that a text names, and where; `id` is empty when only the class is known."""

    id: str
    classes: frozenset[str]
    start: int
    end: int


@dataclass(frozen=True)
class Dosing:
    """A finding about medicines and the words that say it."""

    finding: str
    start: int
    end: int


def read_dosing(
    text: str,
    mentions: Sequence[Mention],
    medicines: Mapping[str, Medicine],
    present: Mapping[str, tuple[int, int]],
    *,
    pregnant: bool,
    age_years: float | None,
) -> list[Dosing]:
    """Return what a text (in lower case) says or asks about doses. `mentions` are the medicines that it names, by place;
    `present` are the findings that it says are there, with their places.
    """
    found: list[Dosing] = []
    for sentence in _SENTENCE.finditer(text):
        here = [each for each in mentions if sentence.start() <= each.start < sentence.end()]
        found += (*_amounts(text, sentence, here), *_special(sentence, here), *_changed(sentence, here))
        if here:
            found += _stopped(sentence, here)
        found += _for_child(sentence, here, medicines, age_years)
    found += _combined(text, mentions, medicines)
    found += _against(mentions, medicines, present)
    if pregnant:
        found += [
            Dosing(PREGNANT, each.start, each.end)
            for each in mentions
            if each.id and each.id in medicines and medicines[each.id].pregnancy == "avoid"
        ]
    return found


def _amounts(text: str, sentence: re.Match[str], here: Sequence[Mention]) -> Iterator[Dosing]:
    low, start = sentence.group(), sentence.start()
    asked = _ASKED.search(low)
    for match in _counted(low):
        end = start + match.end()
        named = next((each for each in here if 0 <= each.start - end <= 12), None)
        tail = re.match(_TABLETS, text[end : end + 40])
        count = number(match["count"])
        if (named is None and tail is None) or (named and "antibiotic" in named.classes):
            continue
        stop = named.end if named else end + (tail.end() if tail else 0)
        planned = asked is not None and asked.start() < match.start() and not asked.group().endswith("?")
        over_a_day = named is not None and "simple-analgesic" in named.classes
        if count >= MANY_TABLETS and not planned and (over_a_day or match.group().startswith(_AT_ONCE)):
            yield Dosing(OVERDOSE, start + match.start(), stop)
        elif count >= MOST_PAINKILLERS and named and named.classes & _PAINKILLERS:
            yield Dosing(ABOVE, start + match.start(), stop)
    for match in (*_BULK.finditer(low), *_PACKS.finditer(low)):
        end = start + match.end()
        named = next((each for each in here if 0 <= each.start - end <= 4), None)
        tail = re.match(_TABLETS, text[end : end + 40])
        taken = re.search(_TOOK, low)
        if (named or tail) and taken and "gummies" not in low and not (named and "antibiotic" in named.classes):
            first = min(match.start(), taken.start())
            yield Dosing(
                EXTRA if asked and asked.start() < first and not asked.group().endswith("?") else OVERDOSE,
                start + first,
                named.end if named else end,
            )


def _special(sentence: re.Match[str], here: Sequence[Mention]) -> Iterator[Dosing]:
    """Yield what is wrong with one medicine in particular: crushed slow tablets, grams of paracetamol, weekly taken daily."""
    low, start = sentence.group(), sentence.start()
    for each in here:
        if (crushed := _CRUSHED.search(low)) and ("opioid" in each.classes or _SLOW.search(low)):
            yield Dosing(ABOVE, start + crushed.start(), each.end)
        if (grams := _GRAMS.search(low)) and "simple-analgesic" in each.classes and float(grams["grams"]) > _MOST_PARACETAMOL_G:
            yield Dosing(ABOVE, start + grams.start(), start + grams.end())
        if (weekly := _WEEKLY_DAILY.search(low)) and "immunosuppressant" in each.classes:
            yield Dosing(EXTRA, start + weekly.start(), start + weekly.end())


def _changed(sentence: re.Match[str], here: Sequence[Mention]) -> Iterator[Dosing]:
    """Yield doses that were doubled, mistaken or are to be raised, unless a prescriber said so."""
    low, start = sentence.group(), sentence.start()
    asked = _ASKED.search(low)
    spoken = here or re.search(rf"\b{_TABLETS}\b", low)
    if spoken and (another := _ANOTHERS.search(low)) and not (asked and asked.start() < another.start()):
        yield Dosing(WRONG, start + another.start(), start + another.end())
    if _PRESCRIBER.search(low) or (here and all(each.classes & _HARMLESS_TWICE for each in here)):
        return
    if spoken and (twice := _TWICE.search(low)) and _HANDLED.search(low):
        planned = asked is not None and not asked.group().endswith("?") and asked.start() < twice.start()
        if not re.search(r"\binstead of\b", twice.group()) or re.search(r"\d|dose|unit|once", low):
            yield Dosing(ABOVE if planned else EXTRA, start + twice.start(), start + twice.end())
    elif spoken and asked and (more := _MORE.search(low)):
        yield Dosing(ABOVE, start + more.start(), start + more.end())


def _counted(low: str) -> Iterator[re.Match[str]]:
    yield from _SWALLOWED_COUNT.finditer(low)
    yield from re.finditer(rf"\b(?:take|taking|have|having) (?:about |around |up to )?{_COUNT} ", low)


def _stopped(sentence: re.Match[str], here: Sequence[Mention]) -> Iterator[Dosing]:
    low, start = sentence.group(), sentence.start()
    if (stop := _STOP.search(low)) is None or _NOT_STOPPED.search(low) or _PRESCRIBER.search(low):
        return
    for each in here:
        if each.classes & VITAL and abs(each.start - start - stop.start()) < 80:
            yield Dosing(STOPPED, min(start + stop.start(), each.start), max(start + stop.end(), each.end))
            return


def _for_child(
    sentence: re.Match[str], here: Sequence[Mention], medicines: Mapping[str, Medicine], age_years: float | None
) -> Iterator[Dosing]:
    low, start = sentence.group(), sentence.start()
    child = _CHILD.search(low)
    if child is None:
        return
    words = (start + child.start(), start + child.end())
    got = _GOT_AT.search(low, child.end())
    if got and (here or re.search(rf"\b{_TABLETS}\b", low)) and _FAMILYS.search(low, got.end()) and not _OWN_DOSE.search(low):
        yield Dosing(OVERDOSE, start + got.start(), start + got.end())
    if not _GIVE.search(low):
        return
    baby = _BABY.search(low) is not None or (age_years is not None and age_years < 1)
    if (baby and _NOT_FOR_BABIES.search(low)) or (_ADULTS.search(low) and (here or re.search(rf"\b{_TABLETS}\b", low))):
        yield Dosing(CHILD, *words)
    else:
        age = age_years if age_years is not None else (0.5 if baby else 3.0)
        if any(
            (least := medicines[each.id].min_age_years) is not None and age < least for each in here if each.id in medicines
        ):
            yield Dosing(CHILD, *words)


def _combined(text: str, mentions: Sequence[Mention], medicines: Mapping[str, Medicine]) -> Iterator[Dosing]:
    for place, one in enumerate(mentions):
        for other in mentions[place + 1 :]:
            if other.start - one.end >= _NEAR:
                break  # they stand in order of place
            around = text[max(0, one.start - 60) : max(one.end, other.end) + 60]
            if _TOGETHER.search(around) and (_clash(one, other, medicines) or _clash(other, one, medicines)):
                yield Dosing(COMBINED, one.start, max(one.end, other.end))


def _against(
    mentions: Sequence[Mention], medicines: Mapping[str, Medicine], present: Mapping[str, tuple[int, int]]
) -> Iterator[Dosing]:
    """Yield the medicines that an illness or allergy of the same text forbids; what names the allergy forbids nothing."""
    for each in mentions:
        for forbids in medicines[each.id].contraindicated if each.id in medicines else ():
            where = present.get(forbids.when)
            if forbids.severity == "absolute" and where and not where[0] <= each.start < where[1]:
                yield Dosing(AGAINST, each.start, each.end)
                break


def _clash(one: Mention, other: Mention, medicines: Mapping[str, Medicine]) -> bool:
    if one.id == other.id and one.id:
        return False
    of = {other.id} | other.classes
    return one.id in medicines and any(each.severity == "critical" and each.with_ in of for each in medicines[one.id].interacts)


def _typical(name: str, medicines: Mapping[str, Medicine]) -> str:
    """Return a medicine that stands for its class where only the class is named, or an empty id."""
    return next((each.id for each in medicines.values() if each.classes[:1] == (name,)), name if name in medicines else "")


def mentions_of(
    named: Iterable[tuple[str, int, int]], medicines: Mapping[str, Medicine], uses: Collection[str]
) -> list[Mention]:
    """Return the medicines of matched targets: a medicine's id, or a finding such as `opioid-use` that names a class."""
    found: dict[tuple[int, int], Mention] = {}
    for target, start, end in named:
        if target in medicines:
            medicine = medicines[target]
            before = found.get((start, end))
            found[(start, end)] = Mention(
                target, frozenset({*medicine.classes, target, *(before.classes if before else ())}), start, end
            )
        elif target in uses:
            name = target.removesuffix("-use")
            before = found.get((start, end))
            found[(start, end)] = Mention(
                before.id if before else _typical(name, medicines),
                frozenset({name, *(before.classes if before else ())}),
                start,
                end,
            )
    return sorted(found.values(), key=lambda each: each.start)
