"""One run of everything, from the checks to the last process stopped."""

import asyncio
import os
import signal
from collections.abc import Sequence
from dataclasses import dataclass, field

import httpx
from rich.console import Console
from rich.markup import escape

from consilium_cli.stack import environment, plans, preflight, services
from consilium_cli.stack.nursery import Nursery
from consilium_cli.stack.part import Part, Plan
from consilium_cli.stack.ports import free_ports, require_free
from consilium_cli.stack.progress import Progress
from consilium_cli.stack.secret import Secrets
from consilium_cli.stack.state import StateFolder
from consilium_cli.stack.status import State, Status
from consilium_cli.stack.supervisor import Supervisor
from consilium_common.localservers import LOCAL_SERVERS
from consilium_common.security import tokens

TOKEN_TTL_S = 12 * 3600
LOCAL_SUBJECT = "local"
LOCAL_SCOPES = ("consult",)
NOT_PROMISED = "One copy of everything, on the disk within two minutes: a crash loses nothing, a power cut may."
READY_LIMIT_S = 120.0  # after so long, `up` says what is missing and goes on with what is there


@dataclass(frozen=True)
class Wish:
    """What the user asked of `up`. Port 0 takes any free one; an empty `only` means every installed service."""

    port: int = 8000
    replicas: str = ""
    only: tuple[str, ...] = ()
    quiet: bool = False
    welcome: bool = True


def run(state: StateFolder, wish: Wish, console: Console) -> None:
    """Run everything in the foreground until SIGTERM, SIGINT or the end of the terminal.

    Raises:
        ConsiliumError: when a check before the start fails; nothing was started then.
    """
    os.umask(0o077)
    preflight.check_installed()
    wanted = services.replicas(services.chosen(services.installed(), wish.only), wish.replicas)
    state.create()
    lock = state.hold()
    try:
        secrets = state.secrets()
        preflight.check_disk(state.path)
        ports = _ports(wanted, wish.port)
        asyncio.run(_Run(state, wish, secrets, wanted, ports, Progress(console, wish.quiet)).run())
    finally:
        lock.release()


def _ports(wanted: Sequence[services.Replica], gateway_port: int) -> dict[str, int]:
    """Give each part a port; the first gateway gets the one that was asked for."""
    names = [server.name for server in LOCAL_SERVERS] + [replica.name for replica in wanted]
    ports = dict(zip(names, free_ports(len(names)), strict=True))
    if "gateway" in ports and gateway_port:
        ports["gateway"] = require_free(gateway_port)
    return ports


@dataclass
class _Run:
    """Everything that one run has in hand."""

    state: StateFolder
    wish: Wish
    secrets: Secrets
    wanted: Sequence[services.Replica]
    ports: dict[str, int]
    progress: Progress
    settled: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        nursery = Nursery(self.state.path, self.state.log_file("zygote"))
        async with httpx.AsyncClient(trust_env=False) as client:
            supervisor = Supervisor(self._plans(nursery, client), nursery, self._changed)
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                asyncio.get_running_loop().add_signal_handler(number, self._asked_to_stop, supervisor)
            self.progress.say(f"Starting {len(self.ports)} processes; logs in {escape(str(self.state.logs))}")
            async with asyncio.TaskGroup() as group:
                welcome = group.create_task(self._welcome())
                await supervisor.run()
                welcome.cancel()
        self.progress.say("Everything has stopped.")

    def _plans(self, nursery: Nursery, client: httpx.AsyncClient) -> list[Plan]:
        places = {
            server.name: environment.place(server, self.state.data, self.ports[server.name], self.secrets)
            for server in LOCAL_SERVERS
        }
        settings = environment.shared(places, self.secrets)
        return [plans.of_server(server, places[server.name], self.state) for server in LOCAL_SERVERS] + [
            plans.of_service(replica, self.ports[replica.name], settings, self.state, nursery, client)
            for replica in self.wanted
        ]

    def _changed(self, status: Status, part: Part) -> None:
        self.state.write_status(status)
        self.progress.show(status, part)
        if status.settled:
            self.settled.set()

    def _asked_to_stop(self, supervisor: Supervisor) -> None:
        if not supervisor.stopping:
            self.progress.say("Stopping: services first, then servers …")
            supervisor.stop()

    async def _welcome(self) -> None:
        """When everything is up, say where and how to ask."""
        try:
            await asyncio.wait_for(self.settled.wait(), READY_LIMIT_S)
        except TimeoutError:
            self.progress.say("[yellow]Not everything is ready yet[/]; `consilium status` shows what is missing.")
        url = self.state.status().gateway_url
        if url is None or not self.wish.welcome:
            return
        failed = ", ".join(part.name for part in self.state.status().parts if part.state is State.FAILED)
        but = f", [yellow]but without {failed}[/]" if failed else ""
        token = tokens.issue(self.secrets.signing_key, LOCAL_SUBJECT, TOKEN_TTL_S, LOCAL_SCOPES)
        self.progress.say(f"\nReady after {self.progress.elapsed_s:.1f} s at [bold]{url}[/]{but}   (Ctrl-C stops everything)")
        self.progress.say(f"[dim]{NOT_PROMISED}[/]\n")
        self.progress.say(f"token, good for 12 hours:\n{token}\n\ntry it:\n{sample_command(url, token)}\n")


def sample_command(url: str, token: str) -> str:
    """Return a command line that asks and shows the events as they come."""
    question = '{"stream": true, "message": "I have had a sore throat and a cold for two days"}'
    return (
        f"curl -N {url}/v1/chat \\\n  -H 'Authorization: Bearer {token}' \\\n"
        f"  -H 'Content-Type: application/json' \\\n  -d '{question}'"
    )
