"""The envelope around every message on the bus."""

from datetime import UTC, datetime
from typing import Any

from pydantic import Field

from consilium_common.contracts.base import Contract, Message, new_id


class Envelope(Contract):
    """One message: who caused it, for which consult and attempt, and until when it matters.

    `type` is a versioned name, never a class name; `data` is the message itself. Times are UTC. The whole envelope is
    encrypted on the bus, so `data` may hold what a patient said; subjects and headers never do.
    """

    id: str
    type: str
    correlation_id: str
    causation_id: str | None = None
    occurred_at: datetime
    source: str
    attempt: int = 1
    deadline_at: datetime | None = None
    traceparent: str | None = None
    data: dict[str, Any] = Field(default_factory=dict)

    def caused(self, message: Message, source: str, *, id: str | None = None) -> "Envelope":
        """Return the envelope of a message that this one caused: same consult, attempt, deadline and trace."""
        return wrap(
            message,
            source,
            correlation_id=self.correlation_id,
            causation_id=self.id,
            attempt=self.attempt,
            deadline_at=self.deadline_at,
            traceparent=self.traceparent,
            id=id,
        )


def wrap(
    message: Message,
    source: str,
    *,
    correlation_id: str,
    causation_id: str | None = None,
    attempt: int = 1,
    deadline_at: datetime | None = None,
    traceparent: str | None = None,
    id: str | None = None,
) -> Envelope:
    """Put a message into a new envelope. `id` is given where a repeated handler must produce the same one."""
    return Envelope(
        id=id or new_id("m"),
        type=message.TYPE,
        correlation_id=correlation_id,
        causation_id=causation_id,
        occurred_at=datetime.now(UTC),
        source=source,
        attempt=attempt,
        deadline_at=deadline_at,
        traceparent=traceparent,
        data=message.model_dump(mode="json"),
    )
