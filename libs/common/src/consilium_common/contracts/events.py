"""What a client sees happen. Events are past tense; their client-side name is the `TYPE` without prefix and version."""

from typing import ClassVar

from consilium_common.contracts.answer import Answer, Conflict, Coverage
from consilium_common.contracts.base import Message
from consilium_common.contracts.case import RouteChoice, Triage
from consilium_common.contracts.opinion import Opinion
from consilium_common.contracts.problem import Problem


class ConsultAccepted(Message):
    """The consult is stored."""

    TYPE: ClassVar[str] = "consilium.consult.accepted.v1"
    session_id: str


class TriageAssessed(Message):
    """The rules have looked; nothing that follows can lower this."""

    TYPE: ClassVar[str] = "consilium.triage.assessed.v1"
    triage: Triage


class RouteDecided(Message):
    """Who is asked and why, and who would have been but is not there."""

    TYPE: ClassVar[str] = "consilium.route.decided.v1"
    choices: tuple[RouteChoice, ...]
    snapshot_id: str
    insufficient: str | None = None


class AgentStarted(Message):
    """A specialist has begun."""

    TYPE: ClassVar[str] = "consilium.agent.started.v1"
    agent: str


class AgentProgress(Message):
    """A specialist has done a step, such as `retrieved 8 passages`."""

    TYPE: ClassVar[str] = "consilium.agent.progress.v1"
    agent: str
    step: str
    detail: str = ""


class AgentCompleted(Message):
    """A specialist has given its opinion."""

    TYPE: ClassVar[str] = "consilium.agent.completed.v1"
    agent: str
    opinion: Opinion
    took_ms: float


class AgentFailed(Message):
    """A specialist could not answer."""

    TYPE: ClassVar[str] = "consilium.agent.failed.v1"
    agent: str
    problem: Problem


class AgentTimedOut(Message):
    """A specialist did not answer in time; its view is missing."""

    TYPE: ClassVar[str] = "consilium.agent.timed_out.v1"
    agent: str


class AgentUnavailable(Message):
    """A specialist that should have been asked is not running."""

    TYPE: ClassVar[str] = "consilium.agent.unavailable.v1"
    agent: str
    reason: str


class AgentLate(Message):
    """A specialist answered after the end, or for an older attempt; the answer is not changed."""

    TYPE: ClassVar[str] = "consilium.agent.late.v1"
    agent: str


class ConflictDetected(Message):
    """Specialists differ on a claim."""

    TYPE: ClassVar[str] = "consilium.conflict.detected.v1"
    conflict: Conflict


class AnswerDelta(Message):
    """A piece of the answer's text. A client drops text of a lower `merge`."""

    TYPE: ClassVar[str] = "consilium.answer.delta.v1"
    merge: int
    text: str
    citations: tuple[int, ...] = ()


class AnswerCompleted(Message):
    """The whole answer."""

    TYPE: ClassVar[str] = "consilium.answer.completed.v1"
    merge: int
    answer: Answer


class Final(Message):
    """The one end of a consult. `answer` is there unless nothing could be said; `problem` when something went wrong."""

    answer: Answer | None = None
    coverage: tuple[Coverage, ...] = ()
    problem: Problem | None = None


class ConsultCompleted(Final):
    """Everybody who was asked has answered."""

    TYPE: ClassVar[str] = "consilium.consult.completed.v1"


class ConsultIncomplete(Final):
    """There is an answer, but somebody's view or enough information is missing."""

    TYPE: ClassVar[str] = "consilium.consult.incomplete.v1"


class ConsultFailed(Final):
    """Nobody could give an opinion; an answer, if there is one, holds the triage advice alone."""

    TYPE: ClassVar[str] = "consilium.consult.failed.v1"


class ConsultCancelled(Final):
    """The client took the question back."""

    TYPE: ClassVar[str] = "consilium.consult.cancelled.v1"


FINALS: tuple[type[Final], ...] = (ConsultCompleted, ConsultIncomplete, ConsultFailed, ConsultCancelled)


def client_type(message_type: str) -> str:
    """Return the name that a client sees: `triage.assessed` for `consilium.triage.assessed.v1`."""
    return message_type.removeprefix("consilium.").rsplit(".", 1)[0]


FINAL_NAMES: frozenset[str] = frozenset(client_type(final.TYPE) for final in FINALS)
