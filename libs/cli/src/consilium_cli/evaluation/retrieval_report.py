"""`consilium eval retrieval`: from a folder to tables or one JSON object."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from consilium_cli.evaluation.cases import DataError
from consilium_cli.evaluation.consilium import load_consilium
from consilium_cli.evaluation.judged import read_judged
from consilium_cli.evaluation.report import Report, show
from consilium_cli.evaluation.retrieval import Retrieval, System, evaluate, load_encode
from consilium_common.retrieval.names import join

# The system of interest first; it is compared with each of the others.
ALL = (System.FULL, System.FUSED, System.DENSE, System.BM25)


@dataclass(frozen=True)
class Measured:
    """What was measured, and with which knowledge."""

    retrieval: Retrieval
    knowledge: Mapping[str, str]


def run(folder: Path, system: str, relevant_from: int | None, summaries: bool) -> Measured:
    """Measure over the collection in a folder: `full` beside every simpler system, or one of those alone.

    Raises:
        ConsiliumError: when the folder, the system or the embedder is not there.
    """
    if system not in list(System):
        raise DataError(f"There is no system {system!r}; there are {', '.join(System)}.")
    judged = read_judged(folder)
    scale = judged.scale(relevant_from)
    systems = ALL if system == System.FULL else (System(system),)
    consilium = load_consilium()
    names = join((condition.name, *condition.lay) for _, condition in consilium.conditions)
    encode = None if systems == (System.BM25,) else load_encode()
    result = evaluate(judged, systems, encode, scale, names, summaries)
    if not result.sets[0].n:
        raise DataError(f"No question in {str(folder)!r} has a passage of grade {scale.relevant_from} or more.")
    return Measured(result, consilium.versions)


def as_object(measured: Measured, worst: int) -> dict[str, object]:
    """Return one object: the figures of the first system at the top, all systems in `sets`. Times are not in it: they vary."""
    found = measured.retrieval
    return report_of(measured).as_json(worst) | {
        "relevant_from": found.scale.relevant_from,
        "without_an_answer": found.unanswerable,
        "compared": {other: [each.as_json() for each in made] for other, made in found.comparisons.items()},
    }


def show_retrieval(console: Console, measured: Measured, worst: int) -> None:
    """Print the figures, the comparisons, the worst questions of the first system, and what it took."""
    found = measured.retrieval
    first, *others = found.sets
    show(console, report_of(measured), 0)
    if others:
        table = Table(title=f"{first.name} against", title_justify="left")
        for name in ("system", "measure", "difference", "p", "better", "worse"):
            table.add_column(name)
        for other, made in found.comparisons.items():
            for each in made:
                by = each.difference
                difference = f"{by.value:+.3f} ({by.low:+.3f} to {by.high:+.3f})"
                table.add_row(other, each.measure, difference, f"{each.p:.4f}", str(each.better), str(each.worse))
        console.print(table)
    for miss in first.misses[:worst]:
        console.print(f"[bold]{miss.case}[/]: {miss.got}", highlight=False)
        for line in miss.why:
            console.print(f"    [dim]{line}[/]", highlight=False)
    counted = f"Relevant from grade {found.scale.relevant_from}; {found.unanswerable} questions without an answer left out."
    took = ", ".join(f"{stage} {value:g}" for stage, value in found.times.as_json().items())
    console.print(f"[dim]{counted} Took: {took}[/]", highlight=False)


def report_of(measured: Measured) -> Report:
    """Return what any evaluation is shown and written from."""
    return Report("retrieval", measured.retrieval.sets, measured.knowledge)
