"""Where an import goes: the stores and the bus that the environment names, else those of the running local stack."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from pydantic import SecretStr

from consilium_cli.stack import environment
from consilium_cli.stack.state import StateFolder
from consilium_common.bus.connection import connect
from consilium_common.importing.loading import Stores
from consilium_common.models.embedder import EmbedderClient
from consilium_common.models.passage_embedder import PassageEmbedder
from consilium_common.settings import GraphSettings, MongoSettings, ServiceSettings, VectorSettings, load
from consilium_common.stores.documents import open_documents
from consilium_common.stores.embeddings import Embeddings
from consilium_common.stores.graph import open_graph
from consilium_common.stores.imports import Imports
from consilium_common.stores.packs import Packs
from consilium_common.stores.vectors import open_vectors

SERVICE = "consilium-import"
PATIENCE_S = 5.0


class ImportSettings(ServiceSettings, MongoSettings, GraphSettings, VectorSettings):
    """The bus, for the embedder, and the three stores."""


@asynccontextmanager
async def reached(settings: ImportSettings) -> AsyncIterator[Stores]:
    """Open everything that an import needs.

    Raises:
        BusError: when the bus does not answer.
        StoreError: when an address is none.
    """
    async with (
        connect(settings, SERVICE, PATIENCE_S) as bus,
        open_documents(settings) as documents,
        open_vectors(settings) as vectors,
        open_graph(settings) as graph,
    ):
        embedder = PassageEmbedder(Embeddings(documents), EmbedderClient(bus))
        yield Stores(Imports(documents), Packs(documents), vectors.imports(), graph, embedder)


def settings_of(environ: Mapping[str, str]) -> ImportSettings:
    """Return where everything is: what the environment names when it names a bus, else what runs here.

    Raises:
        SettingsError: when the environment names a bus and something else is missing.
        StateError: when it does not and nothing runs here.
    """
    if environ.get("NATS_URL"):
        return load(ImportSettings)
    local = environment.of_running(StateFolder.of(environ))
    return ImportSettings(
        environment="local",
        nats_url=local["NATS_URL"],
        nats_user=local["NATS_USER"],
        nats_password=SecretStr(local["NATS_PASSWORD"]),
        bus_key=SecretStr(local["CONSILIUM_BUS_KEY"]),
        mongo_uri=SecretStr(local["MONGO_URI"]),
        mongo_db_name=local["MONGO_DB_NAME"],
        neo4j_uri=local["NEO4J_URI"],
        neo4j_user=local["NEO4J_USER"],
        neo4j_password=SecretStr(local["NEO4J_PASSWORD"]),
        milvus_uri=local["MILVUS_URI"],
    )
