"""The `consilium` command."""

import importlib
import pkgutil
import sys

import typer
from rich.console import Console

from consilium_cli import commands
from consilium_common.errors import ConsiliumError

EXIT_PROBLEM = 2

app = typer.Typer(
    name="consilium",
    help="Run Consilium on this machine, and ask it.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for module in pkgutil.iter_modules(commands.__path__):
    importlib.import_module(f"{commands.__name__}.{module.name}").register(app)


def run() -> None:
    """Run the command line; a known problem becomes one sentence and exit code 2."""
    try:
        app()
    except ConsiliumError as error:
        Console(stderr=True).print(f"[red]consilium:[/] {error.message}", highlight=False, soft_wrap=True)
        sys.exit(EXIT_PROBLEM)


if __name__ == "__main__":
    run()
