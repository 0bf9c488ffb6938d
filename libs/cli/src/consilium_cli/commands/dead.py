"""`consilium dead`: messages that no service could handle."""

import asyncio
import json
import os
from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from consilium_cli.dead.doing import Choice, Outcome
    from consilium_common.bus.connection import Bus

EXIT_NOT_ALL = 1

dead_app = typer.Typer(
    help="Look at messages that no service could handle, and hand them back. "
    "Asks the running local stack, or the bus of NATS_URL and CONSILIUM_BUS_KEY.",
    no_args_is_help=True,
)
Sequences = Annotated[list[int] | None, typer.Argument(metavar="SEQ", min=1, help="Numbers that `list` shows.")]
Service = Annotated[str | None, typer.Option(help="Only what this service could not handle.")]
All = Annotated[bool, typer.Option("--all", help="Every one of --service.")]
Reason = Annotated[str | None, typer.Option(help="With --all: only those of this reason.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]


@dead_app.command("list")
def show_list(
    service: Service = None,
    limit: Annotated[int, typer.Option(min=1, help="How many, the newest.")] = 50,
    as_json: AsJson = False,
) -> None:
    """List dead letters, the newest last, and count them by service and reason. Shows no patient data."""
    from consilium_cli.dead import doing, reaching, view

    async def read() -> None:
        async with reaching.reached(os.environ) as bus:
            letters, counts = await doing.newest(bus, service, limit)
        lines = [view.list_json(letters, counts)] if as_json else [*map(view.as_lines, letters), *view.count_lines(counts)]
        for line in lines:
            typer.echo(line)

    asyncio.run(read())


@dead_app.command("show")
def show(
    sequence: Annotated[int, typer.Argument(metavar="SEQ", min=1, help="A number that `list` shows.")],
    as_json: AsJson = False,
    reveal: Annotated[bool, typer.Option("--reveal", help="Print the data, too, which is patient data.")] = False,
) -> None:
    """Show one dead letter: why it is one, and what replaying it would do. Its data only with --reveal."""
    from consilium_cli.dead import reaching, view
    from consilium_common.bus.dead_letters import read_letter, verdict_on

    async def read() -> None:
        async with reaching.reached(os.environ) as bus:
            letter = await read_letter(bus, sequence)
            verdict = await verdict_on(bus, letter)
        if reveal:
            typer.echo(view.REVEALED, err=True)
        if as_json:
            typer.echo(json.dumps(view.whole(letter, verdict, reveal), indent=1))
            return
        for line in view.whole_lines(letter, verdict):
            typer.echo(line)
        if reveal and letter.envelope:
            typer.echo(json.dumps(letter.envelope.data, indent=1, ensure_ascii=False))

    asyncio.run(read())


@dead_app.command("replay")
def replay(sequences: Sequences = None, service: Service = None, every: All = False, reason: Reason = None) -> None:
    """Hand dead letters to their service again, and remove each that the bus has taken.

    What can have no effect any more stays, and is said to. Exit code 1 when something stayed.
    """
    from consilium_cli.dead import doing

    _each(doing.replay, _choice(sequences, service, every, reason))


@dead_app.command("drop")
def drop(sequences: Sequences = None, service: Service = None, every: All = False, reason: Reason = None) -> None:
    """Remove dead letters for good, after you have looked at them. Exit code 1 when one was not there."""
    from consilium_cli.dead import doing

    _each(doing.remove, _choice(sequences, service, every, reason))


def _choice(sequences: list[int] | None, service: str | None, every: bool, reason: str | None) -> "Choice":
    from consilium_cli.dead.doing import Choice

    if sequences and not (service or every or reason):
        return Choice(sequences)
    if not sequences and service and every:
        return Choice((), service, reason)
    raise typer.BadParameter("give numbers that `consilium dead list` shows, or --service NAME --all [--reason REASON]")


def _each(act: "Callable[[Bus, Choice], AsyncIterator[Outcome]]", choice: "Choice") -> None:
    """Do it to each chosen letter, and say what came of it."""
    from consilium_cli.dead import reaching

    async def run() -> tuple[int, int]:
        done = total = 0
        async with reaching.reached(os.environ) as bus:
            async for outcome in act(bus, choice):
                done, total = done + outcome.done, total + 1
                typer.echo(f"{outcome.sequence:>6}  {outcome.words}")
        return done, total

    done, total = asyncio.run(run())
    typer.echo(f"{done} of {total} done.")
    raise typer.Exit(0 if done == total else EXIT_NOT_ALL)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.add_typer(dead_app, name="dead")
