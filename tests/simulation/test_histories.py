"""What DESIGN section 3 promises, in as many histories as are asked for: `--histories 100000 --seed 7 --jobs 2`."""

import hashlib
import subprocess
import sys
import time

import pytest

from simulation.campaign import failures
from simulation.history import History, run, simulated


@pytest.mark.timeout(0)
def test_every_promise_holds_in_every_history(request):
    count, first, jobs = (request.config.getoption(name) for name in ("--histories", "--seed", "--jobs"))
    began = time.perf_counter()
    found = list(failures(first, count, jobs))
    took_s = time.perf_counter() - began
    print(f"{count} histories from seed {first} in {took_s:.1f} s, {count / took_s:.0f}/s, {len(found)} failing")
    heads = "\n".join(each.partition("\n\n")[0] for each in found)
    assert not found, f"{len(found)} histories fail:\n{heads}\n\n{found[0]}"


@pytest.mark.parametrize("seed", [14_181, 26_306])
def test_histories_in_which_a_log_once_began_too_late(seed):
    """Another gateway handed a consult over before the one that stored it had heard that it was stored."""
    assert not list(failures(seed, 1, 1))


def digest(history: History) -> str:
    return hashlib.sha256(repr(history.trace).encode()).hexdigest()


def digests(seeds: range) -> list[str]:
    with simulated() as clock:
        return [digest(run(seed, clock)) for seed in seeds]


def test_a_seed_replays_exactly():
    seeds = range(20)
    first = digests(seeds)
    assert digests(seeds) == first
    assert len(set(first)) == len(seeds), "different seeds are different histories"


def test_a_seed_replays_exactly_in_another_interpreter():
    again = "from simulation.test_histories import digests; print(*digests(range(5)))"
    environment = {"PYTHONPATH": ":".join(sys.path), "PYTHONHASHSEED": "77"}
    done = subprocess.run([sys.executable, "-c", again], capture_output=True, text=True, check=True, env=environment)
    assert done.stdout.split() == digests(range(5))


def test_histories_meet_what_they_are_meant_for():
    """A simulation in which nothing goes wrong proves nothing."""
    harm, ends, attempts, late = set(), set(), 0, 0
    with simulated() as clock:
        for seed in range(150):
            history = run(seed, clock)
            harm |= history.harm
            rows = history.cast.data.rows("consults").values()
            ends |= {row.get("final_type") for row in rows}
            attempts = max(attempts, *(row["attempts"] for row in rows), 0)
            late += sum(stored.subject.endswith(".late") for stored in history.server.streams["EVENTS"].log)
    assert {"crash", "pause", "jump", "lost", "store"} <= harm
    assert ends == {"consult.completed", "consult.incomplete", "consult.failed", "consult.cancelled"}
    assert attempts > 1, "something was submitted again"
    assert late, "something came too late"
