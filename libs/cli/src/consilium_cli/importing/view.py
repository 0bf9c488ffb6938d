"""An import as it is told: a line on the way, and a summary with every reject that is worth looking at."""

import json
import time
from collections.abc import Iterator
from dataclasses import asdict
from typing import TextIO

from consilium_common.importing.loading import Report
from consilium_common.importing.surveying import PASSED_OVER, READ, REJECTED

EVERY_S = 1.0
EVERY_PLAIN_S = 10.0  # a log file needs fewer lines than somebody who looks on


class Ticker:
    """Writes how far an import is: over itself on a terminal, now and then a line elsewhere."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._live = out.isatty()
        self._began = time.monotonic()
        self._told = self._began
        self._wrote = False

    def tell(self, report: Report) -> None:
        """Say how it stands, not more often than can be read."""
        now = time.monotonic()
        if now - self._told < (EVERY_S if self._live else EVERY_PLAIN_S):
            return
        self._told = now
        self._wrote = True
        line = progress_line(report, now - self._began)
        self._out.write(f"\r\x1b[K{line}" if self._live else f"{line}\n")
        self._out.flush()

    def end(self) -> None:
        """Leave the line."""
        if self._live and self._wrote:
            self._out.write("\n")


def progress_line(report: Report, elapsed_s: float) -> str:
    """Return one line: how much is done, how quickly, how much was rejected."""
    rate = (report.position - report.skipped) / elapsed_s if elapsed_s > 0 else 0.0
    share = report.position / report.total if report.total else 1.0
    rejected = report.counts.get(REJECTED, 0)
    return (
        f"{report.source}: {report.position:,} of {report.total:,} ({share:.0%}), {rate:,.0f} records/s, {rejected:,} rejected"
    )


def summary_lines(report: Report, elapsed_s: float) -> Iterator[str]:
    """Yield the summary for people."""
    if report.unchanged:
        yield f"{report.source}: nothing to do, this content is imported already ({_stored(report)})."
        return
    yield progress_line(report, elapsed_s)
    if report.skipped:
        yield f"went on after {report.skipped:,} records of an earlier run"
    for name, count in sorted(report.counts.items()):
        if name not in {READ, REJECTED, PASSED_OVER}:
            yield f"  {count:>8,}  {name}"
    for reject in report.rejects:
        yield f"  rejected {reject}"
    yield f"stored: {_stored(report)}; {report.removed:,} older removed; licence {report.licence}"


def as_json(report: Report, elapsed_s: float) -> str:
    """Return the summary for programs."""
    return json.dumps({**asdict(report), "took_s": round(elapsed_s, 2)}, indent=1, ensure_ascii=False)


def _stored(report: Report) -> str:
    return ", ".join(f"{count:,} {name}" for name, count in report.stored.items())
