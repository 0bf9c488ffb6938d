"""Text to normalised findings: what is there, what is denied, whose it is, since when and how badly. No model, no chance."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from consilium_common.clinical.attach import Place, owners
from consilium_common.clinical.body import general_phrases
from consilium_common.clinical.contradictions import both_said, contradicted, whether
from consilium_common.clinical.dosing import mentions_of, read_dosing
from consilium_common.clinical.lab_reports import legends
from consilium_common.clinical.language import insufficient, language_of
from consilium_common.clinical.measured import implied_by_vitals
from consilium_common.clinical.negation import denied_after, negators
from consilium_common.clinical.pack import ancestors_of
from consilium_common.clinical.people import People, spoken_of
from consilium_common.clinical.person import read_age, read_sex, unit_of_age
from consilium_common.clinical.phrase_index import PhraseIndex
from consilium_common.clinical.phrase_search import Match
from consilium_common.clinical.phrases import normal_form
from consilium_common.clinical.spoken import said_in
from consilium_common.clinical.standing import feared, over, segments
from consilium_common.clinical.text import Token, index_at, plain, stem
from consilium_common.clinical.times import read_durations, read_onsets, read_severity
from consilium_common.clinical.vitals import Measured, read_vitals
from consilium_common.contracts.case import Finding, Patient, Reading, Vital
from consilium_common.contracts.knowledge import FindingConcept, FindingKind, Medicine

Side = Literal["left", "right", "both"]

PARTLY_READ = "Only the English parts of your message were read."
_MEDICINE = "medicine:"
_ALLERGY = "-allergy"
_ALLERGIC = frozenset({stem("allergic"), stem("allergy"), stem("allergies"), stem("reaction")})
_LASTING = frozenset({FindingKind.HISTORY, FindingKind.RISK, FindingKind.CONTEXT})
# What the legend of a report names; a complaint that stands there is the patient's own.
_NAMED_ONLY = _LASTING | {FindingKind.MEASUREMENT}
_SIDES: dict[str, Side] = {"left": "left", "right": "right", "both": "both", "l": "left", "r": "right"}
_VIOLENCE = frozenset({"abuse-disclosed", "immediate-violence", "strangulation"})
# 'I'm 35 weeks' says it without the word.
_WEEKS_ALONG = re.compile(
    r"\bi(?:'m| am|m) (?:\w+ )?(?:[5-9]|[1-3]\d|4[0-2])(?:\+\d)? ?(?:weeks|wks)\b(?! (?:post|sober|clean|into|old|out"
    r"|in\b|off|since|after))"
)
# How many words beside a finding may still say its side.
_SIDE_REACH = 3


@dataclass(frozen=True)
class _Marked:
    """A text with everything known about each of its words."""

    text: str
    low: str
    tokens: Sequence[Token]
    statements: Sequence[int]
    negated: Sequence[int | None]
    over: Sequence[bool]
    feared: Sequence[bool]
    legends: Sequence[tuple[int, int]]

    def place(self, start: int, end: int) -> Place:
        """Return the sentence and statement in which a span begins."""
        if not self.tokens:
            return Place(start, end, 0, 0)
        index = index_at(self.tokens, start)
        return Place(start, end, self.tokens[index].sentence, self.statements[index])


class FindingReader:
    """Reads messages against a vocabulary. Building takes a second, reading milliseconds; what was read is not kept."""

    def __init__(self, findings: Iterable[FindingConcept], medicines: Iterable[Medicine] = ()) -> None:
        self._concepts: Mapping[str, FindingConcept] = {concept.id: concept for concept in findings}
        self._general = ancestors_of(self._concepts.values())
        pairs = [(concept.id, phrase) for concept in self._concepts.values() for phrase in (*concept.lay, *concept.clinical)]
        known = {normal_form(phrase) for _, phrase in pairs}
        more = [(concept.id, concept.name) for concept in self._concepts.values()]
        pairs += [pair for pair in (*more, *general_phrases(self._concepts)) if normal_form(pair[1]) not in known]
        self._medicines_by_id = {medicine.id: medicine for medicine in medicines}
        self._uses = frozenset(name for name in self._concepts if name.endswith("-use"))
        for medicine in self._medicines_by_id.values():
            pairs += [(_MEDICINE + medicine.id, name) for name in (medicine.name, medicine.id.replace("-", " "), *medicine.lay)]
        self._index = PhraseIndex(pairs)

    def read(self, text: str) -> Reading:
        """Return what a message says. Offsets point into `text`; any text can be read, also an empty or a hostile one."""
        tokens = self._index.tokenize(text)
        low = plain(text)
        language = language_of(low, tokens)
        matches = self._index.find(tokens, text)
        if language != "en" and not self._partly_english(matches):
            return Reading(language=language, insufficient="not-english")
        statements = segments(tokens)
        marked = _Marked(
            text,
            low,
            tokens,
            statements,
            negators(tokens, low),
            over(tokens, statements, low),
            feared(tokens, statements, low),
            legends(low),
        )
        people = spoken_of(tokens, low, self._complaints_at(matches, marked))
        reading = self._reading(marked, matches, people)
        return reading if language == "en" else reading.model_copy(update={"assumptions": (*reading.assumptions, PARTLY_READ)})

    def _partly_english(self, matches: Iterable[Match]) -> bool:
        """Return whether a complaint stands there in two English words or more, which no other language has by chance."""
        return any(
            len(match.at) > 1 and concept.kind not in _LASTING
            for match in matches
            if (concept := self._concepts.get(match.phrase.target))
        )

    def _complaints_at(self, matches: Iterable[Match], marked: _Marked) -> frozenset[int]:
        return frozenset(
            at
            for match in matches
            if (concept := self._concepts.get(match.phrase.target)) and concept.kind not in _LASTING
            for at in match.at
            if marked.negated[at] is None
        )

    def _reading(self, marked: _Marked, matches: Sequence[Match], people: People) -> Reading:
        measured = read_vitals(marked.text)
        vitals = tuple(measured.vitals.values())
        blank = _without(marked.low, measured.taken)
        age, assumed = read_age(blank, lambda at: not (people.others and people.others[index_at(marked.tokens, at)]))
        found = [self._finding(match, marked, people) for match in matches if match.phrase.target in self._concepts]
        found += self._spoken(marked, people)
        found = _with_quantities(_not_measured(found, measured), marked, tuple(measured.taken))
        found += self._implied(vitals, marked.text, adult=age is None or age >= 12)
        pregnant = _pregnant(found, marked, people)
        found += self._dosing(matches, marked, found, pregnant=bool(pregnant), age=age)
        findings = _merged(found)
        medications, allergies = self._medicines(matches, marked, people)
        allergies += [
            finding.id.removesuffix(_ALLERGY) for finding in findings if _stands(finding) and finding.id.endswith(_ALLERGY)
        ]
        disputed = contradicted(findings, marked.low, self._general)
        something = bool(findings or medications or allergies or vitals or measured.unused)
        return Reading(
            findings=findings,
            vitals=vitals,
            patient=Patient(
                age_years=age,
                sex=people.sex or read_sex(blank),
                pregnant=pregnant,
                medications=tuple(dict.fromkeys(medications)),
                allergies=tuple(dict.fromkeys(allergies)),
            ),
            insufficient=insufficient(marked.low, marked.tokens, "en", self._index.stems, found=something),
            assumptions=(*measured.assumptions, *assumed, *(both_said(each) for each in disputed)),
            ask=(
                *(unit_of_age(blank) if age is None else ()),
                *measured.ask,
                *(self._concepts[each.id].ask or whether(each) for each in disputed),
            ),
        )

    def _implied(self, vitals: Sequence[Vital], text: str, *, adult: bool) -> list[Finding]:
        return [
            Finding(
                id=name,
                name=self._concepts[name].name,
                kind=self._concepts[name].kind,
                words=vital.words,
                start=at,
                end=at + len(vital.words),
            )
            for name, vital in implied_by_vitals(vitals, adult=adult)
            if name in self._concepts and (at := text.find(vital.words)) >= 0
        ]

    def _finding(self, match: Match, marked: _Marked, people: People) -> Finding:
        concept = self._concepts[match.phrase.target]
        start, end = marked.tokens[match.at[0]].start, max(marked.tokens[at].end for at in match.at)
        time = "past" if any(marked.over[at] for at in match.at) else "current"
        if any(marked.feared[at] for at in match.at) or (concept.kind in _NAMED_ONLY and _within(start, marked.legends)):
            time = "hypothetical"
        return Finding(
            id=concept.id,
            name=concept.name,
            kind=concept.kind,
            present=not (_is_negated(match, marked) or denied_after(marked.low, end)),
            subject="other" if people.others[match.at[0]] and not self._done_to_patient(concept) else "self",
            time=time,
            words=marked.text[start:end],
            start=start,
            end=end,
            side=_side(match, marked),
        )

    def _spoken(self, marked: _Marked, people: People) -> Iterator[Finding]:
        """Yield what patterns find, read with the same care for denial, fear, the past and other people as phrases."""
        for name, start, end in said_in(marked.low):
            concept = self._concepts.get(name)
            at = [index for index, token in enumerate(marked.tokens) if start <= token.start and token.end <= end]
            # A denial inside belongs to the pattern: 'can't feel', 'not stopping'.
            denied = any((by := marked.negated[index]) is not None and by not in at for index in at)
            idiom = bool(at) and all(marked.tokens[index].masked or not marked.tokens[index].weight for index in at)
            if concept is None or not at or denied or idiom or any(marked.over[index] for index in at):
                continue
            yield Finding(
                id=concept.id,
                name=concept.name,
                kind=concept.kind,
                subject="other" if people.others[at[0]] and not self._done_to_patient(concept) else "self",
                time="hypothetical" if any(marked.feared[index] for index in at) else "current",
                words=marked.text[start:end],
                start=start,
                end=end,
            )

    def _done_to_patient(self, concept: FindingConcept) -> bool:
        """Return whether another's deed is the patient's finding: who is hit by the husband has been hit."""
        return concept.id.startswith("family-history") or bool(_VIOLENCE & {concept.id, *concept.is_a})

    def _dosing(
        self, matches: Iterable[Match], marked: _Marked, found: Iterable[Finding], *, pregnant: bool, age: float | None
    ) -> list[Finding]:
        present = {each.id: (each.start, each.end) for each in found if _holds(each) and not each.id.endswith("-use")}
        named = (
            (match.phrase.target.removeprefix(_MEDICINE), marked.tokens[match.at[-1]].start, marked.tokens[match.at[-1]].end)
            for match in matches
            if not any(marked.over[at] for at in match.at)
        )
        mentions = mentions_of(named, self._medicines_by_id, self._uses)
        return [
            Finding(
                id=said.finding,
                name=self._concepts[said.finding].name,
                kind=self._concepts[said.finding].kind,
                words=marked.text[said.start : said.end],
                start=said.start,
                end=said.end,
            )
            for said in read_dosing(marked.low, mentions, self._medicines_by_id, present, pregnant=pregnant, age_years=age)
            if said.finding in self._concepts
        ]

    def _medicines(self, matches: Iterable[Match], marked: _Marked, people: People) -> tuple[list[str], list[str]]:
        taken, allergies = [], []
        for match in matches:
            if not match.phrase.target.startswith(_MEDICINE):
                continue
            first = match.at[0]
            medicine = match.phrase.target.removeprefix(_MEDICINE)
            before = _before_in_statement(marked, first)
            if people.others[first] or marked.feared[first] or _is_negated(match, marked):
                continue
            if _ALLERGIC & set(before) and "take" not in before[-3:]:
                allergies.append(medicine)
            elif not (marked.over[first] or "stop" in before or "without" in before):
                taken.append(medicine)
        return taken, allergies


def _not_measured(found: Iterable[Finding], measured: Measured) -> list[Finding]:
    """Return the findings without the words of a measured value, which speaks for itself: 'temperature 36.8' is no fever.

    A value that cannot be used says nothing, so that 'fever of 450' is a fever; 'temperature of 450' is none.
    """
    return [
        each
        for each in found
        if not any(start <= each.start and each.end <= end for start, end in measured.taken)
        or (each.words.lower().startswith("fever") and _within(each.start, measured.unused))
    ]


def _within(place: int, spans: Iterable[tuple[int, int]]) -> bool:
    return any(start <= place < end for start, end in spans)


def _before_in_statement(marked: _Marked, place: int) -> list[str]:
    """Return the words before a place in its statement; the statements of a text stand one after another."""
    start = place
    while start and marked.statements[start - 1] == marked.statements[place]:
        start -= 1
    return [token.own for token in marked.tokens[start:place]]


def _without(text: str, places: Iterable[tuple[int, int]]) -> str:
    for start, end in places:
        text = f"{text[:start]}{' ' * (end - start)}{text[end:]}"
    return text


def _holds(finding: Finding) -> bool:
    """Return whether a finding may forbid a medicine: also an illness in a question such as 'is it safe with asthma?'."""
    asked = finding.time == "hypothetical" and finding.kind in _LASTING and finding.subject == "self"
    return finding.present and (finding.counts or asked)


def _stands(finding: Finding) -> bool:
    return finding.present and finding.counts


def _is_negated(match: Match, marked: _Marked) -> bool:
    return any((by := marked.negated[at]) is not None and by not in match.at for at in match.at)


def _side(match: Match, marked: _Marked) -> Side | None:
    low, high = match.at[0], match.at[-1]
    near = marked.tokens[max(0, low - _SIDE_REACH) : high + _SIDE_REACH + 1]
    place = marked.tokens[low]
    sides = {
        _SIDES[token.word]
        for token in near
        if token.word in _SIDES and not token.masked and (token.clause, token.pauses) == (place.clause, place.pauses)
    }
    if not sides:
        return None
    return sides.pop() if len(sides) == 1 else "both"


def _with_quantities(found: Sequence[Finding], marked: _Marked, taken: tuple[tuple[int, int], ...]) -> list[Finding]:
    """Return the findings with duration, onset and severity; only what is there now and no lasting condition can have them."""
    able = [index for index, each in enumerate(found) if each.kind not in _LASTING and each.present and each.time == "current"]
    places = [marked.place(found[index].start, found[index].end) for index in able]
    durations = owners(places, read_durations(marked.low, taken), lambda said: marked.place(said.start, said.end))
    onsets = owners(places, read_onsets(marked.low), lambda said: marked.place(said.start, said.end))
    severities = owners(places, read_severity(marked.low), lambda said: marked.place(said.start, said.end), wide=False)
    result = list(found)
    for index, duration, onset, severity in zip(able, durations, onsets, severities, strict=True):
        result[index] = found[index].model_copy(
            update={
                "duration_h": round(duration.value, 3) if duration else None,
                "onset": onset.value if onset else None,
                "severity": int(severity.value) if severity else None,
            }
        )
    return result


def _merged(found: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings in order of place, each once for every way it is meant, with what later mentions add."""
    merged: dict[tuple[str, bool, str, str], Finding] = {}
    for each in sorted(found, key=lambda finding: (finding.start, finding.end, finding.id)):
        key = (each.id, each.present, each.subject, each.time)
        first = merged.get(key)
        if first is None:
            merged[key] = each
            continue
        added = {
            name: getattr(each, name) for name in ("onset", "duration_h", "severity", "side") if getattr(first, name) is None
        }
        merged[key] = first.model_copy(update=added)
    return tuple(merged.values())


def _pregnant(findings: Iterable[Finding], marked: _Marked, people: People) -> bool | None:
    said = [each for each in findings if each.id in {"pregnancy", "late-pregnancy", "early-pregnancy"} and each.counts]
    named = [
        marked.negated[at] is None
        for at, token in enumerate(marked.tokens)
        if token.word == "pregnant" and not (people.others[at] or marked.feared[at] or marked.over[at])
    ]
    if any(each.present for each in said) or any(named):
        return True
    if said or named:
        return False
    return True if _WEEKS_ALONG.search(marked.low) else None
