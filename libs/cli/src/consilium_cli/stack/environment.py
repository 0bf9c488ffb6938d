"""The settings that local servers and services are started with."""

from collections.abc import Mapping
from pathlib import Path

from consilium_cli.stack.ports import HOST
from consilium_cli.stack.secret import Secrets
from consilium_cli.stack.state import StateError, StateFolder
from consilium_common.localservers import GRAPH, GRAPH_USER, LOCAL_SERVERS, NATS, USER, LocalServer, Place


def place(server: LocalServer, data: Path, port: int, secrets: Secrets) -> Place:
    """Return where a local server runs; its folder under `data` is made when it is missing."""
    folder = data / server.name
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return Place(port=port, data_dir=folder, password=secrets.password(server.name) if server.needs_password else "")


def shared(places: Mapping[str, Place], secrets: Secrets) -> dict[str, str]:
    """Return what every service gets: where the servers are, and the keys."""
    urls = {server.variable: server.url(places[server.name]) for server in LOCAL_SERVERS}
    return {
        **urls,
        "NATS_USER": USER,
        "NATS_PASSWORD": places[NATS.name].password,
        "NEO4J_USER": GRAPH_USER,
        "NEO4J_PASSWORD": places[GRAPH.name].password,
        "MONGO_DB_NAME": "consilium",
        "CONSILIUM_ENVIRONMENT": "local",
        "CONSILIUM_HOST": HOST,
        "CONSILIUM_BUS_KEY": secrets.bus_key.get_secret_value(),
        "CONSILIUM_TOKEN_KEY": secrets.token_key.get_secret_value(),
    }


def of_running(state: StateFolder) -> dict[str, str]:
    """Return what a service gets that joins what runs on a state folder.

    Raises:
        StateError: when nothing runs there.
    """
    if state.running_pid() is None:
        raise StateError(f"Nothing runs on {state.path} that could be joined; `consilium up` starts everything.")
    ports, secrets = state.status().ports(), state.secrets()
    return shared({server.name: place(server, state.data, ports[server.name], secrets) for server in LOCAL_SERVERS}, secrets)


def of_one(instance: str, port: int) -> dict[str, str]:
    """Return what one process of a service gets besides: its name and its port."""
    return {"CONSILIUM_INSTANCE": instance, "CONSILIUM_PORT": str(port)}
