"""Everything the orchestrator opens and closes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from consilium_common.bus.connection import Bus, connect
from consilium_common.bus.consume import Consumer, ConsumerSpec
from consilium_common.bus.registry import Registry
from consilium_common.bus.streams import ensure_streams
from consilium_common.clinical.findings import FindingReader
from consilium_common.clinical.triage import Rules, assess
from consilium_common.contracts import subjects
from consilium_common.contracts.case import Patient
from consilium_common.knowledge import load_shared
from consilium_common.models.embedder import EmbedderClient
from consilium_common.security.sealing import Sealer
from consilium_common.service import Running
from consilium_common.stores.case_views import CaseViews
from consilium_common.stores.documents import open_documents
from consilium_orchestrator.conduct import Conductor
from consilium_orchestrator.settings import OrchestratorSettings

# The pauses between so many tries are 8 s together, as long as a question can wait. With MongoDB away it takes fewer: each try
# is slow then, and the last one for which there is time asks nobody instead.
MAX_DELIVER = 6
WARM_UP = "I am 40 and have had a headache and no fever for two days."


@asynccontextmanager
async def build(settings: OrchestratorSettings) -> AsyncIterator[Running]:
    """Open the bus, MongoDB and the shared knowledge, and consume submitted consults."""
    shared = load_shared()
    reader = FindingReader(shared.findings.values(), shared.medicines.values())
    rules = Rules(shared.red_flags, shared.findings.values(), shared.medicines.values(), shared.word_weights)
    # What is prepared at first use is prepared before the first patient.
    assess(reader.read(WARM_UP), Patient(), rules, WARM_UP)
    async with connect(settings, "orchestrator") as bus, open_documents(settings) as documents:
        await ensure_streams(bus)
        registry = Registry(bus)
        conductor = Conductor(
            bus=bus,
            registry=registry,
            reader=reader,
            rules=rules,
            views=CaseViews(documents, Sealer.from_base64(settings.bus_key.get_secret_value())),
            embedder=EmbedderClient(bus),
        )
        consumer = consumer_of(bus, conductor, settings.concurrency)

        async def ready() -> None:
            await asyncio.gather(registry.ready(), consumer.ready())

        async def bus_up() -> bool:
            return bus.ping()

        yield Running(
            tasks=[registry.run(), consumer.run()],
            ready=ready,
            drain=consumer.drain,
            checks={"bus": bus_up, "documents": documents.ping},
            lost=bus.lost,
        )


def consumer_of(bus: Bus, conductor: Conductor, concurrency: int) -> Consumer:
    """Return what one orchestrator consumes: submitted consults."""
    spec = ConsumerSpec(subjects.CONSULTS, "orchestrator", (subjects.SUBMIT_ALL,), concurrency, max_deliver=MAX_DELIVER)
    return Consumer(bus, spec, conductor.conduct, conductor.give_up)
