"""Saying an answer: who is missing, what differs, the text piece by piece, the whole, and the final that goes with it."""

import asyncio

from consilium_common.bus import publish
from consilium_common.bus.connection import Bus
from consilium_common.clinical.answer_text import answer_text
from consilium_common.clinical.merge import MergedAnswer
from consilium_common.contracts.envelope import Envelope
from consilium_common.contracts.events import (
    AgentTimedOut,
    AnswerCompleted,
    AnswerDelta,
    ConflictDetected,
    ConsultCompleted,
    ConsultFailed,
    ConsultIncomplete,
    Final,
)


async def tell(bus: Bus, cause: Envelope, gateway: str, merged: MergedAnswer, number: int, timed_out: tuple[str, ...]) -> None:
    """Publish what leads to the final, as the merge of this number. All at once: one connection keeps their order.

    Raises:
        BusError: when the bus does not take something.
    """
    said: list[tuple[str, AgentTimedOut | ConflictDetected | AnswerDelta | AnswerCompleted]] = []
    said += [(name, AgentTimedOut(agent=name)) for name in timed_out]
    said += [(f"{number}.{i}", ConflictDetected(conflict=conflict)) for i, conflict in enumerate(merged.answer.conflicts)]
    for i, (text, citations) in enumerate(answer_text(merged.answer)):
        said.append((f"{number}.{i}", AnswerDelta(merge=number, text=text, citations=tuple(citations))))
    said.append((str(number), AnswerCompleted(merge=number, answer=merged.answer)))
    await asyncio.gather(*(publish.emit(bus, cause, gateway, message, part=part) for part, message in said))


def final_of(merged: MergedAnswer) -> Final:
    """Return the final that a merged answer ends with."""
    kinds: dict[str, type[Final]] = {"completed": ConsultCompleted, "incomplete": ConsultIncomplete, "failed": ConsultFailed}
    return kinds[merged.outcome](answer=merged.answer, coverage=merged.answer.coverage)
