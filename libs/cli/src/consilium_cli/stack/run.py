"""One run of everything, from the checks to the last process stopped."""

import asyncio
import os
import signal
from collections.abc import Sequence
from dataclasses import dataclass

import httpx
from rich.console import Console

from consilium_cli.stack import environment, plans, preflight, services
from consilium_cli.stack.nursery import Nursery
from consilium_cli.stack.part import Part, Plan
from consilium_cli.stack.ports import free_ports, require_free
from consilium_cli.stack.progress import Progress
from consilium_cli.stack.secret import Secrets
from consilium_cli.stack.state import Lock, StateFolder
from consilium_cli.stack.status import Status
from consilium_cli.stack.supervisor import Supervisor
from consilium_common.localservers import LOCAL_SERVERS
from consilium_common.security import tokens

TOKEN_TTL_S = 12 * 3600
LOCAL_SUBJECT = "local"
LOCAL_SCOPES = ("consult",)
READY_LIMIT_S = 120.0  # after so long, `up` says what is missing and goes on with what is there


@dataclass(frozen=True)
class Wish:
    """What the user asked of `up`. Port 0 takes any free one; an empty `only` means every installed service."""

    port: int = 8000
    replicas: str = ""
    only: tuple[str, ...] = ()
    quiet: bool = False


def run(state: StateFolder, wish: Wish, console: Console) -> None:
    """Run everything in the foreground until SIGTERM or SIGINT.

    Raises:
        ConsiliumError: when a check before the start fails; nothing was started then.
    """
    os.umask(0o077)
    preflight.check_installed()
    wanted = services.replicas(services.chosen(services.installed(), wish.only), wish.replicas)
    state.create()
    lock = Lock(state)
    try:
        secrets = state.secrets()
        preflight.check_disk(state.path)
        ports = _ports(wanted, wish.port)
        asyncio.run(_Run(state, secrets, wanted, ports, Progress(console, wish.quiet)).run())
    finally:
        lock.release()


def _ports(wanted: Sequence[services.Replica], gateway_port: int) -> dict[str, int]:
    """Give each part a port; the first gateway gets the one that was asked for."""
    names = [server.name for server in LOCAL_SERVERS] + [replica.name for replica in wanted]
    ports = dict(zip(names, free_ports(len(names)), strict=True))
    if "gateway" in ports and gateway_port:
        ports["gateway"] = require_free(gateway_port)
    return ports


class _Run:
    """Everything that one run has in hand."""

    def __init__(
        self,
        state: StateFolder,
        secrets: Secrets,
        wanted: Sequence[services.Replica],
        ports: dict[str, int],
        progress: Progress,
    ) -> None:
        self._state = state
        self._secrets = secrets
        self._wanted = wanted
        self._ports = ports
        self._progress = progress
        self._settled = asyncio.Event()

    async def run(self) -> None:
        nursery = Nursery(self._state.path, self._state.log_file("zygote"))
        async with httpx.AsyncClient(trust_env=False) as client:
            supervisor = Supervisor(self._plans(nursery, client), nursery, self._changed)
            for number in (signal.SIGINT, signal.SIGTERM):
                asyncio.get_running_loop().add_signal_handler(number, self._asked_to_stop, supervisor)
            self._progress.say(f"Starting {len(self._ports)} processes; logs in {self._state.logs}")
            async with asyncio.TaskGroup() as group:
                welcome = group.create_task(self._welcome())
                await supervisor.run()
                welcome.cancel()
        self._progress.say("Everything has stopped.")

    def _plans(self, nursery: Nursery, client: httpx.AsyncClient) -> list[Plan]:
        places = {
            server.name: environment.place(server, self._state.data, self._ports[server.name], self._secrets)
            for server in LOCAL_SERVERS
        }
        settings = environment.shared(places, self._secrets)
        return [plans.of_server(server, places[server.name], self._state) for server in LOCAL_SERVERS] + [
            plans.of_service(replica, self._ports[replica.name], settings, self._state, nursery, client)
            for replica in self._wanted
        ]

    def _changed(self, status: Status, part: Part) -> None:
        self._state.write_status(status)
        self._progress.show(status, part)
        if status.settled:
            self._settled.set()

    def _asked_to_stop(self, supervisor: Supervisor) -> None:
        self._progress.say("Stopping: services first, then servers …")
        supervisor.stop()

    async def _welcome(self) -> None:
        """When everything is up, say where and how to ask."""
        try:
            await asyncio.wait_for(self._settled.wait(), READY_LIMIT_S)
        except TimeoutError:
            self._progress.say("[yellow]Not everything is ready yet[/]; `consilium status` shows what is missing.")
        url = self._state.status().gateway_url
        if url is None:
            return
        token = tokens.issue(self._secrets.signing_key, LOCAL_SUBJECT, TOKEN_TTL_S, LOCAL_SCOPES)
        self._progress.say(f"\nReady after {self._progress.elapsed_s:.1f} s at [bold]{url}[/]   (Ctrl-C stops everything)\n")
        self._progress.say(f"token, good for 12 hours:\n{token}\n\ntry it:\n{sample_command(url, token)}\n")


def sample_command(url: str, token: str) -> str:
    """Return a command line that asks and shows the events as they come."""
    question = '{"stream": true, "message": "I have had a sore throat and a cold for two days"}'
    return (
        f"curl -N {url}/v1/chat \\\n  -H 'Authorization: Bearer {token}' \\\n"
        f"  -H 'Content-Type: application/json' \\\n  -d '{question}'"
    )
