"""`consilium status`: what runs, and how it is."""

import json
import os
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from consilium_cli.stack.state import StateFolder
from consilium_cli.stack.status import State, Status

EXIT_NOT_RUNNING = 3  # as the Linux Standard Base has it for `status` of a service
COLOURS = {
    State.READY: "green",
    State.STARTING: "cyan",
    State.RESTARTING: "yellow",
    State.FAILED: "red",
    State.STOPPED: "dim",
}


def status(as_json: Annotated[bool, typer.Option("--json", help="Print a JSON list, for programs.")] = False) -> None:
    """Show every server and service: process, port, state, restarts. Exit code 3 when nothing runs."""
    state = StateFolder.of(os.environ)
    running = state.running_pid() is not None
    seen = state.status() if running else state.status().stopped()
    if as_json:
        typer.echo(json.dumps([part.model_dump(mode="json") for part in seen.parts], indent=1))
    elif running:
        Console().print(table(seen))
    else:
        typer.echo(f"Nothing runs on {state.path}; `consilium up` starts everything.")
    raise typer.Exit(0 if running else EXIT_NOT_RUNNING)


def table(seen: Status) -> Table:
    """Return the status as a table."""
    rows = Table("name", "kind", "pid", "port", "state", "restarts", "detail", box=None, header_style="bold", pad_edge=False)
    for part in seen.parts:
        state = f"[{COLOURS[part.state]}]{part.state}[/]"
        rows.add_row(part.name, part.kind, str(part.pid or ""), str(part.port), state, str(part.restarts or ""), part.detail)
    return rows


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("status")(status)
