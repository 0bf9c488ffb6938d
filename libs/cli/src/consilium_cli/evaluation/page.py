"""An evaluation as one HTML file that needs nothing else: no script, no network, readable in light and dark."""

from collections.abc import Iterable, Iterator, Sequence
from html import escape

from consilium_cli.evaluation import plots
from consilium_cli.evaluation.report import PERCENT_FREE, Report, cell
from consilium_cli.evaluation.result import SetResult

_STYLE = """
:root{color-scheme:light dark;--ink:#1c2128;--soft:#57606a;--grid:#d6dbe0;--accent:#00629b;--paper:#fff}
@media (prefers-color-scheme:dark){:root{--ink:#e6edf3;--soft:#9aa4ae;--grid:#39424c;--accent:#58b3ec;--paper:#12161b}}
body{margin:2rem auto;max-width:60rem;padding:0 1rem;background:var(--paper);color:var(--ink)}
body{font:1rem/1.5 system-ui,sans-serif}
table{border-collapse:collapse;margin:.75rem 0;display:block;overflow-x:auto}
th,td{padding:.25rem .75rem;border-bottom:1px solid var(--grid);text-align:right;white-space:nowrap}
th:first-child,td:first-child{text-align:left}
h2{margin-top:2.5rem;border-bottom:2px solid var(--grid)} .soft{color:var(--soft)} svg{max-width:100%;height:auto;display:block}
svg text{font-family:inherit;stroke:none} .ink{fill:var(--ink);stroke:var(--ink)} text.soft{fill:var(--soft)}
line.soft{stroke:var(--soft)} .grid{fill:var(--grid);stroke:var(--grid)} .accent{fill:var(--accent);stroke:var(--accent)}
rect{stroke:none} details{margin:.5rem 0} summary{cursor:pointer} li{margin:.5rem 0;overflow-wrap:anywhere}
""".strip()


def page(report: Report, worst: int) -> str:
    """Return the page: a table of all sets, then each set with its plots, comparisons and at most `worst` misses."""
    which = f"half {report.half}" if report.half else "all cases"
    title = f"Evaluation: {report.kind}, {which}"
    versions = ", ".join(f"{name} {version}" for name, version in report.knowledge.items())
    parts = [
        '<!doctype html><html lang="en"><head><meta charset="utf-8">',
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body>",
        f"<h1>{escape(title)}</h1>",
        f'<p class="soft">Figures are followed by their 95% intervals. Knowledge: {escape(versions) or "none"}.</p>',
        _figures(report.sets),
        *(piece for each in report.sets for piece in _set(each, worst)),
        "</body></html>\n",
    ]
    return "\n".join(parts)


def _set(result: SetResult, worst: int) -> Iterator[str]:
    yield f"<h2>{escape(result.name)}</h2>"
    drawings = [plots.figures(result, PERCENT_FREE)]
    drawings.append(plots.calibration(result.name, result.calibration) if result.calibration else None)
    yield from (drawing.svg() for drawing in drawings if drawing is not None)
    if result.calibration:
        yield _calibration(result)
    if result.confusion:
        yield _confusion(result)
    if result.paired:
        yield _paired(result)
    if result.parts:
        yield f"<details><summary>Its parts</summary>{_figures(tuple(result.parts.values()))}</details>"
    if result.not_held:
        names = (f"{escape(name)} ({count})" for name, count in result.not_held.items())
        told = f"In no pack: {sum(result.not_held.values())} cases"
        yield f"<details><summary>{told}</summary><p>{', '.join(names)}</p></details>"
    shown = result.misses[:worst]
    if shown:
        yield f"<details><summary>The {len(shown)} worst of {len(result.misses)} misses</summary><ol>"
        for miss in shown:
            why = "".join(f'<br><span class="soft">{escape(line)}</span>' for line in miss.why)
            yield f"<li><b>{escape(miss.case)}</b>: right {escape(miss.right)}, got {escape(miss.got)}{why}</li>"
        yield "</ol></details>"


def _figures(sets: Sequence[SetResult]) -> str:
    names = list(dict.fromkeys(name for each in sets for name in each.figures))
    rows = ([each.name, str(each.n), *(cell(name, each.figures.get(name)) for name in names)] for each in sets)
    return _table(["set", "n", *(name.replace("_", " ") for name in names)], rows)


def _calibration(result: SetResult) -> str:
    curve = result.calibration
    assert curve is not None  # noqa: S101 - the caller asked
    rows = ([f"{each.stated:.0%}", str(each.n), cell("", each.hits)] for each in curve.bins)
    brier = f"{curve.brier.value:.3f} ({curve.brier.low:.3f}-{curve.brier.high:.3f})"
    told = f"Expected calibration error {curve.error:.3f}, Brier score {brier}, {curve.n} statements."
    return f"<p>{told}</p>{_table(['stated', 'n', 'so'], rows)}"


def _confusion(result: SetResult) -> str:
    drawing = plots.confusion(result)
    columns = sorted({got for _, got in result.confusion})
    rights = dict.fromkeys(right for right, _ in result.confusion)
    rows = ([right, *(str(result.confusion.get((right, got), 0)) for got in columns)] for right in rights)
    table = _table(["right / got", *columns], rows)
    return f"{drawing.svg() if drawing else ''}<details><summary>As a table</summary>{table}</details>"


def _paired(result: SetResult) -> str:
    head = ["figure", "against", "n", "both right", "only ours", "only theirs", "neither", "difference", "p (McNemar, exact)"]
    rows = (
        [
            each.figure.replace("_", " "),
            each.against,
            *(str(count) for count in (each.n, each.both, each.ours, each.theirs, each.neither)),
            f"{each.difference.value:+.1%} ({each.difference.low:+.1%} to {each.difference.high:+.1%})",
            f"{each.p:.4f}",
        ]
        for each in result.paired
    )
    return f"<h3>Case by case</h3>{_table(head, rows)}"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    top = "".join(f"<th>{escape(name)}</th>" for name in head)
    body = "".join(f"<tr>{''.join(f'<td>{escape(each)}</td>' for each in row)}</tr>" for row in rows)
    return f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"
