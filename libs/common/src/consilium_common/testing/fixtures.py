"""Pytest fixtures: real servers, and what talks to them. Load with `pytest_plugins = ["consilium_common.testing.fixtures"]`."""

import gc
import secrets
import warnings
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from consilium_common.bus.connection import Bus, connect
from consilium_common.bus.streams import ensure_streams
from consilium_common.settings import CacheSettings, GraphSettings, MongoSettings, ServiceSettings, VectorSettings
from consilium_common.stores.cache import Cache, open_cache
from consilium_common.stores.documents import Documents, open_documents
from consilium_common.stores.graph import Graph, open_graph
from consilium_common.stores.graph_loading import ensure_constraints
from consilium_common.stores.indexes import ensure_indexes
from consilium_common.stores.vectors import Vectors, open_vectors
from consilium_common.testing.servers import Servers


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """The session's servers; each starts when it is first asked for."""
    with Servers(tmp_path_factory.mktemp("servers")) as running:
        yield running


@pytest.fixture
def tag() -> str:
    """A word that nobody used before, for names in servers that tests share."""
    return f"t{secrets.token_hex(4)}"


@pytest.fixture
def servers_vanish() -> Iterator[None]:
    """For tests that take a server away: drivers leave the sockets of attempts that they gave up to the collector."""
    yield
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


@pytest_asyncio.fixture
async def bus(servers: Servers) -> AsyncIterator[Bus]:
    """A connection to NATS with every stream there."""
    async with connect(servers.settings(ServiceSettings), "test") as opened:
        await ensure_streams(opened)
        yield opened


@pytest_asyncio.fixture
async def documents(servers: Servers, tag: str) -> AsyncIterator[Documents]:
    """An empty database with its indexes, dropped afterwards."""
    async with open_documents(servers.settings(MongoSettings, mongo_db_name=f"test_{tag}")) as opened:
        await ensure_indexes(opened)
        yield opened
        await opened.database.client.drop_database(opened.database)


@pytest_asyncio.fixture
async def vectors(servers: Servers) -> AsyncIterator[Vectors]:
    """Milvus with its collection; name partitions with `tag`."""
    async with open_vectors(servers.settings(VectorSettings)) as opened:
        await opened.ensure()
        yield opened


@pytest_asyncio.fixture
async def graph(servers: Servers) -> AsyncIterator[Graph]:
    """The graph with its constraints; name nodes with `tag`."""
    async with open_graph(servers.settings(GraphSettings)) as opened:
        await ensure_constraints(opened)
        yield opened


@pytest_asyncio.fixture
async def cache(servers: Servers) -> AsyncIterator[Cache]:
    """Redis; name keys with `tag`."""
    async with open_cache(servers.settings(CacheSettings)) as opened:
        yield opened
