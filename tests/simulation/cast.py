"""The processes of a history: each service built with its real handlers, on a simulated bus and simulated documents."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from random import Random
from typing import Any

from consilium_aggregator import wiring as aggregator
from consilium_cli.bench import instant
from consilium_common.bus.codec import Codec
from consilium_common.bus.connection import Bus
from consilium_common.clinical.findings import FindingReader
from consilium_common.clinical.triage import Rules
from consilium_common.contracts import subjects
from consilium_common.contracts.base import new_id
from consilium_common.contracts.case import CaseView, Reading
from consilium_common.contracts.knowledge import FindingConcept, RedFlagRule
from consilium_common.contracts.manifest import Limits, Manifest, Profile, Scope
from consilium_common.contracts.opinion import Opinion
from consilium_common.errors import ConsiliumError
from consilium_common.security.sealing import Sealer
from consilium_common.specialist import runtime
from consilium_common.specialist.tasks import Progress, TaskDesk
from consilium_common.stores.case_views import CaseViews
from consilium_common.stores.consults import Consults
from consilium_common.stores.documents import Documents
from consilium_gateway.archive import Archive
from consilium_gateway.consults import ConsultService
from consilium_gateway.cursor import Cursors
from consilium_gateway.hub import Hub
from consilium_gateway.load import Load
from consilium_gateway.recorder import Recorder
from consilium_gateway.sweeper import Sweeper
from consilium_orchestrator import wiring as orchestrator
from consilium_orchestrator.conduct import Conductor
from simulation.documents import Data, SimDatabase
from simulation.loop import Process, SimLoop
from simulation.nats import Server, connected
from simulation.wire import Faults, Wire

KEY = b"k" * 32
SEALER = Sealer(KEY)
CODEC = Codec(SEALER)
CURSORS = Cursors(KEY)
CONSULT_DEADLINE_S = 4.0
SPECIALIST_LIMIT_S = 2.5
ALIVE_S = 10.0  # as long the registry takes a dead instance for alive
CONCURRENCY = 64

FINDINGS = (
    FindingConcept(id="chest-pain", name="chest pain", lay=("chest pain",)),
    FindingConcept(id="knee-pain", name="knee pain", lay=("knee pain",)),
)
RULE = RedFlagRule.model_validate(
    {
        "id": "heart",
        "version": 1,
        "level": "emergency",
        "within": "now",
        "when": {"all": ["chest-pain"]},
        "suspect": "A heart attack.",
        "say": "Call your local emergency number now.",
        "rationale": "A simulation needs it.",
        "sources": ("a-source",),
    }
)
QUESTIONS = ("I have chest pain.", "I have had knee pain for two days.", "What is the capital of France?")


class RememberingReader(FindingReader):
    """Reads each text once in all histories: reading is pure."""

    @lru_cache(maxsize=64)  # noqa: B019 - one reader a run
    def read(self, text: str) -> Reading:
        return super().read(text)


READER = RememberingReader(FINDINGS, ())
RULES = Rules((RULE,), FINDINGS, ())


@lru_cache(maxsize=16)
def profile_of(name: str) -> Profile:
    """Return what a simulated specialist publishes of itself."""
    limits = Limits(deadline_s=SPECIALIST_LIMIT_S)
    manifest = Manifest(name=name, version="1.0.0", title=name, scope=Scope(), limits=limits, vectors=False)
    return Profile(manifest=manifest, knowledge_version="none")


@dataclass(frozen=True)
class Work:
    """One assessment by one specialist process, for judging cancellations."""

    consult: str
    process: Process
    began: float
    ended: float


@dataclass(eq=False)
class Cast:
    """Starts processes, and starts them again when they have died."""

    rng: Random
    loop: SimLoop
    server: Server
    data: Data
    faults: Faults
    names: tuple[str, ...]
    gateways: dict[str, tuple[Process, ConsultService]] = field(default_factory=dict)
    alive: dict[str, list[Process]] = field(default_factory=dict)
    died: dict[str, list[float]] = field(default_factory=dict)
    desks: list[tuple[Process, TaskDesk]] = field(default_factory=list)
    work: list[Work] = field(default_factory=list)
    starts: dict[str, Callable[[Process], None]] = field(default_factory=dict)

    def start(self, service: str, replicas: int) -> None:
        """Start the replicas of a service."""
        build = {
            "gateway": self._gateway,
            "orchestrator": self._orchestrator,
            "aggregator": self._aggregator,
        }.get(service, self._specialist)
        for number in range(1, replicas + 1):
            self.starts[f"{service}-{number}"] = build
            self._start(service, f"{service}-{number}")

    def crash(self, process: Process) -> None:
        """Kill a process; another takes its place in a while."""
        process.dead = True
        process.backlog.clear()
        self.alive[process.service].remove(process)
        self.died.setdefault(process.service, []).append(self.loop.time())
        self.gateways.pop(process.name, None)
        self.loop.call_later(self.rng.uniform(0.05, 3.0), self._start, process.service, process.name)

    def instances(self, name: str) -> int:
        """Return how many instances the registry takes for alive."""
        recent = [at for at in self.died.get(name, ()) if self.loop.time() - at < ALIVE_S]
        return len(self.alive.get(name, ())) + len(recent)

    def _start(self, service: str, name: str) -> None:
        process = Process(name, service, self.loop)
        skew_s = self.faults.weather.skew_s
        process.skew_s = self.rng.uniform(-skew_s, skew_s) / 2
        self.alive.setdefault(service, []).append(process)
        process.context().run(self.starts[name], process)

    def _bus(self, process: Process) -> tuple[Bus, Wire]:
        client, stream, wire = connected(self.server, process)
        bus = Bus(
            nc=client, js=stream, codec=CODEC, service=process.service, instance=process.name, replicas=1, lost=asyncio.Event()
        )
        return bus, wire

    def _documents(self, process: Process) -> Documents:
        from pymongo.errors import NetworkTimeout

        wire = Wire(process, self.faults, lambda: NetworkTimeout("timed out"), ordered=False)
        return Documents(SimDatabase(self.data, wire))  # type: ignore[arg-type]

    def _registry(self) -> Any:
        return _Registry({name: profile_of(name) for name in self.names}, self.instances)

    def _orchestrator(self, process: Process) -> None:
        bus, wire = self._bus(process)
        views = CaseViews(self._documents(process), SEALER)
        conductor = Conductor(bus, self._registry(), READER, RULES, views, None)  # type: ignore[arg-type]
        self.server.consume(process, orchestrator.consumer_of(bus, conductor, CONCURRENCY), wire)

    def _aggregator(self, process: Process) -> None:
        bus, wire = self._bus(process)
        for consumer in aggregator.consumers_of(bus, CONCURRENCY):
            self.server.consume(process, consumer, wire)

    def _specialist(self, process: Process) -> None:
        bus, wire = self._bus(process)

        async def assess(view: CaseView, vector: bytes | None, progress: Progress) -> Opinion:
            return await self._assess(process, view, vector, progress)

        desk = TaskDesk(bus, CaseViews(self._documents(process), SEALER), assess)
        self.desks.append((process, desk))
        self.server.consume(process, runtime.consumer_of(bus, desk, process.service, CONCURRENCY), wire)
        process.spawn(bus.nc.subscribe(subjects.CANCEL_ALL, cb=desk.on_cancel))

    async def _assess(self, process: Process, view: CaseView, vector: bytes | None, progress: Progress) -> Opinion:
        """Be quick, slow, hang, fail, break or die."""
        rng, began = self.rng, self.loop.time()
        how = rng.random()
        if self.faults.weather.poison and how > 0.85:
            self.faults.harm |= {"crash", f"crash:{process.service}"}
            self.crash(process)
            await self.loop.create_future()  # nothing of this process happens any more
        if self.faults.weather.name == "calm" or how < 0.5:
            await asyncio.sleep(rng.expovariate(20))
        elif how < 0.7:
            await asyncio.sleep(rng.uniform(0.3, 3.5))
        elif how < 0.75:
            await asyncio.sleep(600)
        elif how < 0.8:
            raise ConsiliumError("simulated", "This specialist has failed.")
        elif how < 0.83:
            self.faults.harm.add("broken")
            raise ZeroDivisionError
        await progress("retrieved", "8 passages")
        self.work.append(Work(view.consult_id, process, began, self.loop.time()))
        return await instant.answer(view, vector, progress)

    def _gateway(self, process: Process) -> None:
        bus, wire = self._bus(process)
        gateway, consults = new_id("g"), Consults(self._documents(process))
        archive = Archive(consults, SEALER)
        service = ConsultService(
            bus=bus,
            gateway=gateway,
            hub=Hub(bus, gateway, CURSORS),
            registry=self._registry(),
            consults=consults,
            archive=archive,
            sealer=SEALER,
            load=Load(always=1000, most=1000, budget_s=1.0),
            deadline_s=CONSULT_DEADLINE_S,
        )
        recorder = Recorder(bus, service.hub, archive)
        self.server.consume(process, recorder.consumer(), wire)
        process.spawn(service.hub.run())
        process.spawn(Sweeper(service, consults, recorder).run())
        self.gateways[process.name] = (process, service)


@dataclass(frozen=True)
class _Registry:
    """The registry as services read it."""

    profiles: dict[str, Profile]
    instances: Callable[[str], int]
