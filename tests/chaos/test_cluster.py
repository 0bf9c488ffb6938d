"""Three nats-servers, every stream on all of them and on disk at once: nodes die, hang, are cut off and are renewed in turn."""

import asyncio
import os
import random
import signal
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
import pytest_asyncio

from support.chaos.checker import ends
from support.chaos.cluster import NAMES, Cluster
from support.chaos.load import ask_many, thinking
from support.chaos.report import say
from support.chaos.stack import LightStack, cluster_stack

pytestmark = pytest.mark.timeout(600)
Fault = Callable[[Cluster, random.Random, float], Awaitable[str]]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def on_cluster(tmp_path_factory, nursery) -> AsyncIterator[tuple[LightStack, Cluster]]:
    """Two of each service on three nodes."""
    folder: Path = tmp_path_factory.mktemp("cluster")
    async with cluster_stack(folder, nursery) as running:
        yield running


async def leader_killed(cluster: Cluster, _: random.Random, away_s: float) -> str:
    return await _killed(cluster, await cluster.leader("EVENTS"), away_s)


async def node_killed(cluster: Cluster, rng: random.Random, away_s: float) -> str:
    return await _killed(cluster, rng.choice(NAMES), away_s)


async def _killed(cluster: Cluster, name: str, away_s: float) -> str:
    await asyncio.to_thread(cluster.nodes[name].kill)
    await asyncio.sleep(away_s)  # the fault itself lasts so long
    await asyncio.to_thread(cluster.nodes[name].start)
    return name


async def leader_partitioned(cluster: Cluster, _: random.Random, away_s: float) -> str:
    name = await cluster.leader("EVENTS")
    cluster.partition(name)
    await asyncio.sleep(away_s)  # the fault itself lasts so long
    cluster.heal()
    return name


async def node_stalled(cluster: Cluster, rng: random.Random, away_s: float) -> str:
    name = rng.choice(NAMES)
    pid = cluster.nodes[name].process.pid
    os.kill(pid, signal.SIGSTOP)
    await asyncio.sleep(away_s)  # the fault itself lasts so long
    os.kill(pid, signal.SIGCONT)
    return name


async def all_restarted(cluster: Cluster, *_: object) -> str:
    for name in NAMES:
        await asyncio.to_thread(cluster.nodes[name].stop)
        await asyncio.to_thread(cluster.nodes[name].start)
        await cluster.healthy()
    return "all"


FAULTS: dict[str, Fault] = {
    "leader of EVENTS killed": leader_killed,
    "node killed": node_killed,
    "leader of EVENTS cut off": leader_partitioned,
    "node stalled": node_stalled,
    "rolling restart of the nodes": all_restarted,
}


@pytest.mark.parametrize("fault", list(FAULTS))
async def test_a_cluster_that_loses_a_node_loses_no_consult(on_cluster, form, seed, fault):
    stack, cluster = on_cluster
    await cluster.healthy()
    mark, batch, away_s = await stack.checker.mark(), form(10, 60), form(4.0, 60.0)
    asker, tasks = stack.asker(seed), []
    breaking = asyncio.create_task(FAULTS[fault](cluster, random.Random(seed), away_s))
    while not breaking.done():
        tasks += ask_many(asker, batch, *thinking(1.0))
        await asyncio.wait([breaking], timeout=form(1.0, 5.0))
    node = await breaking
    told = await asyncio.gather(*tasks)
    await cluster.healthy()
    tally = await stack.checker.tally(told, mark)
    records = await stack.checker.recorded(told)
    refused = sum((each.statuses for each in told), Counter()) - Counter({202: len(told)})
    load = f"{len(told)} consults over {away_s:.0f} s, node {node}"
    say(
        fault,
        load,
        f"{tally}, {records} records",
        f"slowest {tally.slowest_s:.1f} s; {ends(told)}; refused {dict(refused)}",
        seed,
    )
    assert tally.good, tally
    assert records == len(told)
