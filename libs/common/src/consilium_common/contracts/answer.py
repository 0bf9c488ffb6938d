"""The answer: several opinions as one, with dissent and gaps kept visible."""

from typing import Literal

from consilium_common.contracts.base import Contract
from consilium_common.contracts.case import Triage
from consilium_common.contracts.opinion import Confidence, Evidence, Possibility, Recommendation, Score, Statement

AgentStatus = Literal["answered", "failed", "timed_out", "unavailable", "cancelled"]


class Position(Contract):
    """What one agent holds about a claim."""

    agent: str
    stance: str
    evidence_ids: tuple[str, ...] = ()


class Conflict(Contract):
    """A claim on which agents differ. It is shown with its resolution, never averaged away."""

    claim: str
    positions: tuple[Position, ...]
    resolution: str
    severity: Literal["minor", "major", "critical"]


class Coverage(Contract):
    """Whether an agent that should have answered did, and why not."""

    agent: str
    status: AgentStatus
    reason: str = ""


class Answer(Contract):
    """What the client gets. `content_sha256` covers the rest, as canonical JSON: a signature over it covers what was read.

    `audience` is whom it is written for: probabilities are shown to a clinician, never to a patient.
    """

    triage: Triage
    summary: tuple[Statement, ...]
    differential: tuple[Possibility, ...] = ()
    recommendations: tuple[Recommendation, ...] = ()
    scores: tuple[Score, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    coverage: tuple[Coverage, ...] = ()
    confidence: Confidence
    citations: tuple[Evidence, ...] = ()
    ask_next: tuple[str, ...] = ()
    disclaimers: tuple[str, ...] = ()
    insufficient_information: str | None = None
    audience: Literal["patient", "clinician"] = "patient"
    content_sha256: str = ""
