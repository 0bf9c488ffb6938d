"""Everything a specialist opens and closes, the same for all of them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import nats.micro

from consilium_common.bus import publish
from consilium_common.bus.connection import Bus, connect
from consilium_common.bus.consume import Consumer, ConsumerSpec
from consilium_common.bus.registry import Presence
from consilium_common.bus.streams import ensure_streams
from consilium_common.contracts import subjects
from consilium_common.contracts.base import new_id
from consilium_common.contracts.commands import LoadPack
from consilium_common.contracts.envelope import wrap
from consilium_common.contracts.manifest import Profile
from consilium_common.knowledge import SharedKnowledge, load_shared, profile_of
from consilium_common.security.sealing import Sealer
from consilium_common.service import Running, run
from consilium_common.specialist.assessment import Assessor
from consilium_common.specialist.definition import Refine, Specialist, load_specialist
from consilium_common.specialist.settings import SpecialistSettings
from consilium_common.specialist.tasks import MAX_DELIVER, Assess, TaskDesk
from consilium_common.stores.case_views import CaseViews
from consilium_common.stores.documents import Documents, open_documents
from consilium_common.stores.graph import open_graph
from consilium_common.stores.packs import Packs
from consilium_common.stores.vectors import open_vectors


def run_specialist(package: str, refine: Refine | None = None) -> None:
    """Run the specialist in an installed package until it is told to stop."""
    specialist = load_specialist(package, refine)
    run(specialist.name, SpecialistSettings, partial(build, specialist))


@asynccontextmanager
async def build(specialist: Specialist, settings: SpecialistSettings) -> AsyncIterator[Running]:
    """Open the bus and the three stores, and take tasks."""
    shared = load_shared()
    async with open_vectors(settings) as vectors, open_graph(settings) as graph:
        assessor = Assessor(specialist, shared, vectors, graph)
        async with serve_tasks(specialist, shared, settings, assessor.assess) as running:
            yield Running(
                tasks=running.tasks,
                ready=running.ready,
                drain=running.drain,
                checks={**running.checks, "vectors": vectors.ping, "graph": graph.ping},
                lost=running.lost,
            )


@asynccontextmanager
async def serve_tasks(
    specialist: Specialist, shared: SharedKnowledge, settings: SpecialistSettings, assess: Assess
) -> AsyncIterator[Running]:
    """Take the tasks of one specialist and answer them with `assess`; also what a specialist without stores runs on."""
    name = specialist.name
    async with connect(settings, name) as bus, open_documents(settings) as documents:
        await ensure_streams(bus)
        desk = TaskDesk(bus, CaseViews(documents, Sealer.from_base64(settings.bus_key.get_secret_value())), assess)
        consumer = consumer_of(bus, desk, name, specialist.manifest.limits.concurrency)
        profile = profile_of(specialist.manifest, specialist.pack, shared)
        presence = Presence(bus, profile)
        await bus.nc.subscribe(subjects.CANCEL_ALL, cb=desk.on_cancel)

        async def ready() -> None:
            await consumer.ready()
            await _hand_in(bus, documents, specialist)
            await presence.announce()

        async def drain(timeout_s: float) -> None:
            await presence.leave()
            await consumer.drain(timeout_s)

        async def bus_up() -> bool:
            return bus.ping()

        async with _discoverable(bus, profile):
            yield Running(
                tasks=[consumer.run(), presence.run()],
                ready=ready,
                drain=drain,
                checks={"bus": bus_up, "documents": documents.ping},
                lost=bus.lost,
            )


def consumer_of(bus: Bus, desk: TaskDesk, name: str, concurrency: int) -> Consumer:
    """Return what one specialist consumes: its tasks."""
    spec = ConsumerSpec(subjects.TASKS, name, (subjects.tasks_of(name),), concurrency, 3.0, MAX_DELIVER)
    return Consumer(bus, spec, desk.on_task, desk.on_given_up)


async def _hand_in(bus: Bus, documents: Documents, specialist: Specialist) -> None:
    """Store the pack in MongoDB and tell ingestion about it; the same version again is loaded once."""
    version = specialist.pack.version
    reference = await Packs(documents).put(specialist.name, version, specialist.pack.to_json())
    load = LoadPack(specialist=specialist.name, knowledge_version=version, reference=reference)
    await publish.publish(bus, subjects.ingest_pack(specialist.name), wrap(load, bus.service, correlation_id=new_id("k")))


@asynccontextmanager
async def _discoverable(bus: Bus, profile: Profile) -> AsyncIterator[None]:
    """Be a NATS micro service too, so that `nats micro ls` finds the specialist and its profile."""

    async def show(request: nats.micro.Request) -> None:
        await request.respond(profile.model_dump_json().encode())

    manifest = profile.manifest
    service = await nats.micro.add_service(
        bus.nc, name=f"consilium-{manifest.name}", version=manifest.version, description=manifest.title
    )
    await service.add_endpoint(name="profile", subject=subjects.profile(manifest.name), handler=show)
    try:
        yield
    finally:
        await service.stop()
