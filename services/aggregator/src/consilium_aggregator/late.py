"""What came too late: kept for whoever looks, and never part of an answer."""

from dataclasses import dataclass

from consilium_aggregator.case_file import CaseFile
from consilium_common.bus import publish
from consilium_common.bus.connection import Bus
from consilium_common.contracts import subjects
from consilium_common.contracts.commands import OpinionGiven
from consilium_common.contracts.envelope import Envelope
from consilium_common.contracts.events import FINALS, AgentLate, Final


@dataclass(frozen=True)
class Over:
    """Why an attempt is not merged any more: the consult has its final, or a newer attempt is planned."""

    final: Envelope | None


async def note_late(bus: Bus, file: CaseFile, envelope: Envelope, over: Over) -> None:
    """Keep an opinion that came after the end, or for an attempt that was given up, as `agent.late`. Plans are passed over.

    Raises:
        BusError: when the bus does not take it.
    """
    if file.plan is None or envelope.type != OpinionGiven.TYPE:
        return
    agent = OpinionGiven.model_validate(envelope.data).specialist
    if over.final is not None and _counted(over.final, file.attempt, agent):
        return
    identity = f"{file.consult}:{file.attempt}:{agent}:late"
    late = envelope.caused(AgentLate(agent=agent), bus.service, id=identity)
    await publish.publish(bus, subjects.late(file.plan.gateway, file.consult), late)


def _counted(final: Envelope, attempt: int, agent: str) -> bool:
    """Return whether the final used this agent's opinion or failure of this attempt."""
    kind = next((kind for kind in FINALS if final.type == kind.TYPE), Final)
    coverage = kind.model_validate(final.data).coverage
    return final.attempt == attempt and any(
        entry.agent == agent and entry.status in {"answered", "failed"} for entry in coverage
    )
