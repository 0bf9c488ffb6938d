"""The scores of one opinion: which calculators a case calls for, what they give, and what would have to be known.

A clinician reads numbers, inputs and whom the score is for; a patient only what a rule means for what to do. A score never
changes a triage.
"""

from collections.abc import Iterator, Mapping, Sequence

from consilium_common.clinical.calculators import CALCULATORS, Calculator, Case, Drawn, Result, Worked, work_out
from consilium_common.clinical.case_facts import CaseFacts
from consilium_common.clinical.citing import Citations
from consilium_common.clinical.numbering import Numbering
from consilium_common.clinical.pack import CompiledPack
from consilium_common.clinical.wording import is_plain, listed
from consilium_common.contracts.case import CaseView
from consilium_common.contracts.commands import Audience
from consilium_common.contracts.knowledge import CalculatorUse, TriageLevel
from consilium_common.contracts.opinion import Opinion, Score, ScoreInput

# An open score is worth reading, and a question worth asking, when what is known leaves at most this share of its range.
OPEN_AT_MOST = 0.6
# A patient is asked for the last pieces of a rule, not led through a form.
PATIENT_ASKED_FOR = 2
SHOWN = 6
URGENCY_STANDS = "It does not lower the urgency that the warning signs set."


def score_case(
    view: CaseView, pack: CompiledPack, facts: CaseFacts, conditions: Sequence[str], citations: Citations
) -> tuple[Score, ...]:
    """Return the scores that the pack uses for this case, as its declaration orders them. `conditions` are those shown."""
    vitals = {vital.name: vital for vital in view.reading.vitals}
    case = Case(facts, vitals, pack.ancestors)
    write = _for_patient if view.audience == "patient" else _for_clinician
    found: list[Score] = []
    for use in pack.calculators:
        calculator = CALCULATORS[use.calculator]
        if not _called_for(use, case, conditions) or calculator.population.refusal(facts) is not None:
            continue
        score = write(view, calculator, work_out(calculator, case), case, citations)
        if score is not None:
            found.append(score)
    return tuple(found[:SHOWN])


def questions(scores: Sequence[Score]) -> Iterator[str]:
    """Yield what to ask because it can change a band, each once."""
    yield from dict.fromkeys(score.ask for score in scores if score.ask)


def merge_scores(
    opinions: Mapping[str, Opinion], level: TriageLevel, audience: Audience, numbering: Numbering
) -> tuple[Score, ...]:
    """Return each score of an answer once, from whoever knew most of its inputs; the evidence renumbered.

    `level` is that of the whole answer, which can be more urgent than what a specialist saw.
    """
    best: dict[str, tuple[str, Score]] = {}
    for agent, opinion in sorted(opinions.items()):
        for score in opinion.scores:
            known = best.get(score.calculator)
            if known is None or len(score.missing) < len(known[1].missing):
                best[score.calculator] = (agent, score)
    shown = ((agent, beside_triage(score, level, audience)) for agent, score in best.values())
    return tuple(
        score.model_copy(update={"evidence_ids": numbering.of(agent, score.evidence_ids)})
        for agent, score in shown
        if score is not None
    )


def _called_for(use: CalculatorUse, case: Case, conditions: Sequence[str]) -> bool:
    return (
        (not use.findings or not case.facts.present.isdisjoint(use.findings))
        and (not use.conditions or not set(use.conditions).isdisjoint(conditions))
        and (not use.vitals or not case.vitals.keys().isdisjoint(use.vitals))
    )


def _for_clinician(view: CaseView, calculator: Calculator, worked: Worked, case: Case, citations: Citations) -> Score | None:
    result = worked.result
    if not _worth_reading(worked):
        return None
    band = result.band
    ages = (
        ""
        if not calculator.population.is_open(case.facts)
        else f" It is for {calculator.population.words}; the age is not known."
    )
    inputs = tuple(_input(calculator, name, drawn, view) for name, drawn in worked.drawn.items())
    text = f"{_outcome(result)}. {_basis(calculator, inputs)}{_open(result)}{_refused(worked)}{ages}"
    risk = calculator.per_score.get(result.value, "") if result.value is not None else ""
    score = Score(
        calculator=calculator.id,
        name=calculator.name,
        text=text,
        value=result.value,
        low=result.low,
        high=result.high,
        top=calculator.top,
        unit=calculator.unit,
        band=band.id if band else None,
        reassures=band is not None and band.reassures,
        risk=risk or (band.risk if band else ""),
        inputs=inputs,
        missing=tuple(each.label for each in result.missing),
        ask=_ask(calculator, result),
        applies_to=calculator.population.words,
        evidence_ids=(citations.calculator(calculator, _rule(result)),),
    )
    return beside_triage(score, view.triage.level, "clinician")


