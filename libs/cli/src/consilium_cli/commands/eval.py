"""`consilium eval`: measure triage, differential, routing, redaction and retrieval over cases with known answers."""

import json
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from consilium_cli.evaluation.cases import Case
    from consilium_cli.evaluation.consilium import Consilium
    from consilium_cli.evaluation.output import Wanted
    from consilium_cli.evaluation.result import SetResult

    Evaluate = Callable[[Iterable[Case], Consilium], list[SetResult]]

eval_app = typer.Typer(help="Measure Consilium over cases with known answers; no server is needed.", no_args_is_help=True)


class Half(StrEnum):
    """Cases are split once and for all: look at one half, measure the other."""

    A = "a"
    B = "b"


Place = Annotated[Path | None, typer.Argument(metavar="[FOLDER]", help="The same as --data.", show_default=False)]
Data = Annotated[Path, typer.Option("--data", envvar="CONSILIUM_DATA", help="The folder with cases.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object, for programs.")]
Worst = Annotated[int, typer.Option("--worst", min=0, help="How many misses of each set to show, with the trace of why.")]
OneHalf = Annotated[Half | None, typer.Option("--half", help="Only one half of the cases, always the same.")]
Folder = Annotated[
    Path | None,
    typer.Option("--report", help="Also write report.html, report.json, outcomes.jsonl and plots into this folder."),
]
Against = Annotated[
    Path | None,
    typer.Option("--against", help="Compare case by case with outcomes.jsonl of another report, or published ones."),
]
DATA = Path("../shared/data")


@eval_app.command("triage")
def triage(
    folder: Place = None,
    data: Data = DATA,
    as_json: AsJson = False,
    worst: Worst = 0,
    half: OneHalf = None,
    invariance: Annotated[bool, typer.Option(help="Also vary sex, ethnicity and names in every case.")] = False,
    report: Folder = None,
    against: Against = None,
) -> None:
    """Measure how urgent: accuracy, safety, emergencies found, benign left alone."""
    from consilium_cli.evaluation import invariance as unchanged
    from consilium_cli.evaluation import triage as levels
    from consilium_cli.evaluation.output import Wanted

    evaluations = [levels.evaluate, unchanged.evaluate] if invariance else [levels.evaluate]
    _measure("triage", evaluations, folder or data, half, Wanted(as_json, worst, report, against))


@eval_app.command("differential")
def differential(
    folder: Place = None,
    data: Data = DATA,
    as_json: AsJson = False,
    worst: Worst = 0,
    half: OneHalf = None,
    report: Folder = None,
    against: Against = None,
) -> None:
    """Measure which condition: the right one among the first one, three and five, and whether probabilities hold."""
    from consilium_cli.evaluation.differential import evaluate
    from consilium_cli.evaluation.output import Wanted

    _measure("differential", [evaluate], folder or data, half, Wanted(as_json, worst, report, against))


@eval_app.command("routing")
def routing(
    folder: Place = None,
    data: Data = DATA,
    as_json: AsJson = False,
    worst: Worst = 0,
    half: OneHalf = None,
    report: Folder = None,
    against: Against = None,
) -> None:
    """Measure which specialist: the right one among those called, and how many are called."""
    from consilium_cli.evaluation.output import Wanted
    from consilium_cli.evaluation.routing import evaluate

    _measure("routing", [evaluate], folder or data, half, Wanted(as_json, worst, report, against))


@eval_app.command("redaction")
def redaction(
    folder: Place = None,
    data: Annotated[
        Path, typer.Option("--data", envvar="CONSILIUM_DATA", help="A folder or one file with marked texts.")
    ] = DATA,
    as_json: AsJson = False,
    worst: Worst = 0,
    half: OneHalf = None,
    report: Folder = None,
    against: Against = None,
) -> None:
    """Measure redaction: identifiers gone, clean texts left alone."""
    from consilium_cli.evaluation.output import Wanted, deliver
    from consilium_cli.evaluation.redaction import evaluate
    from consilium_cli.evaluation.redaction_texts import read_texts
    from consilium_cli.evaluation.report import Report
    from consilium_cli.evaluation.timing import Stopwatch
    from consilium_common.knowledge import clinical_words, load_shared
    from consilium_common.security.redaction import Redacted, Redactor

    texts = read_texts(folder or data, half.value if half else None)
    shared, watch = load_shared(), Stopwatch()
    redactor = Redactor(clinical_words(shared))

    def redact(text: str) -> Redacted:
        with watch.stage("redacting"):
            return redactor.redact(text)

    sets = evaluate(texts, redact)
    measured = Report("redaction", sets, {"shared": shared.version}, half.value if half else None)
    deliver(measured, Wanted(as_json, worst, report, against), watch.timings())


@eval_app.command("retrieval")
def retrieval(
    folder: Place = None,
    data: Annotated[
        Path, typer.Option("--data", envvar="CONSILIUM_DATA", help="A folder with questions.jsonl, passages.jsonl, qrels.tsv.")
    ] = DATA,
    system: Annotated[str, typer.Option(help="full and all simpler ones beside it, or one of bm25, dense, fused.")] = "full",
    relevant_from: Annotated[int | None, typer.Option(help="The least grade that counts as an answer.")] = None,
    summaries: Annotated[bool, typer.Option(help="Ask each question's summary, where there is one.")] = False,
    as_json: AsJson = False,
    worst: Worst = 10,
    report: Folder = None,
) -> None:
    """Measure which passages are found, over any judged collection."""
    from rich.console import Console

    from consilium_cli.evaluation.output import write
    from consilium_cli.evaluation.retrieval_report import as_object, report_of, run, show_retrieval

    found = run(folder or data, system, relevant_from, summaries)
    if report is not None:
        write(report_of(found), report, worst)
    if as_json:
        typer.echo(json.dumps(as_object(found, worst), indent=1, ensure_ascii=False))
    else:
        show_retrieval(Console(), found, worst)


def _measure(kind: str, evaluations: "Sequence[Evaluate]", data: Path, half: Half | None, wanted: "Wanted") -> None:
    from consilium_cli.evaluation.cases import DataError, read_cases
    from consilium_cli.evaluation.consilium import load_consilium
    from consilium_cli.evaluation.output import deliver
    from consilium_cli.evaluation.report import Report

    cases = read_cases(data, half.value if half else None)
    consilium = load_consilium()
    sets = [result for evaluate in evaluations for result in evaluate(cases, consilium)]
    if not sets:
        raise DataError(f"No case below {str(data)!r} says what is right for {kind}.")
    order = ("semigran", "avey")  # what the targets name first
    sets.sort(key=lambda each: next((i for i, name in enumerate(order) if each.name.startswith(name)), len(order)))
    deliver(Report(kind, sets, consilium.versions, half.value if half else None), wanted, consilium.watch.timings())


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.add_typer(eval_app, name="eval")
