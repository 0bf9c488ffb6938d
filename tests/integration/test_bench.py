"""What measures Consilium: the yardstick on a real nats-server, the light client against a real gateway, the table."""

import asyncio
import itertools
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import pytest
from rich.console import Console

from consilium_cli.bench import plain
from consilium_cli.bench.client import Asker
from consilium_cli.bench.measure import Sample, repeat
from consilium_cli.bench.questions import different
from consilium_cli.bench.report import Row, machine, show, versions
from support.consilium import Consilium, instantly


@pytest.fixture
def address(nats_of_module) -> plain.Address:
    return plain.Address(
        nats_of_module["nats_url"], nats_of_module.get("nats_user", ""), nats_of_module.get("nats_password", "")
    )


@asynccontextmanager
async def every_role(address):
    """Run the yardstick's roles on connections of their own, in this process."""
    await plain.make_streams(address)
    async with plain.connected(address) as nc:
        for role in plain.ROLES.values():
            await role(nc, nc.jetstream())
        await nc.flush()
        await nc.flush()
        yield
    await plain.remove_streams(address)


async def test_the_yardstick_runs_its_messages_to_the_final(address):
    async with every_role(address), plain.connected(address) as nc:
        await plain.scatter_gather(nc)
        floor = plain.StoredFloor(nc.jetstream())
        await floor.open()
        await asyncio.gather(*(floor.ask() for _ in range(20)))
        finals = [await nc.jetstream().get_last_msg("FLOOR_EVENTS", f"floor.event.c{n}.final") for n in range(1, 21)]
    assert all(final.data == plain.PAYLOAD for final in finals)


async def test_the_light_client_reads_a_consult_to_its_final_again_and_again(consilium: Consilium):
    gateway = await consilium.usual(**{consilium.tag: instantly})
    place = urlsplit(str(gateway.client.http.base_url))
    token = gateway.client.auth["Authorization"].removeprefix("Bearer ")
    asker = Asker(place.hostname or "", place.port or 0, token, (consilium.tag,))
    timings = [await asker.ask("I have chest pain and I am sweating") for _ in range(3)]
    await asker.close()
    for timing in timings:
        assert timing.outcome == "completed"
        assert 0 < timing.accepted_ms <= timing.first_ms <= timing.triage_ms <= timing.final_ms


async def test_a_refusal_is_not_measured(consilium: Consilium):
    gateway = await consilium.gateway()
    place = urlsplit(str(gateway.client.http.base_url))
    asker = Asker(place.hostname or "", place.port or 0, "no token")
    with pytest.raises(ConnectionError, match="401"):
        await asker.ask("hello")
    await asker.close()


async def test_so_many_run_at_once_and_each_is_timed():
    now, most = 0, 0

    async def work(lane: int) -> None:
        nonlocal now, most
        assert 0 <= lane < 4
        now, most = now + 1, max(most, now + 1)
        await asyncio.sleep(0)
        now -= 1

    sample = await repeat(work, 40, 4)
    assert len(sample.each_ms) == 40
    assert most == 4
    assert 0 <= sample.p50_ms <= sample.p95_ms
    assert sample.per_s > 0


def test_percentiles_of_what_was_measured():
    sample = Sample(tuple(float(n) for n in range(1, 102)), 2.0)
    assert (sample.p50_ms, round(sample.p95_ms), sample.per_s) == (51.0, 97, 50.5)
    assert Sample((7.0,), 1.0).p95_ms == 7.0


def test_questions_are_all_different():
    asked = list(itertools.islice(different(), 3000))
    assert len(set(asked)) == 3000


def test_the_table_names_machine_and_versions():
    console = Console(width=200, record=True)
    show(console, "consult", [Row("what", "1 ms", "2x", "<= 3 ms")], ["a note"])
    shown = console.export_text()
    for words in ("what", "1 ms", "2x", "<= 3 ms", "a note", "cores", "nats-py"):
        assert words in shown
    assert machine() in shown.replace("\n", " ") or "GiB" in shown
    assert "consilium-common" in versions()
