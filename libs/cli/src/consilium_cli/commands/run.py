"""`consilium run SERVICE`: one more replica in the foreground, against what already runs."""

import importlib
import os
from typing import Annotated

import typer

from consilium_cli.stack.state import StateFolder


def run(
    service: Annotated[str, typer.Argument(help="An installed service or specialist, such as cardiology.")],
    port: Annotated[int, typer.Option(min=0, max=65535, help="Its port on loopback; 0 takes any free one.")] = 0,
) -> None:
    """Run one more replica of a service with the settings of the running stack, until Ctrl-C."""
    from consilium_cli.stack import environment, services
    from consilium_cli.stack.ports import free_ports, require_free

    state = StateFolder.of(os.environ)
    (found,) = services.chosen(services.installed(), (service,))
    settings = environment.of_running(state)
    own_port = require_free(port) if port else free_ports(1)[0]
    instance = f"{found.name}-run-{os.getpid()}"
    os.environ.update({**settings, **environment.of_one(instance, own_port)})
    typer.echo(f"{instance} on port {own_port}; Ctrl-C stops it.", err=True)
    module, _, name = found.entry.partition(":")
    getattr(importlib.import_module(module), name)()


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("run")(run)
