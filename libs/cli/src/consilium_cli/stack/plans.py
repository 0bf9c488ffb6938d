"""How each local server and each service is started and asked how it is."""

import httpx

from consilium_cli.stack import environment
from consilium_cli.stack.nursery import Nursery
from consilium_cli.stack.part import Health, Plan
from consilium_cli.stack.ports import HOST
from consilium_cli.stack.process import Process, start_program
from consilium_cli.stack.services import SERVER_STOP_STAGE, Replica
from consilium_cli.stack.state import StateFolder, set_aside_when_long
from consilium_common.localservers import LocalServer, Place

ASK_TIMEOUT_S = 2.0
SERVICE_STOP_TIMEOUT_S = 15.0  # ten seconds to drain, and time to close its connections


def of_server(server: LocalServer, place: Place, state: StateFolder) -> Plan:
    """Return the plan of a local server."""
    log = state.log_file(server.name)

    async def start() -> Process:
        server.prepare(place)
        set_aside_when_long(log)
        return await start_program(server.command(place), server.env(place), place.data_dir, log)

    async def health() -> Health:
        return Health.READY if await server.ready(place) else Health.SILENT

    return Plan(
        name=server.name,
        kind="server",
        port=place.port,
        needs=(),
        start=start,
        health=health,
        stop_stage=SERVER_STOP_STAGE,
        stop_signal=server.stop_signal,
        stop_timeout_s=server.stop_timeout_s,
        start_timeout_s=server.start_timeout_s,
    )


def of_service(
    replica: Replica, port: int, settings: dict[str, str], state: StateFolder, nursery: Nursery, client: httpx.AsyncClient
) -> Plan:
    """Return the plan of one process of a service. It answers `GET /health` with 200 when it is ready, 503 while it is not."""
    log = state.log_file(replica.name)
    env = {**settings, **environment.of_one(replica.instance, port)}

    async def start() -> Process:
        set_aside_when_long(log)
        return await nursery.start(replica.name, replica.service.entry, env, log)

    async def health() -> Health:
        try:
            answer = await client.get(f"http://{HOST}:{port}/health", timeout=ASK_TIMEOUT_S)
        except httpx.HTTPError:
            return Health.SILENT
        return Health.READY if answer.is_success else Health.NOT_READY

    return Plan(
        name=replica.name,
        kind="service",
        port=port,
        needs=replica.service.needs,
        start=start,
        health=health,
        stop_stage=replica.service.stop_stage,
        stop_timeout_s=SERVICE_STOP_TIMEOUT_S,
    )
