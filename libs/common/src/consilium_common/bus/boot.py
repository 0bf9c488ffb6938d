"""The check before a service starts: production runs only on a bus that keeps what Consilium promises."""

import asyncio
import json
import logging
import time
from typing import Any
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import ProxyHandler, build_opener

from consilium_common.bus.connection import PATIENCE_S
from consilium_common.bus.demands import Complaint, ServerState, Survey, judge
from consilium_common.errors import ConsiliumError
from consilium_common.settings import ServiceSettings

log = logging.getLogger(__name__)

ASK_TIMEOUT_S = 2.0
RETRY_S = 0.5


class WeakBusError(ConsiliumError):
    """The bus does not keep what production promises; the message lists everything that is to be changed."""

    def __init__(self, complaints: list[Complaint]) -> None:
        lines = "".join(f"\n- {complaint.text}" for complaint in complaints)
        super().__init__("weak-bus", f"NATS does not keep what production promises.{lines}")


async def require_strong_bus(settings: ServiceSettings) -> None:
    """Return when the bus is strong enough for this environment; wait for servers that are still starting.

    Raises:
        WeakBusError: in production, with everything that is wrong at once.
    """
    if settings.environment == "local":
        log.warning(
            "the local environment keeps one copy of each message and has it on the disk within two minutes: "
            "a power cut may lose what was accepted; production is not allowed that"
        )
        return
    patience_ends = time.monotonic() + PATIENCE_S
    while complaints := judge(survey := await _ask(settings.nats_monitors), settings.nats_replicas):
        if not all(complaint.passing for complaint in complaints) or time.monotonic() > patience_ends:
            raise WeakBusError(complaints)
        await asyncio.sleep(RETRY_S)
    for address in survey.silent:
        log.warning("a NATS server does not say how it is configured; the others are enough", extra={"address": address})


async def _ask(addresses: list[str]) -> Survey:
    answers = await asyncio.gather(*(asyncio.to_thread(_varz, address) for address in addresses))
    heard = zip(addresses, answers, strict=True)
    return Survey(
        asked=tuple(addresses),
        silent=tuple(urlsplit(address).netloc.rpartition("@")[2] for address, varz in heard if varz is None),
        servers=tuple(ServerState.of_varz(varz) for varz in answers if varz is not None),
    )


def _varz(address: str) -> dict[str, Any] | None:
    """Return what a server says of itself, or None when there is no NATS that does."""
    opener = build_opener(ProxyHandler({}))  # a proxy for the world outside does not know the servers inside
    try:
        with opener.open(f"{address.rstrip('/')}/varz", timeout=ASK_TIMEOUT_S) as answer:
            varz = json.load(answer)
    except (URLError, OSError, ValueError):
        return None
    return varz if isinstance(varz, dict) and "server_id" in varz else None
