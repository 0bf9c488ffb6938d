"""`consilium bench`: measure, beside plain nats-py."""

import tempfile
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

bench_app = typer.Typer(help="Measure Consilium on this machine.", no_args_is_help=True)


@bench_app.callback()
def _bench() -> None:
    """Measure Consilium on this machine."""


@bench_app.command("consult")
def consult(
    alone: Annotated[int, typer.Option(min=2, help="Consults one at a time.")] = 200,
    at_once: Annotated[int, typer.Option(min=2, help="Consults many at a time.")] = 1500,
    lanes: Annotated[int, typer.Option(min=1, max=1000, help="How many at a time.")] = 128,
    real: Annotated[int, typer.Option(min=2, help="Consults with the real specialists.")] = 60,
) -> None:
    """Time consults through every service, in a stack of its own that is removed afterwards."""
    from consilium_cli.bench.consult import Wish, measure
    from consilium_cli.stack.state import StateFolder

    with tempfile.TemporaryDirectory(prefix="consilium-bench-") as folder:
        measure(StateFolder(Path(folder) / "state"), Wish(alone, at_once, lanes, real), Console())


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.add_typer(bench_app, name="bench")
