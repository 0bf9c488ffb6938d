"""The production servers in containers, for tests on a machine with a Docker engine."""

import gc
import secrets
import warnings
from collections.abc import Callable
from contextlib import ExitStack

NATS_IMAGE = "nats:2.12"
MONGO_IMAGE = "mongo:7"
NEO4J_IMAGE = "neo4j:5"
MILVUS_IMAGE = "milvusdb/milvus:v2.6.0"
REDIS_IMAGE = "redis:7"


def docker_answers() -> bool:
    """Return whether there is a Docker engine and it answers."""
    with warnings.catch_warnings():
        # Without an engine the client leaves an open socket to the collector, which would fail a test much later.
        warnings.simplefilter("ignore", ResourceWarning)
        answers = _ask_docker()
        gc.collect()
    return answers


def _ask_docker() -> bool:
    try:
        import docker  # type: ignore[import-untyped]
        from docker.errors import DockerException  # type: ignore[import-untyped]
    except ImportError:
        return False
    try:
        docker.from_env(timeout=2).close()  # it asks the engine for its version
    except DockerException:
        return False
    return True


def start(name: str, stack: ExitStack) -> dict[str, str]:
    """Start a server in a container, stopped with `stack`, and return the variables that say where it is."""
    return _STARTERS[name](stack)


def _nats(stack: ExitStack) -> dict[str, str]:
    from testcontainers.community.nats import NatsContainer

    return {"NATS_URL": stack.enter_context(NatsContainer(NATS_IMAGE, jetstream=True)).nats_uri()}


def _mongo(stack: ExitStack) -> dict[str, str]:
    from testcontainers.community.mongodb import MongoDbContainer

    return {"MONGO_URI": stack.enter_context(MongoDbContainer(MONGO_IMAGE)).get_connection_url()}


def _graph(stack: ExitStack) -> dict[str, str]:
    from testcontainers.community.neo4j import Neo4jContainer

    password = secrets.token_urlsafe(16)
    container = stack.enter_context(Neo4jContainer(NEO4J_IMAGE, username="neo4j", password=password))
    # The community edition has one database and calls it neo4j.
    return {
        "NEO4J_URI": container.get_connection_url(),
        "NEO4J_USER": "neo4j",
        "NEO4J_PASSWORD": password,
        "NEO4J_DATABASE": "neo4j",
    }


def _milvus(stack: ExitStack) -> dict[str, str]:
    from testcontainers.community.milvus import MilvusContainer

    return {"MILVUS_URI": stack.enter_context(MilvusContainer(MILVUS_IMAGE)).get_connection_url()}


def _redis(stack: ExitStack) -> dict[str, str]:
    from testcontainers.community.redis import RedisContainer

    container = stack.enter_context(RedisContainer(REDIS_IMAGE))
    return {"REDIS_URL": f"redis://{container.get_container_host_ip()}:{container.get_exposed_port(container.port)}/0"}


_STARTERS: dict[str, Callable[[ExitStack], dict[str, str]]] = {
    "nats": _nats,
    "mongo": _mongo,
    "graph": _graph,
    "milvus": _milvus,
    "redis": _redis,
}
