"""What has happened in a consult so far, as a value: a fold over its events. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from pydantic import ValidationError

from consilium_cli.ask.client import ClientEvent, GatewayError
from consilium_common.contracts import events
from consilium_common.contracts.answer import Answer
from consilium_common.contracts.base import Message
from consilium_common.contracts.case import Triage

TYPES: Mapping[str, type[Message]] = {
    events.client_type(kind.TYPE): kind
    for kind in vars(events).values()
    if isinstance(kind, type) and issubclass(kind, Message) and hasattr(kind, "TYPE")
}


@dataclass(frozen=True)
class Specialist:
    """One specialist's line: `state` is one of asked, working, answered, failed, timed out, unavailable, late."""

    name: str
    state: str = "asked"
    detail: str = ""


@dataclass(frozen=True)
class View:
    """Everything that the terminal shows of a consult."""

    triage: Triage | None = None
    specialists: Mapping[str, Specialist] = field(default_factory=dict)
    text: str = ""
    merge: int = 0
    answer: Answer | None = None
    final: events.Final | None = None

    def after(self, event: ClientEvent) -> "View":
        """Return the view after one more event. A type that is not known changes nothing.

        Raises:
            GatewayError: when the data of a known type has another shape.
        """
        kind = TYPES.get(event.type)
        if kind is None:
            return self
        try:
            return self._after(kind.model_validate(event.data))
        except ValidationError as error:
            raise GatewayError(
                f"The gateway sent a {event.type} in a shape that is not known here: {error.errors()[0]['loc']}."
            ) from None

    def _after(self, message: Message) -> "View":
        match message:
            case events.TriageAssessed(triage=triage):
                return replace(self, triage=triage)
            case events.RouteDecided(choices=choices):
                return self._with(*(Specialist(choice.specialist, "asked", "; ".join(choice.reasons)) for choice in choices))
            case events.AnswerDelta(merge=merge) if merge >= self.merge:
                before = self.text if merge == self.merge else ""
                return replace(self, merge=merge, text=before + message.text)
            case events.AnswerCompleted(answer=answer):
                return replace(self, answer=answer)
            case events.Final():
                return replace(self, final=message, answer=message.answer or self.answer)
            case _:
                line = _line(message)
                return self if line is None else self._with(line)

    def _with(self, *lines: Specialist) -> "View":
        return replace(self, specialists={**self.specialists, **{line.name: line for line in lines}})


def _line(message: Message) -> Specialist | None:
    """Return a specialist's line as this event changes it, or None when it is about no specialist."""
    match message:
        case events.AgentStarted():
            return Specialist(message.agent, "working")
        case events.AgentProgress():
            return Specialist(message.agent, "working", f"{message.step} {message.detail}".strip())
        case events.AgentCompleted():
            return Specialist(message.agent, "answered", f"in {message.took_ms / 1000:.2f} s{_leading(message)}")
        case events.AgentFailed():
            return Specialist(message.agent, "failed", message.problem.detail or message.problem.title)
        case events.AgentTimedOut():
            return Specialist(message.agent, "timed out", "did not answer in time")
        case events.AgentUnavailable():
            return Specialist(message.agent, "unavailable", message.reason)
        case events.AgentLate():
            return Specialist(message.agent, "late", "answered after the end; the answer is not changed")
    return None


def _leading(message: events.AgentCompleted) -> str:
    opinion = message.opinion
    if opinion.insufficient_information:
        return f": {opinion.insufficient_information}"
    names = [possibility.lay or possibility.name for possibility in opinion.differential[:2]]
    return f": thinks of {' or '.join(names)}" if names else ""


def exit_code(final_type: str) -> int:
    """Return 0 for a completed consult, 3 for an incomplete one, 1 for any other end."""
    return {"consult.completed": 0, "consult.incomplete": 3}.get(final_type, 1)
