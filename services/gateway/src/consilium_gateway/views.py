"""What the gateway answers with, besides events."""

from typing import Any, Literal

from pydantic import BaseModel

from consilium_common.contracts.manifest import Profile
from consilium_common.stores.consults import Consult

Status = Literal["running", "completed", "incomplete", "failed", "cancelled"]


class Accepted(BaseModel):
    """Where to follow a consult. `events_url` carries a ticket that opens these events only, for a short time."""

    consult_id: str
    session_id: str
    events_url: str
    status_url: str


class Snapshot(Accepted):
    """A consult as it stands. `final` is the data of the final event, once there is one."""

    status: Status
    accepted_ms: int
    attempts: int
    final: dict[str, Any] | None = None


class AgentInfo(BaseModel):
    """A specialist: what it is for, and how many instances are alive."""

    name: str
    title: str
    version: str
    knowledge_version: str
    conditions: int
    instances: int
    scope: dict[str, Any]
    data: list[str]
    deadline_s: float


def accepted(consult: Consult, ticket: str) -> Accepted:
    """Return where to follow a consult."""
    base = f"/v1/consults/{consult.id}"
    return Accepted(
        consult_id=consult.id, session_id=consult.session_id, events_url=f"{base}/events?ticket={ticket}", status_url=base
    )


def snapshot(consult: Consult, ticket: str, final: dict[str, Any] | None) -> Snapshot:
    """Return a consult as it stands; `final` holds the type and data of its final."""
    status = final["type"].removeprefix("consult.") if final else "running"
    return Snapshot(
        **accepted(consult, ticket).model_dump(),
        status=status,
        accepted_ms=consult.accepted_ms,
        attempts=consult.attempts,
        final=final["data"] if final else None,
    )


def agent_info(profile: Profile, instances: int) -> AgentInfo:
    """Return what is shown of a specialist."""
    manifest = profile.manifest
    return AgentInfo(
        name=manifest.name,
        title=manifest.title,
        version=manifest.version,
        knowledge_version=profile.knowledge_version,
        conditions=len(profile.conditions),
        instances=instances,
        scope=manifest.scope.model_dump(),
        data=list(manifest.data),
        deadline_s=manifest.limits.deadline_s,
    )