def _for_patient(view: CaseView, calculator: Calculator, worked: Worked, case: Case, citations: Citations) -> Score | None:
    """Return what a rule means for a patient, or the question for its last piece; nothing while an emergency is on."""
    result, band = worked.result, worked.result.band
    told = [each for each in calculator.bands if each.patient]
    if not told or view.triage.level == TriageLevel.EMERGENCY or calculator.population.is_open(case.facts):
        return None
    if band is None:
        if len(result.decisive) > PATIENT_ASKED_FOR or not result.decisive[0].patient_knows or not _worth_reading(worked):
            return None
        text = f"One more answer is needed before the {calculator.name} can say {calculator.about}."
        ids = (citations.calculator(calculator, _rule(result)),)
        return Score(calculator=calculator.id, name=calculator.name, text=text, ask=result.decisive[0].ask, evidence_ids=ids)
    if not band.patient or (band.reassures and result.missing) or not is_plain(band.patient):
        return None
    ids = (citations.calculator(calculator, _rule(result)),)
    score = Score(
        calculator=calculator.id,
        name=calculator.name,
        text=band.patient,
        band=band.id,
        reassures=band.reassures,
        evidence_ids=ids,
    )
    return beside_triage(score, view.triage.level, "patient")


def beside_triage(score: Score, level: TriageLevel, audience: Audience) -> Score | None:
    """Return a score as it may stand beside a triage: one that reassures says that the urgency stays, or is not told."""
    if not score.reassures or level.urgency < TriageLevel.SAME_DAY.urgency or URGENCY_STANDS in score.text:
        return score
    return score.model_copy(update={"text": f"{score.text} {URGENCY_STANDS}"}) if audience == "clinician" else None


def _worth_reading(worked: Worked) -> bool:
    """Return whether more than the person's age and sex went in, and it says something."""
    result = worked.result
    if all(drawn.origin == "person" for drawn in worked.drawn.values()):
        return False
    if result.band is not None:
        return True
    lowest, highest = _whole_range(result.calculator)
    return result.high - result.low <= OPEN_AT_MOST * (highest - lowest)


def _whole_range(calculator: Calculator) -> tuple[float, float]:
    """Return the scores between the first and the last band; a formula has no top of its own."""
    lowest = calculator.bands[0].least
    return lowest, calculator.top if calculator.top is not None else calculator.bands[-1].least


def _number(value: float) -> str:
    return f"{value:g}"


def _outcome(result: Result) -> str:
    """Return 'HEART score 5 of 10: moderate risk (…)' or the range with the bands that are possible."""
    calculator = result.calculator
    span = _number(result.low) if result.value is not None else f"{_number(result.low)} to {_number(result.high)}"
    of = f" of {_number(calculator.top)}" if calculator.top is not None else ""
    unit = f" {calculator.unit}" if calculator.unit else ""
    head = f"{calculator.name}: {span}{of}{unit}"
    if result.band is None:
        return f'{head}, anything from "{result.bands[0].clinician}" to "{result.bands[-1].clinician}"'
    per_score = calculator.per_score.get(result.value, "") if result.value is not None else ""
    risk = per_score or result.band.risk
    return f"{head}, {result.band.clinician}{f' ({risk})' if risk else ''}"


def _rule(result: Result) -> str:
    """Return what the calculator's sources say of the bands that are possible, for the citation."""
    bands = dict.fromkeys((result.bands[0], result.bands[-1]))
    return "; ".join(f"from {_number(each.least)}: {each.clinician}{f' ({each.risk})' if each.risk else ''}" for each in bands)


def _basis(calculator: Calculator, inputs: Sequence[ScoreInput]) -> str:
    """Return the inputs as they were used, with the words behind what was judged from several findings."""
    judged = {each.name for each in calculator.inputs if each.origin.judge is not None}
    used = (f"{e.label} {e.value}{f' ({e.words})' if e.name in judged and e.words else ''}" for e in inputs)
    return f"From: {'; '.join(used)}."


def _open(result: Result) -> str:
    if not result.missing:
        return ""
    labels = listed([each.label for each in result.missing])
    return f" Not known: {labels}{', which cannot change the band' if result.band is not None else ''}."


def _refused(worked: Worked) -> str:
    return f" Not used: {'; '.join(worked.refused)}." if worked.refused else ""


def _ask(calculator: Calculator, result: Result) -> str | None:
    if result.band is not None:
        return None
    if calculator.stated is not None:
        return calculator.stated.ask
    return result.decisive[0].ask if result.decisive else None


def _shown(calculator: Calculator, name: str, drawn: Drawn) -> str:
    asked = next((each for each in calculator.inputs if each.name == name), None)
    if asked is None:
        return _number(float(drawn.value or 0))
    if drawn.bounds is not None:
        low, high = drawn.bounds
        return f"{asked.shown(low)} to {asked.shown(high)}"
    return asked.shown(drawn.value if drawn.value is not None else "")


def _input(calculator: Calculator, name: str, drawn: Drawn, view: CaseView) -> ScoreInput:
    labels: Mapping[str, str] = {each.name: each.label for each in calculator.inputs}
    words = drawn.words
    if drawn.origin in {"said", "record"} and words:
        spoken = {finding.id: finding.words for finding in view.reading.findings if finding.present}
        words = ", ".join(spoken.get(each, each.replace("-", " ")) for each in words.split(", "))
    return ScoreInput(
        name=name,
        label=labels.get(name, "total"),
        value=_shown(calculator, name, drawn),
        origin=drawn.origin,
        words=words,
    )
