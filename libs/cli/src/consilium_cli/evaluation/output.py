"""Where an evaluation goes: to the terminal or as JSON, and with `--report` into a folder. Takes any `Report`."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from rich.console import Console
from rich.table import Table

from consilium_cli.evaluation import plots
from consilium_cli.evaluation.cases import DataError
from consilium_cli.evaluation.drawing import Drawing
from consilium_cli.evaluation.page import page
from consilium_cli.evaluation.paired import against_all, outcome_lines, read_outcomes
from consilium_cli.evaluation.report import PERCENT_FREE, Report, show
from consilium_cli.evaluation.timing import Timings

WORST_IN_REPORTS = 10


@dataclass(frozen=True)
class Wanted:
    """What the command line asks for: JSON, how many misses, a folder for the report, a file of outcomes to compare with."""

    as_json: bool = False
    worst: int = 0
    folder: Path | None = None
    against: Path | None = None


def deliver(report: Report, wanted: Wanted, timings: Timings | None = None) -> None:
    """Print a report, and write it when a folder is wanted.

    Raises:
        DataError: when the folder cannot be written, or the outcomes to compare with cannot be used.
    """
    if wanted.against is not None:
        report = compared(report, wanted.against)
    if wanted.as_json:
        print(json.dumps(report.as_json(wanted.worst), indent=1, ensure_ascii=False))
    else:
        show(Console(), report, wanted.worst)
        if timings:
            Console().print(_timing_table(timings))
    if wanted.folder is not None:
        write(report, wanted.folder, max(wanted.worst, WORST_IN_REPORTS), timings)


def compared(report: Report, against: Path) -> Report:
    """Return the report with the comparisons case by case that a file of outcomes allows.

    Raises:
        DataError: when the file cannot be read, or no case of it is among ours.
    """
    published = read_outcomes(against)
    pairs = [against_all(each, published) for each in report.sets]
    if not any(pairs):
        raise DataError(f"{against.name} has no case and figure in common with what is measured here.")
    return replace(
        report, sets=[replace(each, paired=(*each.paired, *found)) for each, found in zip(report.sets, pairs, strict=True)]
    )


def write(report: Report, folder: Path, worst: int, timings: Timings | None = None) -> None:
    """Write the page, the JSON, the outcomes and the plots into a folder; times into timings.json, the only file that varies.

    Raises:
        DataError: when the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "report.html").write_text(page(report, worst), "utf-8")
        (folder / "report.json").write_text(f"{json.dumps(report.as_json(worst), indent=1, ensure_ascii=False)}\n", "utf-8")
        (folder / "outcomes.jsonl").write_text(outcome_lines(report.system, report.sets), "utf-8")
        for name, drawing in _drawings(report):
            (folder / f"{name}.png").write_bytes(drawing.png())
        if timings:
            (folder / "timings.json").write_text(f"{json.dumps(timings, indent=1)}\n", "utf-8")
    except OSError as error:
        raise DataError(f"The report cannot be written into {str(folder)!r}: {error.strerror or error}") from error


def _drawings(report: Report) -> Iterator[tuple[str, Drawing]]:
    names: Counter[str] = Counter()
    for each in report.sets:
        slug = re.sub(r"[^a-z0-9]+", "-", each.name.lower()).strip("-") or "set"
        names[slug] += 1
        slug = slug if names[slug] == 1 else f"{slug}-{names[slug]}"
        curve = plots.calibration(each.name, each.calibration) if each.calibration else None
        drawn = {"figures": plots.figures(each, PERCENT_FREE), "calibration": curve, "confusion": plots.confusion(each)}
        yield from ((f"{slug}-{kind}", drawing) for kind, drawing in drawn.items() if drawing is not None)


def _timing_table(timings: Timings) -> Table:
    table = Table("stage", "n", "median ms", "p95 ms", title="time of each stage", title_justify="left", box=None)
    for name, taken in timings.items():
        table.add_row(name, f"{taken['n']:g}", f"{taken['median_ms']:.2f}", f"{taken['p95_ms']:.2f}")
    return table
