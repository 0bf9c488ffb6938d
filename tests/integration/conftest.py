"""Fixtures of integration tests."""

import warnings
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from consilium_common.bus.connection import Bus, connect
from consilium_common.bus.streams import ensure_streams
from consilium_common.settings import MongoSettings, ServiceSettings
from consilium_common.stores.documents import open_documents
from consilium_common.testing.servers import LocalProcess, Servers, local_values
from consilium_embedder.model import Encode, load_model
from support import consilium as parts


@pytest.fixture(scope="session")
def encode() -> Encode:
    """The real model, loaded once."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # torch and what it imports warn of each other
        return load_model(0, "cpu")


@pytest.fixture(scope="module")
def nats_of_module(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """Settings of a nats-server of its own: services consume whole streams, which tests of the bus use, too."""
    process = servers.process("nats", tmp_path_factory.mktemp("nats"))
    process.start()
    yield {name.lower(): value for name, value in local_values(process).items()}
    process.stop()


@pytest.fixture
def nats(servers: Servers, tmp_path: Path) -> Iterator[LocalProcess]:
    """A nats-server of one's own, to be killed."""
    process = servers.process("nats", tmp_path)
    process.start()
    yield process
    process.stop()


@pytest_asyncio.fixture
async def own(nats: LocalProcess, servers: Servers) -> AsyncIterator[Bus]:
    """A bus at that server, with its streams."""
    values = {name.lower(): value for name, value in local_values(nats).items()}
    settings = ServiceSettings(**values, bus_key=servers.settings(ServiceSettings).bus_key, environment="local")
    async with connect(settings, "test") as opened:
        await ensure_streams(opened)
        yield opened


@pytest_asyncio.fixture
async def consilium(
    servers: Servers, nats_of_module: dict[str, Any], tag: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[parts.Consilium]:
    """A consilium in which nothing runs yet, with a database of its own."""
    monkeypatch.setattr(parts.orchestrator, "load_shared", parts.small_knowledge)
    async with parts.consilium(servers, nats_of_module, tag) as empty:
        yield empty
    async with open_documents(servers.settings(MongoSettings)) as documents:
        await documents.database.client.drop_database(f"test_{tag}")
