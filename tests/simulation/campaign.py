"""Many histories, one seed after another, in one process or several."""

import logging
import multiprocessing
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager

from simulation.history import History, run, simulated
from simulation.invariants import violations
from simulation.weather import Weather

CHUNK = 250
TRACE_LINES = 400


def first_failure(seeds: range, weather: Weather | None = None) -> str | None:
    """Run histories until something does not hold in one, and return its report."""
    with _quiet(), simulated() as clock:
        for seed in seeds:
            history = run(seed, clock, weather)
            found = violations(history)
            if found:
                return report(history, found)
    return None


def failures(first: int, count: int, jobs: int) -> Iterator[str]:
    """Yield what fails in so many histories; each process stops its share of seeds at the first."""
    shares = [range(start, min(start + CHUNK, first + count)) for start in range(first, first + count, CHUNK)]
    if jobs == 1:
        yield from filter(None, map(first_failure, shares))
        return
    with ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn")) as pool:
        yield from filter(None, pool.map(first_failure, shares))


def report(history: History, found: list[str]) -> str:
    """Return the seed, what does not hold, and the effects in their order."""
    lines = [" ".join(map(str, entry)) for entry in history.trace]
    left_out = [f"... {len(lines) - TRACE_LINES} effects before ..."] if len(lines) > TRACE_LINES else []
    head = f"seed {history.seed} ({history.weather}); again with: pytest tests/simulation --histories 1 --seed {history.seed}"
    return "\n".join([head, *found, "", *left_out, *lines[-TRACE_LINES:], "", *found, head])


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep what services say of simulated faults out of the output."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(before)
