"""What the run broke and what came of it: one line a fault, and one table at the end."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Line:
    """One fault: what was done, under which load, what came of it, and what was measured."""

    fault: str
    load: str
    outcome: str
    measured: str
    seed: int

    def __str__(self) -> str:
        return f"chaos: {self.fault} | {self.load} | {self.outcome} | {self.measured} | seed {self.seed}"


_lines: list[Line] = []


def say(fault: str, load: str, outcome: str, measured: str, seed: int) -> None:
    """Print a line and keep it for the table."""
    line = Line(fault, load, outcome, measured, seed)
    _lines.append(line)
    print(line)


def lines() -> list[str]:
    """Return every line of this run."""
    return [str(line) for line in _lines]


def write_markdown(path: Path) -> None:
    """Write the table for the documentation."""
    rows = [f"| {line.fault} | {line.load} | {line.outcome} | {line.measured} | {line.seed} |" for line in _lines]
    table = ["| fault | load | outcome | measured | seed |", "|---|---|---|---|---|", *rows]
    path.write_text("\n".join(table) + "\n", "utf-8")
