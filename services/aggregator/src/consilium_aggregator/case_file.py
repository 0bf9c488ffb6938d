"""The case file of one attempt: its plan and opinions, read from the bus, remembered while they are needed.

What stands on the stream never changes, so what was seen may be kept in memory; nothing depends on it being there.
"""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, field

from consilium_common.bus import read
from consilium_common.bus.connection import Bus
from consilium_common.contracts import subjects
from consilium_common.contracts.commands import OpinionGiven, Plan
from consilium_common.contracts.envelope import Envelope
from consilium_common.errors import ConsiliumError

REMEMBERED = 4096  # attempts; about 20 KB each with four opinions


class NoPlanError(ConsiliumError):
    """An opinion is there, its plan is not (yet): try again."""

    def __init__(self) -> None:
        super().__init__("no-plan", "The plan of this case is not on the bus yet.", retryable=True)


@dataclass
class CaseFile:
    """What is known of one attempt. `plan_envelope` carries consult, attempt, deadline and trace.

    `newest` is the newest attempt that had a plan when it was last looked what is missing.
    """

    consult: str
    attempt: int
    plan_envelope: Envelope | None = None
    plan: Plan | None = None
    opinions: dict[str, OpinionGiven] = field(default_factory=dict)
    newest: int = 0
    too_late: set[str] = field(default_factory=set)

    def take(self, given: OpinionGiven) -> None:
        """Remember what a specialist gave; who only says that the time was over has given nothing."""
        if given.too_late:
            self.too_late.add(given.specialist)
        else:
            self.opinions[given.specialist] = given

    @property
    def missing(self) -> tuple[str, ...]:
        """Return who was asked and has not answered, as far as is known here."""
        asked = self.plan.asked if self.plan else ()
        return tuple(name for name in asked if name not in self.opinions)


class CaseFiles:
    """Finds case files, in memory first, then on the bus."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._files: OrderedDict[tuple[str, int], CaseFile] = OrderedDict()

    def note(self, envelope: Envelope) -> CaseFile:
        """Remember a plan or an opinion that was delivered here, and return its file."""
        file = self._file(envelope.correlation_id, envelope.attempt)
        if envelope.type == Plan.TYPE:
            file.plan_envelope, file.plan = envelope, Plan.model_validate(envelope.data)
        else:
            file.take(OpinionGiven.model_validate(envelope.data))
        return file

    async def complete(self, file: CaseFile) -> CaseFile:
        """Read from the bus what other replicas were told.

        Raises:
            NoPlanError: when the plan does not stand on the bus.
        """
        if file.plan is None:
            envelope = await read.last(self._bus, subjects.CASES, subjects.plan(file.consult, file.attempt))
            if envelope is None:
                raise NoPlanError
            file.plan_envelope, file.plan = envelope, Plan.model_validate(envelope.data)
        if file.missing:
            unread = {subjects.opinion(file.consult, file.attempt, name) for name in file.missing if name not in file.too_late}
            held = await read.subjects_with_messages(self._bus, subjects.CASES, subjects.case(file.consult))
            file.newest = max(map(subjects.attempt_of, filter(subjects.is_plan, held)), default=0)
            found = await asyncio.gather(*(read.last(self._bus, subjects.CASES, subject) for subject in sorted(unread & held)))
            for envelope in found:
                if envelope is not None:
                    file.take(OpinionGiven.model_validate(envelope.data))
        return file

    async def newest_attempt(self, consult: str) -> int:
        """Return the number of the newest attempt that has a plan; 0 when none has."""
        held = await read.subjects_with_messages(self._bus, subjects.CASES, subjects.plan(consult, "*"))
        return max(map(subjects.attempt_of, held), default=0)

    async def newest(self, consult: str) -> CaseFile | None:
        """Return the file of a consult's newest attempt that has a plan."""
        attempt = await self.newest_attempt(consult)
        return await self.complete(self._file(consult, attempt)) if attempt else None

    def _file(self, consult: str, attempt: int) -> CaseFile:
        key = (consult, attempt)
        if key not in self._files:
            self._files[key] = CaseFile(consult, attempt)
            if len(self._files) > REMEMBERED:
                self._files.popitem(last=False)
        self._files.move_to_end(key)
        return self._files[key]
