"""`consilium token`: a token for the local user."""

import os
from typing import Annotated

import typer


def token(
    subject: Annotated[str, typer.Option(help="Whom the token names.")] = "local",
    ttl: Annotated[int, typer.Option(min=1, help="How long it is good, in seconds.")] = 12 * 3600,
    scope: Annotated[str, typer.Option(help="What it allows: words separated by spaces.")] = "consult",
) -> None:
    """Print a signed token that the gateway of this state folder accepts."""
    from consilium_cli.stack.state import StateError, StateFolder
    from consilium_common.security import tokens

    state = StateFolder.of(os.environ)
    if not state.secrets_file.exists():
        raise StateError(f"There are no keys in {state.path} yet; `consilium up` makes them.")
    typer.echo(tokens.issue(state.secrets().signing_key, subject, ttl, scope.split()))


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("token")(token)
