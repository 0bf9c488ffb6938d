"""One full sample of every message."""

from consilium_common.contracts import commands, events
from consilium_common.contracts.answer import Answer, Conflict, Coverage, Position
from consilium_common.contracts.case import Finding, Patient, Reading, RedFlag, RouteChoice, Triage, Vital
from consilium_common.contracts.knowledge import TriageLevel
from consilium_common.contracts.opinion import (
    Confidence,
    Evidence,
    Opinion,
    Possibility,
    Recommendation,
    Score,
    ScoreInput,
    Statement,
)
from consilium_common.contracts.problem import Problem

FLAG = RedFlag(
    rule="acs",
    version=1,
    level=TriageLevel.EMERGENCY,
    within="now",
    suspect="heart attack",
    say="Call the emergency number now.",
    words=("chest pain", "sweating"),
    specialties=("cardiology",),
)
TRIAGE = Triage(
    level=TriageLevel.EMERGENCY,
    within="now",
    advice="Call the emergency number now.",
    red_flags=(FLAG,),
    reasons=("heart attack: 'chest pain'",),
    ask=("Are you sweating?",),
    rules_version="abc",
)
FINDING = Finding(
    id="chest-pain",
    name="chest pain",
    words="chest pain",
    start=0,
    end=10,
    onset="sudden",
    duration_h=0.5,
    severity=8,
    side="left",
)
PATIENT = Patient(
    age_years=58, sex="m", pregnant=False, conditions=("diabetes",), medications=("aspirin",), allergies=("nsaid-allergy",)
)
READING = Reading(findings=(FINDING,), vitals=(Vital(name="heart_rate_bpm", value=110, words="pulse 110"),), patient=PATIENT)
EVIDENCE = Evidence(
    id="1",
    kind="knowledge",
    title="Angina",
    source="ESC 2023",
    locator="cardiology/angina#about",
    quote="Angina is pain.",
    score=0.9,
)
STATEMENT = Statement(text="This can fit with angina.", evidence_ids=("1",))
POSSIBILITY = Possibility(
    condition="angina",
    name="Angina",
    lay="chest tightness",
    icd10="I20.9",
    probability=0.4,
    supporting=("chest-pain",),
    against=("fever",),
    triage=TriageLevel.SAME_DAY,
    evidence_ids=("1",),
)
RECOMMENDATION = Recommendation(
    text="Have an ECG.",
    kind="test",
    urgency="now",
    condition="angina",
    drug="aspirin",
    evidence_ids=("1",),
    blocked_by=("allergy",),
)
SCORE = Score(
    calculator="heart",
    name="HEART score",
    text="HEART score: 3 to 5 of 10.",
    low=3,
    high=5,
    top=10,
    risk="a major cardiac event within six weeks in 1.7%",
    inputs=(ScoreInput(name="age_years", label="age", value="58 years", origin="person"),),
    missing=("troponin",),
    ask="What was the first troponin?",
    applies_to="adults with chest pain",
    evidence_ids=("1",),
)
OPINION = Opinion(
    summary=(STATEMENT,),
    differential=(POSSIBILITY,),
    recommendations=(RECOMMENDATION,),
    scores=(SCORE,),
    red_flags=(FLAG,),
    ask_next=("Since when?",),
    confidence=Confidence(value=0.6, basis="three findings"),
    evidence=(EVIDENCE,),
    degraded=("graph",),
    knowledge_version="abc",
)
CONFLICT = Conflict(
    claim="angina",
    positions=(Position(agent="cardiology", stance="likely", evidence_ids=("1",)), Position(agent="gp", stance="unlikely")),
    resolution="the more urgent view stands",
    severity="major",
)
COVERAGE = Coverage(agent="cardiology", status="timed_out", reason="did not answer in time")
ANSWER = Answer(
    triage=TRIAGE,
    summary=(STATEMENT,),
    differential=(POSSIBILITY,),
    recommendations=(RECOMMENDATION,),
    scores=(SCORE,),
    conflicts=(CONFLICT,),
    coverage=(COVERAGE,),
    confidence=Confidence(value=0.5, basis="one view is missing"),
    citations=(EVIDENCE,),
    ask_next=("Since when?",),
    disclaimers=("No diagnosis.",),
    content_sha256="0" * 64,
)
PROBLEM = Problem(title="No", status=503, detail="Because.", code="why", retryable=True)
CHOICE = RouteChoice(specialist="cardiology", score=0.8, reasons=("chest pain",))

_ALL = [
    commands.SubmitConsult(
        gateway="g", owner="o", session_id="s", message="chest pain", specialists=("gp",), audience="clinician"
    ),
    commands.AssessCase(specialist="gp", gateway="g", view_id="v", snapshot_id="s", question_vector="AAAA"),
    commands.Plan(
        gateway="g",
        snapshot_id="s",
        triage=TRIAGE,
        reading=READING,
        patient=PATIENT,
        choices=(CHOICE,),
        asked=("cardiology",),
        unavailable={"gp": "is not running"},
    ),
    commands.OpinionGiven(specialist="cardiology", opinion=OPINION),
    commands.MergeClaimed(instance="aggregator-1"),
    commands.DeadlineReached(gateway="g", outer=True),
    commands.LoadPack(specialist="gp", knowledge_version="abc", reference="gp:abc"),
    commands.EmbedTexts(texts=("a", "b")),
    commands.TextsEmbedded(vectors=("AAAA",)),
    events.ConsultAccepted(session_id="s"),
    events.TriageAssessed(triage=TRIAGE),
    events.RouteDecided(choices=(CHOICE,), snapshot_id="s", insufficient="not-medical"),
    events.AgentStarted(agent="gp"),
    events.AgentProgress(agent="gp", step="retrieved", detail="8 passages"),
    events.AgentCompleted(agent="cardiology", opinion=OPINION, took_ms=12.5),
    events.AgentFailed(agent="gp", problem=PROBLEM),
    events.AgentTimedOut(agent="gp"),
    events.AgentUnavailable(agent="gp", reason="is not running"),
    events.AgentLate(agent="gp"),
    events.ConflictDetected(conflict=CONFLICT),
    events.AnswerDelta(merge=1, text="This can fit with angina.", citations=(1,)),
    events.AnswerCompleted(merge=1, answer=ANSWER),
    events.ConsultCompleted(answer=ANSWER, coverage=(COVERAGE,)),
    events.ConsultIncomplete(answer=ANSWER, coverage=(COVERAGE,)),
    events.ConsultFailed(problem=PROBLEM),
    events.ConsultCancelled(),
]
SAMPLES = {type(sample): sample for sample in _ALL}
