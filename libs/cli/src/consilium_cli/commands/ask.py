"""`consilium ask`: ask a question and watch it being answered."""

import os
from contextlib import nullcontext
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from consilium_cli.ask.client import Accepted, Gateway
    from consilium_cli.stack.state import StateFolder

TOKEN_TTL_S = 600
EXIT_INTERRUPTED = 130


def ask(
    question: Annotated[str, typer.Argument(help="The question, in plain words.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the raw events, one a line.")] = False,
    specialist: Annotated[list[str] | None, typer.Option(help="Ask only this one; may be given again.")] = None,
    url: Annotated[str | None, typer.Option(help="A gateway elsewhere; needs --token.")] = None,
    token: Annotated[str | None, typer.Option(help="A token; made for the local user when not given.")] = None,
) -> None:
    """Ask a health question. Starts what is not running, and stops what it started.

    Exit code: 0 completed, 3 incomplete, 1 failed, 2 not asked at all.
    """
    from rich.console import Console

    from consilium_cli.ask import stack
    from consilium_cli.ask.client import Gateway
    from consilium_cli.stack.state import StateFolder

    if url and not token:
        raise typer.BadParameter("a gateway elsewhere needs its own token; give one with --token", param_hint="--url")
    state = StateFolder.of(os.environ)
    with nullcontext(url) if url else stack.running(state) as address:
        gateway = Gateway(address, token or _local_token(state))
        accepted = gateway.submit(question, specialist or ())
        try:
            code = print_events(gateway, accepted) if as_json else show(gateway, accepted, Console())
        except KeyboardInterrupt:
            gateway.cancel(accepted.consult_id)
            code = EXIT_INTERRUPTED
    raise typer.Exit(code)


def print_events(gateway: "Gateway", accepted: "Accepted") -> int:
    """Print every event as it came; return the exit code."""
    from consilium_cli.ask.view import exit_code

    last = ""
    for event in gateway.events(accepted):
        typer.echo(event.raw)
        last = event.type
    return exit_code(last)


def show(gateway: "Gateway", accepted: "Accepted", console: "Console") -> int:
    """Show what happens as it happens; return the exit code."""
    from rich.live import Live

    from consilium_cli.ask.render import in_progress, news
    from consilium_cli.ask.view import View, exit_code

    view, last = View(), ""
    with Live(console=console, transient=True, refresh_per_second=8) as live:
        for event in gateway.events(accepted):
            before, view, last = view, view.after(event), event.type
            to_print = news(before, view)
            live.update(in_progress(view))
            if to_print is not None:
                console.print(to_print)
    return exit_code(last)


def _local_token(state: "StateFolder") -> str:
    from consilium_common.security import tokens

    return tokens.issue(state.secrets().signing_key, "local", TOKEN_TTL_S, ("consult",))


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("ask")(ask)
