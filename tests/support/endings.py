"""What tests of how consults end have in common."""

from datetime import UTC, datetime

from consilium_common.contracts.case import CaseView
from consilium_common.contracts.envelope import Envelope
from consilium_common.contracts.opinion import Opinion
from consilium_common.stores.documents import now_ms
from support.client import Event
from support.consilium import Gateway, instantly


async def asked(gateway: Gateway, *specialists: str) -> str:
    return str((await gateway.client.ask(specialists=list(specialists)))["consult_id"])


def coverage(events: list[Event]) -> dict[str, str]:
    return {entry["agent"]: entry["status"] for entry in events[-1].data["coverage"]}


async def opinion(plan: Envelope, name: str) -> Opinion:
    view = CaseView(
        view_id="v",
        snapshot_id="s",
        consult_id=plan.correlation_id,
        specialist=name,
        question="q",
        reading=plan.data["reading"],
        patient=plan.data["patient"],
        triage=plan.data["triage"],
        expires_at=datetime.now(UTC),
    )

    async def nobody(_step: str, _detail: str) -> None:
        return None

    return await instantly(view, None, nobody)


async def made_old(gateway: Gateway, consult: str) -> None:
    consults = gateway.routes.service.consults
    await consults._consults.update_one({"_id": consult}, {"$set": {"accepted_ms": now_ms() - 3_600_000}})
