"""The real stack for end-to-end tests: `consilium up` with every server and service, in a state folder of its own."""

import json
import os
import signal
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import httpx

from consilium_cli.stack.state import StateFolder
from consilium_common.knowledge import load_pack, load_shared
from support.client import Client
from support.stack import Stack, until

SPECIALISTS = ("cardiology", "neurology", "orthopedics", "gp")
START_S = 600.0  # a slow machine embeds ten of four thousand passages a second


@dataclass
class RealStack(Stack):
    """What is started here logs and traces everything, so that what must not be found there would be found."""

    collector: str = ""

    @property
    def env(self) -> Mapping[str, str]:
        collector = {"OTEL_EXPORTER_OTLP_ENDPOINT": self.collector} if self.collector else {}
        # One user asks everything here, more in a minute than a person may.
        own = {"CONSILIUM_STATE": str(self.state), "LOG_LEVEL": "DEBUG", "CONSILIUM_CONSULTS_PER_MINUTE": "100000"}
        return {**os.environ, **collector, **own}

    @property
    def key(self) -> bytes:
        return StateFolder(self.state).secrets().signing_key

    def pids(self, service: str) -> list[int]:
        """Return the processes of a service, all replicas."""
        parts = self.parts().items()
        return [part["pid"] for name, part in parts if name.partition("-")[0] == service and part["pid"]]

    def signal(self, service: str, number: signal.Signals) -> None:
        for pid in self.pids(service):
            os.kill(pid, number)

    @property
    def supervisor(self) -> int:
        return self.started[-1].pid

    def log(self, service: str) -> list[dict[str, Any]]:
        """Return what a service has logged."""
        file = StateFolder(self.state).log_file(service)
        lines = file.read_text(errors="replace").splitlines() if file.exists() else []
        return [json.loads(line) for line in lines if line.startswith("{") and line.endswith("}")]

    def wait_for_knowledge(self) -> None:
        """Wait until the pack of every specialist is loaded."""

        def loaded() -> bool:
            return {each.get("specialist") for each in self.log("ingestion") if each["message"] == "pack loaded"} >= {
                *SPECIALISTS
            }

        until(loaded, START_S)

    @asynccontextmanager
    async def client(self, gateway: str = "gateway") -> AsyncIterator[Client]:
        """Yield a client of one gateway."""
        port = self.parts()[gateway]["port"]
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60) as http:
            yield Client(http, self.key)


@cache
def citable() -> dict[str, str]:
    """Return everything that may be cited: by the condition or rule that a locator names, all of its text."""
    texts = {f"redflags/{rule.id}": rule.model_dump_json() for rule in load_shared().red_flags}
    for name in SPECIALISTS:
        for condition in load_pack(Path(str(files(f"consilium_{name}"))) / "knowledge").conditions:
            texts[f"{name}/{condition.id}"] = condition.model_dump_json()
    return {place: " ".join(_strings(json.loads(text))) for place, text in texts.items()}


def _strings(value: Any) -> list[str]:
    if isinstance(value, str):
        return [" ".join(value.split())]
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for each in inside for text in _strings(each)]


def assert_cited(answer: dict[str, Any]) -> None:
    """Assert that every sentence names evidence, and that every citation stands word by word where it says."""
    cited = {each["id"]: each for each in answer["citations"]}
    assert cited
    for statement in answer["summary"]:
        assert statement["evidence_ids"], statement["text"]
        assert {*statement["evidence_ids"]} <= cited.keys()
    for each in cited.values():
        if each["kind"] == "knowledge":
            place = each["locator"].partition("#")[0]
            assert " ".join(each["quote"].split()) in citable()[place], each
