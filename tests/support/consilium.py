"""A whole consilium inside a test: gateways, orchestrators, aggregators and specialists on real servers, in the test's loop.

Knowledge is a small vocabulary with one red flag, so that a start takes milliseconds and no test depends on medical content.
"""

import base64
import secrets
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

import httpx
from pydantic_settings import BaseSettings

from consilium_aggregator import wiring as aggregator
from consilium_aggregator.settings import AggregatorSettings
from consilium_cli.bench import instant
from consilium_common.contracts.knowledge import RedFlagRule
from consilium_common.contracts.manifest import DataScope, Limits, Manifest, Scope
from consilium_common.knowledge import Pack, SharedKnowledge
from consilium_common.service import serving as listening
from consilium_common.specialist import Specialist, runtime
from consilium_common.specialist.runtime import serve_tasks
from consilium_common.specialist.settings import SpecialistSettings
from consilium_common.specialist.tasks import Assess
from consilium_common.testing.servers import Servers
from consilium_embedder import wiring as embedder
from consilium_embedder.model import Encode
from consilium_embedder.settings import EmbedderSettings
from consilium_gateway import wiring as gateway
from consilium_gateway.hub import Hub
from consilium_gateway.recorder import Recorder
from consilium_gateway.routes import Routes
from consilium_gateway.settings import GatewaySettings
from consilium_gateway.sweeper import Sweeper
from consilium_ingestion import wiring as ingestion
from consilium_ingestion.settings import IngestionSettings
from consilium_orchestrator import wiring as orchestrator
from consilium_orchestrator.settings import OrchestratorSettings
from support import clinical
from support.client import Client
from support.running import serving

SettingsT = TypeVar("SettingsT", bound=BaseSettings)
ALL_DATA: tuple[DataScope, ...] = ("demographics", "conditions", "medications", "allergies", "vitals")
NO_PACK = Pack(conditions=(), findings={}, medicines={}, sources={}, version="none")
instantly: Assess = instant.answer


def small_knowledge() -> SharedKnowledge:
    """Return a vocabulary, two medicines and one red flag."""
    heart = RedFlagRule.model_validate(
        {
            "id": "heart",
            "version": 1,
            "level": "emergency",
            "within": "now",
            "when": {"all": ["chest-pain", {"any": ["sweating", "arm-heaviness"]}]},
            "suspect": "A heart attack.",
            "say": "Call your local emergency number now.",
            "rationale": "A test needs it.",
            "specialties": (),
            "sources": ("a-source",),
        }
    )
    return SharedKnowledge(
        findings={concept.id: concept for concept in clinical.concepts()},
        red_flags=(heart,),
        medicines={medicine.id: medicine for medicine in clinical.medicines()},
        sources={},
        version="small",
    )


def a_specialist(name: str, *, deadline_s: float = 5.0, data: tuple[DataScope, ...] = ALL_DATA) -> Specialist:
    """Return a specialist without knowledge."""
    manifest = Manifest(
        name=name, version="1.0.0", title=name, scope=Scope(), data=data, limits=Limits(deadline_s=deadline_s), vectors=False
    )
    return Specialist(manifest, NO_PACK)


@dataclass
class Gateway:
    """One gateway that listens, with what tests look into."""

    client: Client
    routes: Routes

    @property
    def hub(self) -> Hub:
        return self.routes.service.hub

    @property
    def sweeper(self) -> Sweeper:
        service = self.routes.service
        recorder = Recorder(service.bus, service.hub, service.archive)
        return Sweeper(service, service.consults, recorder)


@dataclass
class Part:
    """Something that runs until it is stopped, or until the test ends."""

    _stack: AsyncExitStack

    async def stop(self) -> None:
        await self._stack.aclose()


@dataclass
class Consilium:
    """What one test runs. Parts that are started here end with the test."""

    servers: Servers
    nats: dict[str, Any]
    tag: str
    stack: AsyncExitStack
    key: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    _count: int = 0

    def settings(self, kind: type[SettingsT], name: str, **more: object) -> SettingsT:
        self._count += 1
        own = {**self.nats, "mongo_db_name": f"test_{self.tag}", "instance": f"{name}-{self._count}"}
        return self.servers.settings(kind, **{**own, **more})

    async def gateway(self, **more: object) -> Gateway:
        """Start a gateway; `more` are its settings."""
        key = base64.b64encode(self.key).decode()
        more = {"token_key": key, "consults_per_minute": 10_000, "consult_deadline_s": 5.0, **more}
        settings = self.settings(GatewaySettings, "gateway", **more)
        running, port = await self.stack.enter_async_context(listening("gateway", settings, gateway.build))
        http = httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=30)
        await self.stack.enter_async_context(http)
        (events,) = [route for route in running.app.routes if getattr(route, "path", "").endswith("/events")]
        return Gateway(Client(http, self.key), events.app._routes)

    async def orchestrator(self) -> Part:
        return await self.start(orchestrator.build(self.settings(OrchestratorSettings, "orchestrator")))

    async def aggregator(self) -> Part:
        return await self.start(aggregator.build(self.settings(AggregatorSettings, "aggregator")))

    async def specialist(self, name: str, assess: Assess = instantly, **limits: Any) -> Part:
        """Start a specialist that answers with `assess`."""
        settings = self._without_stores(name)
        return await self.start(serve_tasks(a_specialist(name, **limits), small_knowledge(), settings, assess))

    def _without_stores(self, name: str) -> SpecialistSettings:
        """Return settings of a specialist that asks neither vectors nor graph, so that these servers need not start."""
        known = self.settings(OrchestratorSettings, name).model_dump(exclude={"concurrency"})
        nowhere = {"neo4j_uri": "bolt://127.0.0.1:1", "neo4j_user": "nobody", "neo4j_password": "none"}
        return SpecialistSettings(**known, **nowhere, milvus_uri="http://127.0.0.1:1")

    async def whole_specialist(self, specialist: Specialist, **stores: Any) -> Part:
        """Start a specialist as it is in production, with its stores; `stores` are settings that say where one is instead."""
        settings = self.settings(SpecialistSettings, specialist.name, **stores)
        return await self.start(runtime.build(specialist, settings))

    async def ingestion(self) -> Part:
        return await self.start(ingestion.build(self.settings(IngestionSettings, "ingestion", reconcile_s=60)))

    async def embedder(self, encode: Encode) -> Part:
        return await self.start(embedder.build(self.settings(EmbedderSettings, "embedder"), lambda _threads, _device: encode))

    async def start(self, building: AbstractAsyncContextManager[Any]) -> Part:
        own = AsyncExitStack()
        await own.enter_async_context(serving(building))
        self.stack.push_async_exit(own)
        return Part(own)

    async def usual(self, **specialists: Assess) -> Gateway:
        """Start one of each, and these specialists; returns the gateway."""
        await self.orchestrator()
        await self.aggregator()
        for name, assess in specialists.items():
            await self.specialist(name, assess)
        return await self.gateway()


@asynccontextmanager
async def consilium(servers: Servers, nats: dict[str, Any], tag: str) -> AsyncIterator[Consilium]:
    """Yield a consilium in which nothing runs yet; whatever is started in it is stopped at the end, the last first."""
    async with AsyncExitStack() as stack:
        yield Consilium(servers, nats, tag, stack)
