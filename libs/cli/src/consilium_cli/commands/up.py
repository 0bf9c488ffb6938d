"""`consilium up`: run everything in the foreground."""

import os
from typing import Annotated

import typer
from rich.console import Console


def up(
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port of the gateway on loopback; 0 takes any free one.")] = 8000,
    replicas: Annotated[str, typer.Option(help="How often to run what, such as gateway=2,orchestrator=2.")] = "",
    only: Annotated[str, typer.Option(envvar="CONSILIUM_ONLY", help="Run only these services, separated by commas.")] = "",
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say only what goes wrong.")] = False,
    welcome: Annotated[
        bool, typer.Option(hidden=True, help="Print the address, a token and a sample when all is ready.")
    ] = True,
) -> None:
    """Start the local servers and every installed service, and keep them running until Ctrl-C."""
    from consilium_cli.stack.run import Wish, run
    from consilium_cli.stack.state import StateFolder

    names = tuple(name.strip() for name in only.split(",") if name.strip())
    run(StateFolder.of(os.environ), Wish(port, replicas, names, quiet, welcome), Console())


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("up")(up)
