"""What the terminal shows of a consult: a fold over its events, and pure functions from there to text."""

from typing import Any

import pytest
from rich.console import Console, RenderableType

from consilium_cli.ask.client import ClientEvent, GatewayError
from consilium_cli.ask.render import banner, in_progress, news
from consilium_cli.ask.view import TYPES, View, exit_code
from consilium_common.contracts import events
from consilium_common.contracts.answer import Answer, Conflict, Coverage, Position
from consilium_common.contracts.base import Message
from consilium_common.contracts.case import RedFlag, RouteChoice, Triage
from consilium_common.contracts.knowledge import TriageLevel
from consilium_common.contracts.opinion import Confidence, Evidence, Opinion, Possibility, Recommendation, Statement
from consilium_common.contracts.problem import Problem

FLAG = RedFlag(
    rule="acs", version=1, level=TriageLevel.EMERGENCY, within="now", suspect="Heart attack", say="Call the emergency number."
)
TRIAGE = Triage(
    level=TriageLevel.EMERGENCY,
    within="now",
    advice="Call for help now.",
    red_flags=(FLAG,),
    ask=("Does it spread?",),
    rules_version="1",
)
CONFIDENCE = Confidence(value=0.72, basis="two specialists agree")
ABOUT, TREATMENT = "cardiology/angina#about", "cardiology/angina#treatment"
EVIDENCE = (
    Evidence(id="k2", kind="knowledge", title="Angina", source="esc-2023", locator=ABOUT, quote="Ow " * 99),
    Evidence(id="k1", kind="knowledge", title="Aspirin", source="esc-2023", locator=TREATMENT, quote="Chew."),
)
ANGINA = Possibility(
    condition="unstable-angina",
    name="Unstable angina",
    lay="warning of a heart attack",
    icd10="I20.0",
    probability=0.62,
    triage=TriageLevel.EMERGENCY,
    evidence_ids=("k2",),
)
ANSWER = Answer(
    triage=TRIAGE,
    summary=(Statement(text="This could be your heart.", evidence_ids=("k1", "k2", "gone")),),
    differential=(ANGINA,),
    recommendations=(
        Recommendation(text="Chew 300 mg aspirin", kind="treatment", urgency="now", blocked_by=("aspirin allergy",)),
        Recommendation(text="Sit down and rest", kind="self-care", urgency="now", evidence_ids=("k1",)),
    ),
    conflicts=(
        Conflict(
            claim="It is the heart",
            positions=(
                Position(agent="cardiology", stance="likely", evidence_ids=("k2",)),
                Position(agent="gp", stance="unlikely"),
            ),
            resolution="the safer view counts",
            severity="major",
        ),
    ),
    coverage=(
        Coverage(agent="cardiology", status="answered"),
        Coverage(agent="neurology", status="timed_out", reason="no answer within 8 s"),
    ),
    confidence=CONFIDENCE,
    citations=EVIDENCE,
    ask_next=("Do you take blood thinners?",),
    disclaimers=("This is not a diagnosis.",),
)


def event(message: Message) -> ClientEvent:
    """Return a message as a client sees it."""
    return ClientEvent(events.client_type(message.TYPE), message.model_dump(mode="json"), "")


def after(*messages: Message) -> View:
    """Return the view after these."""
    view = View()
    for message in messages:
        view = view.after(event(message))
    return view


def text(renderable: RenderableType | None) -> str:
    """Return what a plain terminal of 100 columns shows."""
    assert renderable is not None
    console = Console(width=100, no_color=True, force_terminal=False)
    with console.capture() as captured:
        console.print(renderable)
    return captured.get()


def opinion(**changes: Any) -> Opinion:
    """Return an opinion."""
    return Opinion(summary=(), confidence=CONFIDENCE, knowledge_version="1", **changes)


def test_every_type_of_the_contract_is_known() -> None:
    assert {events.client_type(final.TYPE) for final in events.FINALS} < set(TYPES)
    assert {"triage.assessed", "route.decided", "agent.late", "answer.delta", "conflict.detected"} < set(TYPES)


def test_an_unknown_type_changes_nothing_and_an_unknown_shape_is_refused() -> None:
    assert View().after(ClientEvent("from.the.future", {"x": 1}, "")) == View()
    with pytest.raises(GatewayError, match=r"triage\.assessed"):
        View().after(ClientEvent("triage.assessed", {"triage": 3}, ""))


def test_the_triage_banner_says_how_urgent_and_why() -> None:
    shown = text(news(View(), after(events.TriageAssessed(triage=TRIAGE))))
    for words in ("EMERGENCY · now", "Call for help now.", "Heart attack: Call the emergency number.", "Does it spread?"):
        assert words in shown


@pytest.mark.parametrize("level", list(TriageLevel))
def test_every_level_has_a_banner(level: TriageLevel) -> None:
    assert "Call for help now." in text(
        news(View(), after(events.TriageAssessed(triage=TRIAGE.model_copy(update={"level": level}))))
    )


def test_the_same_triage_is_shown_once() -> None:
    seen = after(events.TriageAssessed(triage=TRIAGE))
    assert news(seen, seen.after(event(events.TriageAssessed(triage=TRIAGE)))) is None


