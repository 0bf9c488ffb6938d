"""An opinion: what one specialist thinks, with the evidence for every sentence."""

from typing import Literal

from pydantic import Field

from consilium_common.contracts.base import Contract
from consilium_common.contracts.case import RedFlag
from consilium_common.contracts.knowledge import TriageLevel


class Evidence(Contract):
    """One piece of evidence. `locator` finds it again: `<specialist>/<condition>#<section>` for knowledge."""

    id: str
    kind: Literal["knowledge", "record", "literature"]
    title: str
    source: str
    locator: str
    quote: str
    score: float = Field(default=0, ge=0)


class Possibility(Contract):
    """One entry of a differential. `condition` is its id, `name` and `lay` its names, `probability` 0 to 1.

    `supporting` and `against` are names of findings, `words` those of the question that cases of the condition are told with.
    """

    condition: str
    name: str
    lay: str = ""
    icd10: str
    probability: float = Field(ge=0, le=1)
    supporting: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    triage: TriageLevel
    evidence_ids: tuple[str, ...] = ()


class Recommendation(Contract):
    """One thing to do. What is blocked stays, with the reasons in `blocked_by`."""

    text: str
    kind: Literal["self-care", "test", "treatment", "referral", "monitoring"]
    urgency: Literal["now", "today", "soon", "routine"]
    condition: str | None = None
    drug: str | None = None
    for_patient: bool = True
    evidence_ids: tuple[str, ...] = ()
    blocked_by: tuple[str, ...] = ()


class Confidence(Contract):
    """0 to 1, and what it rests on in plain words."""

    value: float = Field(ge=0, le=1)
    basis: str


class Statement(Contract):
    """One sentence and the evidence that it rests on."""

    text: str
    evidence_ids: tuple[str, ...] = ()


class ScoreInput(Contract):
    """One input of a score as it was used: `value` with its unit, or what is still possible; `words` are what gave it."""

    name: str
    label: str
    value: str
    origin: Literal["said", "measured", "record", "person", "total"]
    words: str = ""


class Score(Contract):
    """A published score worked out for this case, in words for its reader. It informs and never changes a triage.

    `value` is None while missing inputs leave it open; then it lies between `low` and `high`. `band` is set when all that is
    possible falls into one, `ask` when what is missing could change it. `reassures` marks what must not stand beside a warning
    sign without saying so. For a patient only `text` and what it rests on is given.
    """

    calculator: str
    name: str
    text: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    top: float | None = None
    unit: str = ""
    band: str | None = None
    reassures: bool = False
    risk: str = ""
    inputs: tuple[ScoreInput, ...] = ()
    missing: tuple[str, ...] = ()
    ask: str | None = None
    applies_to: str = ""
    evidence_ids: tuple[str, ...] = ()


class Opinion(Contract):
    """What a specialist answers. `degraded` names the stores that could not be asked.

    `something_else` is the share that is left to conditions which the specialist does not know. With it, what is neither listed
    nor something else belongs to conditions that it weighed and did not list; without it, the two cannot be told apart.
    """

    summary: tuple[Statement, ...]
    differential: tuple[Possibility, ...] = ()
    something_else: float | None = Field(default=None, ge=0, le=1)
    recommendations: tuple[Recommendation, ...] = ()
    scores: tuple[Score, ...] = ()
    red_flags: tuple[RedFlag, ...] = ()
    ask_next: tuple[str, ...] = ()
    confidence: Confidence
    evidence: tuple[Evidence, ...] = ()
    insufficient_information: str | None = None
    degraded: tuple[str, ...] = ()
    model: str = "evidence"
    knowledge_version: str
