"""Event streams that are cut again and again, and readers that stop reading."""

import asyncio
import random
import socket
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace

import pytest
import pytest_asyncio

from support.chaos.asker import Told
from support.chaos.http import HOST, head
from support.chaos.load import ask_many, question
from support.chaos.process import Service
from support.chaos.report import say
from support.chaos.stack import SPECIALISTS, LightStack
from support.client import assert_whole
from support.waiting import until

pytestmark = pytest.mark.timeout(400)
PIECES, PIECE_KB = 60, 1
SETTLES_S = 20.0  # until what was freed has left the process
CUT_WITHIN = 4000  # bytes, three or four events


async def test_streams_that_are_cut_at_random_places_miss_nothing_and_repeat_nothing(stack, form, seed):
    mark, wanted = await stack.checker.mark(), form(100, 1000)
    rng = random.Random(seed)
    asker = stack.asker(seed, cut_after=lambda: rng.randint(1, CUT_WITHIN))
    told: list[Told] = []
    while asker.cuts < wanted:
        told += await asyncio.gather(*ask_many(asker, form(2, 8), f"chaos_one says {PIECES}x{PIECE_KB}"))
    tally = await stack.checker.tally(told, mark)
    events = sum(len(each.events) for each in told)
    load = f"{asker.cuts} cuts of {len(told)} streams over {len(stack.gateways())} gateways"
    say(
        "SSE cuts with Last-Event-ID",
        load,
        f"{tally}, {events} events, no gap, no repeat",
        f"slowest {tally.slowest_s:.1f} s",
        seed,
    )
    assert tally.good, tally
    assert events > len(told) * PIECES


async def test_a_client_that_is_ahead_of_a_gateway_does_it_no_harm(stack, seed):
    told = Told(question(3, "chaos_one waits 0.5"))
    here, there = (replace(stack.asker(seed), ports=lambda port=port: [port]) for port in stack.gateways()[:2])
    await here.submit(told, SPECIALISTS)
    reading = asyncio.create_task(there.follow(told))
    await until(lambda: len(told.events) > 2)
    stack.buses["gateway"].stall()  # it has handed the consult over; from now on it hears nothing
    await reading
    ahead = Told(told.question, told.key, told.consult, told.events[:-1])
    following = asyncio.create_task(here.follow(ahead))
    try:
        await until(lambda: ahead.connections)
        assert await stack.services["gateway"].probe(), "it is busy with nothing"
    finally:
        stack.heal()
    await asyncio.wait_for(following, 30)
    assert_whole(ahead.events)
    say("a client that is ahead of its gateway", "1 consult", "the gateway answers; the final came", "", seed)


async def stall_readers(stack: LightStack, gateway: Service, consult: str, count: int) -> list[socket.socket]:
    """Open so many streams of a consult and read none; returns when the gateway has them all."""
    opened, loop = [], asyncio.get_running_loop()
    for number in range(count):
        # Browsers keep a connection, many proxies do not: a server ends the two in different ways.
        how = {"Connection": ("keep-alive", "close")[number % 2]}
        request = head("GET", f"/v1/consults/{consult}/events", {**stack.asker(0).auth(), **how})
        reader = socket.socket()
        reader.setblocking(False)
        reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)  # little is taken by the kernel in its stead
        await loop.sock_connect(reader, (HOST, gateway.port))
        await loop.sock_sendall(reader, request)
        opened.append(reader)
    await until(lambda: gateway.connections() >= count)
    return opened


async def closed(gateway: Service, readers: list[socket.socket], limit_s: float) -> None:
    """Wait until the gateway has closed them, without reading."""
    try:
        await until(lambda: not gateway.connections(), 3 * limit_s + 10)
    finally:
        for reader in readers:
            reader.close()


@pytest_asyncio.fixture(loop_scope="session")
async def hasty_gateway(shared_stack: LightStack, form) -> AsyncIterator[tuple[Service, float]]:
    """A gateway that closes a reader which has taken nothing for so many seconds."""
    limit_s = form(5.0, 30.0)
    entry = "support.chaos.gateways:main"
    gateway = await shared_stack.add("gateway-hasty", entry=entry, CHAOS_SEND_LIMIT_S=str(limit_s))
    await gateway.start()
    yield gateway, limit_s
    await shared_stack.services.pop("gateway-hasty").stop()


async def test_readers_that_take_nothing_are_closed_and_their_memory_comes_back(hasty_gateway, stack, form, seed):
    gateway, limit_s = hasty_gateway
    count = form(40, 200)
    asker = replace(stack.asker(seed), ports=lambda: [gateway.port])
    told = await asker.ask(question(1, "chaos_one says 200x30"), SPECIALISTS)
    assert told.final is not None
    # Once through everything that they will do: what a process takes when it first does something, it never gives back.
    await closed(gateway, await stall_readers(stack, gateway, told.consult, count), limit_s)
    rss_mb, began = gateway.rss_mb(), time.monotonic()
    readers = await stall_readers(stack, gateway, told.consult, count)
    other = asyncio.create_task(asker.ask(question(2), SPECIALISTS))
    most_mb, beside = gateway.rss_mb(), await other
    await closed(gateway, readers, limit_s)
    closed_s = time.monotonic() - began
    with suppress(TimeoutError):
        await until(lambda: gateway.rss_mb() < 1.1 * rss_mb, SETTLES_S)
    now_mb = gateway.rss_mb()
    measured = (
        f"closed within {closed_s:.1f} s (limit {limit_s:.0f}); RSS {rss_mb:.0f}, at most {most_mb:.0f}, then {now_mb:.0f} MB"
    )
    say("stalled readers", f"{count} readers of a 6 MB stream", f"{count} closed; another reader had its final", measured, seed)
    assert beside.final is not None
    assert now_mb < 1.1 * rss_mb
