"""What services ask of each other. Commands are imperative; what they carry stays encrypted on the bus."""

from typing import ClassVar, Literal

from pydantic import Field

from consilium_common.contracts.base import Message
from consilium_common.contracts.case import Patient, Reading, RouteChoice, Triage
from consilium_common.contracts.opinion import Opinion
from consilium_common.contracts.problem import Problem

Audience = Literal["patient", "clinician"]
TASK_SPARE_S = 2  # whole seconds that a task outlives its deadline in the stream, so that it is not lost to rounding
TOO_LATE = Problem(title="Too late", status=504, code="too-late", detail="The time for an opinion was over.")


class SubmitConsult(Message):
    """Gateway to orchestrator: answer this. `owner` is a pseudonym; `gateway` is the one that accepted."""

    TYPE: ClassVar[str] = "consilium.consult.submit.v1"
    gateway: str
    owner: str
    session_id: str
    message: str
    specialists: tuple[str, ...] | None = None
    audience: Audience = "patient"


class AssessCase(Message):
    """Orchestrator to one specialist: read this case view and give an opinion.

    `question_vector` is the embedded question, base64 of little-endian float32, or None when it could not be had.
    """

    TYPE: ClassVar[str] = "consilium.case.assess.v1"
    specialist: str
    gateway: str
    view_id: str
    snapshot_id: str
    question_vector: str | None = None


class Plan(Message):
    """Orchestrator to aggregator: what was asked of whom. `asked` are those whose opinion is waited for."""

    TYPE: ClassVar[str] = "consilium.case.plan.v1"
    gateway: str
    snapshot_id: str
    audience: Audience = "patient"
    triage: Triage
    reading: Reading
    patient: Patient
    choices: tuple[RouteChoice, ...] = ()
    asked: tuple[str, ...] = ()
    unavailable: dict[str, str] = Field(default_factory=dict)


class OpinionGiven(Message):
    """Specialist to aggregator: an opinion, or the problem that prevented one."""

    TYPE: ClassVar[str] = "consilium.opinion.given.v1"
    specialist: str
    opinion: Opinion | None = None
    problem: Problem | None = None

    @property
    def too_late(self) -> bool:
        """Return whether it only says that the specialist's time was over."""
        return self.problem is not None and self.problem.code == TOO_LATE.code


class MergeClaimed(Message):
    """An aggregator's claim on a merge; the subject holds one, so only the first is stored."""

    TYPE: ClassVar[str] = "consilium.merge.claimed.v1"
    instance: str


class DeadlineReached(Message):
    """A deadline is due. The outer one was set by the gateway at acceptance, before any plan."""

    TYPE: ClassVar[str] = "consilium.deadline.reached.v1"
    gateway: str
    outer: bool = False


class LoadPack(Message):
    """Specialist to ingestion: this pack is what I answer from. Content travels by reference, never as bytes."""

    TYPE: ClassVar[str] = "consilium.pack.load.v1"
    specialist: str
    knowledge_version: str
    reference: str


class EmbedTexts(Message):
    """Anybody to the embedder, request and reply."""

    TYPE: ClassVar[str] = "consilium.texts.embed.v1"
    texts: tuple[str, ...]


class TextsEmbedded(Message):
    """The embedder's reply: one vector for each text in its order, or the problem that prevented them.

    A vector is base64 of little-endian float32, of length 1; `model` names what made it.
    """

    TYPE: ClassVar[str] = "consilium.texts.embedded.v1"
    model: str = ""
    vectors: tuple[str, ...] = ()
    problem: Problem | None = None
