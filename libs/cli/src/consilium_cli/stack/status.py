"""What the supervisor writes down about itself, for `status`, `down`, `run` and `ask`."""

from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict


class State(StrEnum):
    """How a server or service is. `starting` also covers waiting for what it needs; `detail` then says for what."""

    STARTING = "starting"
    READY = "ready"
    RESTARTING = "restarting"
    STOPPED = "stopped"
    FAILED = "failed"


class PartStatus(BaseModel):
    """One server or service. `port` is where it listens, `restarts` how often it was started again, `detail` why."""

    model_config = ConfigDict(frozen=True)
    name: str
    kind: Literal["server", "service"]
    pid: int | None = None
    port: int
    state: State = State.STARTING
    restarts: int = 0
    detail: str = ""


class Status(BaseModel):
    """Everything that one supervisor runs."""

    model_config = ConfigDict(frozen=True)
    parts: tuple[PartStatus, ...] = ()

    def stopped(self) -> "Status":
        """Return the same with everything stopped: what is true when no supervisor is there any more."""
        gone = {"pid": None, "state": State.STOPPED, "detail": ""}
        return Status(parts=tuple(part.model_copy(update=gone) for part in self.parts))

    def ports(self) -> dict[str, int]:
        """Return the port of each part."""
        return {part.name: part.port for part in self.parts}

    @property
    def settled(self) -> bool:
        """Return whether every part is ready or has failed, so that waiting longer brings nothing."""
        return bool(self.parts) and all(part.state in {State.READY, State.FAILED} for part in self.parts)

    @property
    def gateway_url(self) -> str | None:
        """Return the address of a gateway that is ready, if any is."""
        ready = (part for part in self.parts if part.name.split("-")[0] == "gateway" and part.state is State.READY)
        first = next(ready, None)
        return f"http://127.0.0.1:{first.port}" if first else None
