"""`consilium knowledge`: check, count and compare the knowledge, and import what others publish."""

import json
import sys
import time
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from consilium_cli.knowledge.reading import Place

EXIT_COMPLAINTS = 1
EXIT_STOPPED = 130  # as a shell says of what Ctrl-C ended
SIGNS = {"added": "green", "removed": "red", "changed": "yellow"}
COLUMNS = ("conditions", "cases", "findings", "phrases", "red_flags", "medicines", "sources")

knowledge_app = typer.Typer(help="Check, count, compare and import knowledge.", no_args_is_help=True)
Folder = Annotated[
    Path | None, typer.Option("--folder", help="A checkout, or a folder of packs; the installed knowledge when not given.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]


class SourceName(StrEnum):
    """What can be imported."""

    MEDQUAD = "medquad"
    HETIONET = "hetionet"
    DISEASE_ONTOLOGY = "disease-ontology"
    SYMPTOM_ONTOLOGY = "symptom-ontology"
    NDFRT = "ndfrt"
    ONC = "onc"


@knowledge_app.command("lint")
def check(folder: Folder = None, as_json: AsJson = False) -> None:
    """Check references, ranges, phrases that mean two things, sources, and conditions that nobody can reach.

    Exit code 1 when something is wrong.
    """
    complaints = _complaints(_places(folder))
    if as_json:
        typer.echo(json.dumps(complaints, indent=1, ensure_ascii=False))
    else:
        for complaint in complaints:
            typer.echo(complaint)
        typer.echo(f"{len(complaints)} complaints" if complaints else "Nothing to complain about.")
    raise typer.Exit(EXIT_COMPLAINTS if complaints else 0)


@knowledge_app.command("stats")
def stats(folder: Folder = None, as_json: AsJson = False) -> None:
    """Count conditions, findings, their phrases, rules, medicines and sources by area and pack."""
    from consilium_cli.knowledge.stats import count, total

    rows = count(_places(folder))
    names = dict.fromkeys(row.place for row in rows)
    sums = [total((row for row in rows if row.place == name), name) for name in names]
    if as_json:
        typer.echo(json.dumps({"areas": [asdict(row) for row in rows], "total": total(rows, "all").counts}, indent=1))
        return
    table = Table("pack", "area", *(name.replace("_", " ") for name in COLUMNS), box=None, header_style="bold")
    for summed in sums:
        for row in (row for row in rows if row.place == summed.place):
            table.add_row(row.place, row.area, *(str(row.counts.get(name) or "") for name in COLUMNS))
        table.add_row(
            summed.place, "all", *(str(summed.counts.get(name, 0)) for name in COLUMNS), style="bold", end_section=True
        )
    table.add_row("all", "", *(str(total(rows, "all").counts.get(name, 0)) for name in COLUMNS), style="bold")
    Console().print(table)


@knowledge_app.command("diff")
def diff(
    reference: Annotated[str, typer.Argument(metavar="REF", help="A git revision of this repository, or another folder.")],
    folder: Folder = None,
    as_json: AsJson = False,
) -> None:
    """Show which ids were added, removed or changed since a revision, or against another folder."""
    from consilium_cli.knowledge.changes import changes
    from consilium_cli.knowledge.reading import at

    with at(reference, folder or Path.cwd()) as before:
        found = changes(before, _places(folder))
    if as_json:
        typer.echo(json.dumps([asdict(change) for change in found], indent=1))
        return
    console = Console()
    for change in found:
        fields = f" ({', '.join(change.fields)})" if change.fields else ""
        line = f"[{SIGNS[change.what]}]{change.what:<8}[/] {change.place} {change.kind} {change.id}{fields}"
        console.print(line, highlight=False, soft_wrap=True)
    console.print(", ".join(f"{sum(each.what == what for each in found)} {what}" for what in SIGNS), highlight=False)


@knowledge_app.command("import")
def bring_in(
    source: Annotated[SourceName, typer.Argument(metavar="SOURCE", help=", ".join(SourceName))],
    path: Annotated[Path, typer.Argument(metavar="PATH", help="Its file, or the folder that holds its files.")],
    resume: Annotated[
        bool, typer.Option("--resume/--from-start", help="Go on where an import of the same content stopped, or load all anew.")
    ] = True,
    as_json: AsJson = False,
) -> None:
    """Import what others publish into what runs here, or where the environment says. Safe to stop, and to run again.

    It is marked as imported and ranks below the packs. Exit code 0 when all is in, rejects included; 2 when the file is refused
    or something is away; 130 when it was stopped.
    """
    from consilium_cli.importing import doing, view

    began = time.monotonic()
    try:
        report = doing.run(source.value, path, not resume, sys.stderr)
    except KeyboardInterrupt:
        typer.echo("Stopped. What was done stays; the same command goes on from there.", err=True)
        raise typer.Exit(EXIT_STOPPED) from None
    took_s = time.monotonic() - began
    for line in [view.as_json(report, took_s)] if as_json else view.summary_lines(report, took_s):
        typer.echo(line)


def _complaints(places: "tuple[Place, ...]") -> list[str]:
    """Return what is wrong: files that are refused first, since nothing can be said of what they hold."""
    from consilium_cli.knowledge.reading import SHARED
    from consilium_common.knowledge import KnowledgeError, lint, load_pack, load_shared
    from consilium_common.knowledge.loading import read_shared

    refused = [error.message for place in places for error in place.refused()]
    if refused:
        return refused
    folders = {place.name: place.folder for place in places}
    try:
        shared = read_shared(folders.pop(SHARED)) if SHARED in folders else load_shared()
        return [str(each) for each in lint(shared, {name: load_pack(each) for name, each in folders.items()})]
    except KnowledgeError as error:
        return [error.message]


def _places(folder: Path | None) -> "tuple[Place, ...]":
    from consilium_cli.knowledge.reading import in_folder, installed

    return in_folder(folder) if folder else installed()


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.add_typer(knowledge_app, name="knowledge")
