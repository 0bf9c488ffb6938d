"""`consilium logs`: what servers and services wrote."""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from consilium_cli.stack.state import StateError, StateFolder

LOOK_EVERY_S = 0.3


def logs(
    name: Annotated[str | None, typer.Argument(help="A server or service, such as gateway; all when not given.")] = None,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on with what is written from now on.")] = False,
    lines: Annotated[int, typer.Option("--lines", "-n", min=0, help="How many of the last lines of each to show.")] = 50,
) -> None:
    """Show the last lines of the logs."""
    state = StateFolder.of(os.environ)
    files = chosen_files(state, name)
    width = max(len(file.stem) for file in files) if len(files) > 1 else 0
    for file in files:
        for line in last_lines(file, lines):
            typer.echo(_labelled(file, line, width))
    for file, line in followed(files) if follow else ():
        typer.echo(_labelled(file, line, width))


def chosen_files(state: StateFolder, name: str | None) -> list[Path]:
    """Return the log file of one part, or all.

    Raises:
        StateError: when there is none of that name, or none at all.
    """
    files = sorted(state.logs.glob("*.log"))
    known = ", ".join(file.stem for file in files)
    if not files:
        raise StateError(f"There are no logs in {state.logs} yet; `consilium up` writes them.")
    if name and name not in {file.stem for file in files}:
        raise StateError(f"There is no log of {name!r}; there are {known}.")
    return [file for file in files if not name or file.stem == name]


def last_lines(file: Path, count: int) -> list[str]:
    """Return the last lines of a file."""
    return file.read_text(encoding="utf-8", errors="replace").splitlines()[-count:] if count else []


def followed(files: list[Path]) -> Iterator[tuple[Path, str]]:
    """Yield lines as they are written, until the program is interrupted. A file that was renamed is opened anew."""
    ends = {file: file.stat().st_size for file in files}
    while True:
        for file in files:
            size = file.stat().st_size if file.exists() else 0
            if size < ends[file]:
                ends[file] = 0
            if size > ends[file]:
                with file.open("rb") as opened:
                    opened.seek(ends[file])
                    text = opened.read()
                whole = text[: text.rfind(b"\n") + 1]
                ends[file] += len(whole)
                yield from ((file, line) for line in whole.decode("utf-8", errors="replace").splitlines())
        time.sleep(LOOK_EVERY_S)


def _labelled(file: Path, line: str, width: int) -> str:
    return f"{file.stem:<{width}}  {line}" if width else line


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("logs")(logs)