def test_specialists_are_seen_at_work() -> None:
    choice = RouteChoice(specialist="gp", score=0.4, reasons=("sore throat",))
    view = after(
        events.RouteDecided(choices=(choice,), snapshot_id="s"),
        events.AgentStarted(agent="cardiology"),
        events.AgentProgress(agent="cardiology", step="retrieved", detail="8 [of 9] passages"),
    )
    shown = text(in_progress(view))
    assert "sore throat" in shown
    assert "retrieved 8 [of 9] passages" in shown


PROBLEM = Problem(title="Broken", status=500, detail="the graph is away", code="graph")


@pytest.mark.parametrize(
    ("message", "words"),
    [
        (
            events.AgentCompleted(agent="gp", opinion=opinion(differential=(ANGINA,)), took_ms=312),
            "✓ gp answered in 0.31 s: thinks of warning of a heart attack",
        ),
        (events.AgentCompleted(agent="gp", opinion=opinion(insufficient_information="too little"), took_ms=1), "too little"),
        (events.AgentFailed(agent="gp", problem=PROBLEM), "✗ gp failed the graph is away"),
        (events.AgentTimedOut(agent="gp"), "timed out"),
        (events.AgentUnavailable(agent="gp", reason="not running"), "unavailable not running"),
        (events.AgentLate(agent="gp"), "late"),
    ],
)
def test_how_a_specialist_ended_is_printed_for_good(message: Message, words: str) -> None:
    before = after(events.AgentStarted(agent="gp"))
    view = before.after(event(message))
    assert words in " ".join(text(news(before, view)).split())
    assert "gp" not in text(in_progress(view))


def test_text_of_an_older_merge_is_dropped() -> None:
    def delta(merge: int, words: str) -> events.AnswerDelta:
        return events.AnswerDelta(merge=merge, text=words)

    view = after(delta(1, "old "), delta(2, "new "), delta(1, "late "), delta(2, "text"))
    assert view.text == "new text"
    assert "new text" in text(in_progress(view))


def test_the_answer_is_shown_once_with_numbered_citations() -> None:
    seen = after(events.AnswerCompleted(merge=1, answer=ANSWER))
    assert news(View(), seen) is None
    shown = text(news(seen, seen.after(event(events.ConsultCompleted(answer=ANSWER)))))
    for words in (
        "This could be your heart. [1][2]\n",
        "Unstable angina (warning of a heart attack) [1]",
        "now: Sit down and rest [2]",
        "not, because: aspirin allergy",
        "major: It is the heart",
        "cardiology: likely [1]",
        "resolved: the safer view counts",
        "✓ cardiology: answered",
        "✗ neurology: timed out (no answer within 8 s)",
        "[1] Angina · esc-2023 · cardiology/angina#about",
        "Confidence: two specialists agree",
        "Do you take blood thinners?",
        "This is not a diagnosis.",
    ):
        assert words in shown, words
    assert shown.index("Sit down") < shown.index("Not for you") < shown.index("Chew 300 mg")


def test_numbers_are_for_clinicians() -> None:
    seen = after(events.AnswerCompleted(merge=1, answer=ANSWER))

    def shown(audience: str) -> str:
        answer = ANSWER.model_copy(update={"audience": audience})
        return text(news(seen, seen.after(event(events.ConsultCompleted(answer=answer)))))

    assert "%" not in shown("patient")
    assert "Unstable angina (warning of a heart attack)  62% [1]" in shown("clinician")
    assert "Confidence 72%: two specialists agree" in shown("clinician")


def test_a_failure_says_why_and_who_was_missing() -> None:
    missing = Coverage(agent="gp", status="unavailable", reason="not running")
    shown = text(news(View(), after(events.ConsultFailed(coverage=(missing,), problem=PROBLEM))))
    assert "Broken: the graph is away" in shown
    assert "gp: unavailable (not running)" in shown


def test_an_answer_that_came_before_a_failure_is_not_lost() -> None:
    seen = after(events.AnswerCompleted(merge=1, answer=ANSWER), events.ConsultIncomplete(problem=PROBLEM))
    assert "This could be your heart." in text(news(View(), seen))


def test_too_little_information_is_said() -> None:
    honest = Answer(triage=TRIAGE, summary=(), confidence=CONFIDENCE, insufficient_information="Say more about it.")
    assert "Say more about it." in text(news(View(), after(events.ConsultIncomplete(answer=honest))))


def test_exit_codes() -> None:
    ends = ("consult.completed", "consult.incomplete", "consult.failed", "consult.cancelled", "")
    assert [exit_code(end) for end in ends] == [0, 3, 1, 1, 1]


def test_the_banner_stays_short_and_says_nothing_twice() -> None:
    named = ("Heart attack.", "Clot in the lung.", "Heart attack", "Torn artery", "Bleeding")
    flags = [FLAG.model_copy(update={"suspect": name, "say": f"Do {number}."}) for number, name in enumerate(named)]
    triage = TRIAGE.model_copy(update={"red_flags": tuple(flags), "advice": "Call now. Do 0."})
    shown = text(banner(triage))
    assert [line.strip("│ ") for line in shown.splitlines() if "•" in line] == [
        "• Heart attack",
        "• Clot in the lung: Do 1.",
        "• Torn artery: Do 3.",
    ]
