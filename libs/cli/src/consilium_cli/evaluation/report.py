"""An evaluation as tables for people or one JSON object for programs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from consilium_cli.evaluation.result import SetResult
from consilium_cli.evaluation.scoring import Figure

PERCENT_FREE = frozenset({"called"})  # a count, not a share
NOT_HELD_SHOWN = 12


@dataclass(frozen=True)
class Report:
    """What was measured with which knowledge; `half` names the half of the cases when it was only one."""

    kind: str
    sets: Sequence[SetResult]
    knowledge: Mapping[str, str]
    half: str | None = None

    @property
    def system(self) -> str:
        """Return what was measured, by the versions of its knowledge."""
        versions = "|".join(f"{name}={version}" for name, version in sorted(self.knowledge.items()))
        return f"consilium {sha256(versions.encode()).hexdigest()[:8]}"

    def as_json(self, worst: int) -> dict[str, object]:
        """Return one object: the figures of the first set at the top, all sets in `sets`."""
        shown: dict[str, object] = {"evaluation": self.kind, "half": self.half or "both", "knowledge": dict(self.knowledge)}
        if self.sets:
            shown |= {key: value for key, value in self.sets[0].as_json(0).items() if key not in {"parts", "confusion"}}
        return shown | {"sets": [each.as_json(worst) for each in self.sets]}


def show(console: Console, report: Report, worst: int) -> None:
    """Print one table of all sets, then each set's parts and confusion, then what went wrong."""
    console.print(_figures(f"{report.kind}, {f'half {report.half}' if report.half else 'all cases'}", report.sets))
    for each in report.sets:
        if each.parts:
            console.print(_figures(each.name, tuple(each.parts.values())))
        if each.confusion:
            console.print(_confusion(each))
        _show_calibration(console, each)
        _show_paired(console, each)
        if each.not_held:
            _show_not_held(console, each)
        _show_misses(console, each, worst)
    versions = ", ".join(f"{name} {version}" for name, version in report.knowledge.items())
    console.print(f"[dim]95% intervals. Knowledge: {versions}[/]", highlight=False)


def _figures(title: str, sets: Sequence[SetResult]) -> Table:
    names = list(dict.fromkeys(name for each in sets for name in each.figures))
    table = Table(title=title, title_justify="left")
    table.add_column("set", no_wrap=True)
    for name in ("n", *names):
        table.add_column(name.replace("_", " "))
    for each in sets:
        table.add_row(each.name, str(each.n), *(cell(name, each.figures.get(name)) for name in names))
    return table


def cell(name: str, figure: Figure | None) -> str:
    """Return a figure with its interval as it is shown: shares in per cent, counts as they are."""
    if figure is None:
        return ""
    if name in PERCENT_FREE:
        return f"{figure.value:.2f} ({figure.low:.2f}-{figure.high:.2f})"
    return f"{percent(figure.value)} ({percent(figure.low)}-{percent(figure.high)})"


def percent(value: float) -> str:
    """Return a share in per cent; one that is not all and not nothing never reads as 100% or 0%."""
    whole = f"{value:.0%}"
    return f"{value:.1%}" if whole in {"0%", "100%"} and value not in {0, 1} else whole


def _confusion(result: SetResult) -> Table:
    rows = list(dict.fromkeys(right for right, _ in result.confusion))
    columns = sorted({got for _, got in result.confusion})
    table = Table("right \\ got", *columns, box=None)
    for right in rows:
        table.add_row(right, *(str(result.confusion.get((right, got), 0)) for got in columns))
    return table


def _show_calibration(console: Console, result: SetResult) -> None:
    curve = result.calibration
    if curve is None:
        return
    table = Table("stated", "n", "so", title=f"{result.name}: calibration", title_justify="left", box=None)
    for each in curve.bins:
        table.add_row(f"{each.stated:.0%}", str(each.n), cell("", each.hits))
    console.print(table)
    brier = f"{curve.brier.value:.3f} ({curve.brier.low:.3f}-{curve.brier.high:.3f})"
    console.print(f"expected calibration error {curve.error:.3f}, Brier score {brier}", highlight=False)


def _show_paired(console: Console, result: SetResult) -> None:
    for each in result.paired:
        apart = f"{each.difference.value:+.1%} ({each.difference.low:+.1%} to {each.difference.high:+.1%})"
        counts = f"only ours right {each.ours}, only theirs {each.theirs}, of {each.n}"
        console.print(
            f"{result.name}, {each.figure} against {escape(each.against)}: {apart}, {counts}, p {each.p:.4f}", highlight=False
        )


def _show_not_held(console: Console, result: SetResult) -> None:
    total = sum(result.not_held.values())
    first = ", ".join(
        f"{name} ({count})" if count > 1 else name for name, count in list(result.not_held.items())[:NOT_HELD_SHOWN]
    )
    more = f" and {len(result.not_held) - NOT_HELD_SHOWN} more" if len(result.not_held) > NOT_HELD_SHOWN else ""
    console.print(f"{result.name}: {total} cases whose diagnosis no pack holds: {escape(first)}{more}", highlight=False)


def _show_misses(console: Console, result: SetResult, worst: int) -> None:
    for miss in result.misses[:worst]:
        console.print(f"[bold]{escape(miss.case)}[/]: right {miss.right}, got {escape(miss.got)}", highlight=False)
        for line in miss.why:
            console.print(f"    [dim]{escape(line)}[/]", highlight=False)
