"""The summary of an answer: what to do at once, then what each agent adds to what is already said."""

from collections.abc import Iterator, Mapping, Sequence

from consilium_common.clinical.differential import MergedPossibility
from consilium_common.clinical.numbering import Numbering
from consilium_common.contracts.case import Triage
from consilium_common.contracts.knowledge import TriageLevel
from consilium_common.contracts.opinion import Evidence, Opinion, Statement

OF_LEAD, OF_OTHERS = 8, 3


def summarise(
    triage: Triage,
    cause: MergedPossibility | None,
    opinions: Mapping[str, Opinion],
    merged: Sequence[MergedPossibility],
    numbering: Numbering,
) -> Iterator[Statement]:
    """Yield the statements of an answer, the evidence renumbered. `cause` is what raised the triage, if anything did."""
    yield from _advice(triage, cause, numbering)
    said: set[tuple[str, str]] = set()
    places = {view.possibility.condition: group.best.condition for group in merged for view in group.views}
    for place, agent in enumerate(_order(opinions, merged)):
        topics = [(each, _topics(agent, each, places, numbering)) for each in opinions[agent].summary]
        fresh = [(statement, about) for statement, about in topics if about and not about <= said]
        for statement, about in fresh[: OF_OTHERS if place else OF_LEAD]:
            said |= about
            yield Statement(text=statement.text, evidence_ids=numbering.of(agent, statement.evidence_ids))


def _order(opinions: Mapping[str, Opinion], merged: Sequence[MergedPossibility]) -> list[str]:
    """Return the agents, whoever is most convinced of the likeliest possibility first."""
    heard = (view.agent for group in merged for view in group.views)
    return list(dict.fromkeys((*heard, *sorted(opinions))))


def _topics(agent: str, statement: Statement, places: Mapping[str, str], numbering: Numbering) -> set[tuple[str, str]]:
    return {_topic(each, places) for each in numbering.find(agent, statement.evidence_ids)}


def _topic(evidence: Evidence, places: Mapping[str, str]) -> tuple[str, str]:
    """Return what a statement is about: possibility and section; what two agents call the same is one possibility."""
    condition, _, section = evidence.locator.rpartition("/")[2].partition("#")
    if evidence.kind != "knowledge":
        return (evidence.locator, evidence.quote)
    return (places.get(condition, condition), section)


def _advice(triage: Triage, cause: MergedPossibility | None, numbering: Numbering) -> Iterator[Statement]:
    """Yield what the triage says to do, with the rule or the passage that says so, when somebody is needed today or now."""
    if triage.level.urgency < TriageLevel.SAME_DAY.urgency:
        return
    if cause is not None:
        view = cause.views[0]
        passage = numbering.locate(view.agent, f"{view.agent}/{view.possibility.condition}#seek-help")
        ids = (numbering.add(passage),) if passage else numbering.of(view.agent, view.possibility.evidence_ids)
        if ids:
            yield Statement(text=triage.advice, evidence_ids=ids)
        return
    yield Statement(text=triage.advice, evidence_ids=(numbering.add(_rule(triage)),))


def _rule(triage: Triage) -> Evidence:
    """Return the rule whose words the advice is, or the rules as a whole when vital signs set the level."""
    flag = next((each for each in triage.red_flags if each.say == triage.advice), None)
    if flag is None:
        title, source, locator = "First assessment", f"triage rules {triage.rules_version}", f"triage/{triage.rules_version}"
    else:
        title, locator = f"Warning sign: {flag.suspect}", f"redflags/{flag.rule}"
        source = f"red-flag rule {flag.rule}, version {flag.version}"
    return Evidence(id="rule", kind="knowledge", title=title, source=source, locator=locator, quote=triage.advice, score=1.0)
