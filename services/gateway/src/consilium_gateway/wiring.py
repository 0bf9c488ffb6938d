"""Everything the gateway opens and closes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from consilium_common.bus.connection import Bus, connect
from consilium_common.bus.registry import Registry
from consilium_common.bus.streams import ensure_streams
from consilium_common.contracts.base import new_id
from consilium_common.probes import Checks, probe_routes
from consilium_common.security.sealing import Sealer
from consilium_common.service import Running
from consilium_common.stores.cache import open_cache
from consilium_common.stores.consults import Consults
from consilium_common.stores.documents import Documents, open_documents
from consilium_common.stores.indexes import ensure_indexes
from consilium_gateway import openapi, problems
from consilium_gateway.admission import Admission
from consilium_gateway.archive import Archive
from consilium_gateway.auth import Gatekeeper
from consilium_gateway.consults import ConsultService
from consilium_gateway.cursor import Cursors
from consilium_gateway.hub import Hub
from consilium_gateway.leaving import Leaving
from consilium_gateway.load import BUDGET, Load, LoadWatch
from consilium_gateway.recorder import Recorder
from consilium_gateway.replay import Replay
from consilium_gateway.routes import Routes
from consilium_gateway.settings import GatewaySettings
from consilium_gateway.sweeper import Sweeper


@asynccontextmanager
async def build(settings: GatewaySettings) -> AsyncIterator[Running]:
    """Open the bus, MongoDB and Redis, and serve the API."""
    async with (
        connect(settings, "gateway") as bus,
        open_documents(settings) as documents,
        open_cache(settings) as cache,
    ):
        await asyncio.gather(ensure_streams(bus), ensure_indexes(documents))
        gatekeeper = Gatekeeper.from_base64(settings.token_key.get_secret_value())
        service = _service(settings, bus, documents, Cursors(gatekeeper.key))
        recorder = Recorder(bus, service.hub, service.archive)
        recording = recorder.consumer()
        leaving = Leaving(bus, service.cancel_unread)
        admission = Admission(cache, settings.consults_per_minute, service.load)
        routes = Routes(
            service=service,
            gatekeeper=gatekeeper,
            admission=admission,
            cursors=Cursors(gatekeeper.key),
            replay=Replay(service.hub, service.consults, service.archive, leaving),
            ticket_ttl_s=settings.ticket_ttl_s,
        )

        async def ready() -> None:
            await asyncio.gather(service.hub.ready(), service.registry.ready(), recording.ready())

        async def drain(timeout_s: float) -> None:
            admission.stopping = True
            await service.drain()
            await recording.drain(timeout_s)
            leaving.close()
            service.hub.close()

        async def bus_up() -> bool:
            return bus.ping() and not admission.stopping  # so that nobody sends anything more here

        yield Running(
            tasks=[
                service.hub.run(),
                service.registry.run(),
                recording.run(),
                Sweeper(service, service.consults, recorder).run(),
                LoadWatch(bus, service.load).run(),
            ],
            ready=ready,
            drain=drain,
            app=application(routes, {"bus": bus_up, "documents": documents.ping, "cache": cache.ping}),
            lost=bus.lost,
        )


def application(routes: Routes, checks: Checks) -> FastAPI:
    """Return the ASGI application."""
    app = FastAPI(title="Consilium", version="0.1.0", summary="Specialists answer a health question together.")
    problems.install(app)
    app.router.routes.extend([*probe_routes("gateway", checks), routes.events_route()])
    app.include_router(routes.router())
    openapi.document(app)
    return app


def _service(settings: GatewaySettings, bus: Bus, documents: Documents, cursors: Cursors) -> ConsultService:
    # New with each start: whatever stands under this name on the stream, this process has seen from the beginning.
    gateway = new_id("g")
    consults, sealer = Consults(documents), Sealer.from_base64(settings.bus_key.get_secret_value())
    return ConsultService(
        bus=bus,
        gateway=gateway,
        hub=Hub(bus, gateway, cursors),
        registry=Registry(bus),
        consults=consults,
        archive=Archive(consults, sealer),
        sealer=sealer,
        load=Load(settings.in_flight_always, settings.in_flight_most, BUDGET * settings.consult_deadline_s),
        deadline_s=settings.consult_deadline_s,
    )
