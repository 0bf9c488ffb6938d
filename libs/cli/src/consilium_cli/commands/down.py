"""`consilium down`: stop what `consilium up` runs."""

import os
import signal
import time

import typer

from consilium_cli.stack.state import StateError, StateFolder

PATIENCE_S = 90.0  # longer than the stop timeouts of all stages together
LOOK_EVERY_S = 0.1


def down() -> None:
    """Stop the running supervisor of this state folder and wait until everything has ended."""
    state = StateFolder.of(os.environ)
    pid = state.running_pid()
    if pid is None:
        typer.echo(f"Nothing runs on {state.path}.")
        return
    try:
        os.kill(pid, signal.SIGTERM)
    except ProcessLookupError:
        typer.echo("Stopped.")  # it ended by itself just now
        return
    except PermissionError:
        raise StateError(f"Process {pid}, which runs on {state.path}, belongs to another user; stop it as that user.") from None
    patience_ends = time.monotonic() + PATIENCE_S
    while state.running_pid() == pid:
        if time.monotonic() > patience_ends:
            typer.echo(f"Process {pid} has not stopped within {PATIENCE_S:g} s; see the logs in {state.logs}.", err=True)
            raise typer.Exit(1)
        time.sleep(LOOK_EVERY_S)
    typer.echo("Stopped.")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("down")(down)
