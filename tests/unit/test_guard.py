"""The guard before a store: passes it over after failures in a row, looks with one call whether it is back, bounds calls."""

import asyncio

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from consilium_common import guard as module
from consilium_common.errors import ConsiliumError
from consilium_common.guard import FAILURES, PAUSE_S, Guard
from consilium_common.stores.errors import StoreError

NOON = 1_800_000_000


def guard(at_once: int = 4) -> Guard:
    return Guard("graph", lambda message: StoreError("graph", message), at_once)


def fails(guarded: Guard, error: BaseException) -> None:
    with pytest.raises(type(error)), guarded.call():
        raise error


def opened() -> Guard:
    guarded = guard()
    for _ in range(FAILURES):
        fails(guarded, StoreError("graph", "It does not answer."))
    return guarded


def works(guarded: Guard) -> bool:
    try:
        with guarded.call():
            return True
    except StoreError:
        return False


def test_a_store_that_fails_again_and_again_is_passed_over_and_the_error_says_so():
    with time_machine.travel(NOON, tick=False):
        guarded = opened()
        with pytest.raises(StoreError, match="graph failed 5 times in a row and is not asked for 2 s"), guarded.call():
            raise AssertionError("it is not asked")


def test_after_the_pause_one_call_looks_and_the_others_are_passed_over_meanwhile():
    with time_machine.travel(NOON, tick=False) as clock:
        guarded = opened()
        clock.shift(PAUSE_S + 0.1)
        with guarded.call():
            assert not works(guarded)
        assert works(guarded)


def test_a_look_that_fails_begins_another_pause():
    with time_machine.travel(NOON, tick=False) as clock:
        guarded = opened()
        clock.shift(PAUSE_S + 0.1)
        fails(guarded, StoreError("graph", "It does not answer."))
        assert not works(guarded)
        clock.shift(PAUSE_S + 0.1)
        assert works(guarded)


@pytest.mark.parametrize("answered", [StoreError("graph", "It refused.", retryable=False), asyncio.CancelledError()])
def test_a_refusal_and_a_caller_who_left_are_no_failures_of_the_store(answered):
    guarded = guard()
    for _ in range(3 * FAILURES):
        fails(guarded, answered)
    assert works(guarded)


@given(st.lists(st.booleans(), max_size=40))
def test_it_is_passed_over_exactly_after_so_many_failures_in_a_row(outcomes):
    with time_machine.travel(NOON, tick=False):
        guarded, row = guard(), 0
        for ok in outcomes:
            if row == FAILURES:
                assert not works(guarded)
            elif ok:
                assert works(guarded)
                row = 0
            else:
                fails(guarded, ConsiliumError("away", "It does not answer.", retryable=True))
                row += 1


async def test_no_more_run_at_once_than_there_is_room_for(monkeypatch):
    monkeypatch.setattr(module, "SLOT_WAIT_S", 0.02)
    guarded, running, most, go = guard(at_once=4), 0, 0, asyncio.Event()

    async def call() -> None:
        nonlocal running, most
        async with guarded.slot():
            running += 1
            most = max(most, running)
            await go.wait()
            running -= 1

    calls = [asyncio.create_task(call()) for _ in range(4 + 2 * FAILURES)]
    refused = calls[4:]
    await asyncio.wait(refused)
    assert all("at once" in str(task.exception()) for task in refused)
    go.set()
    await asyncio.gather(*calls[:4])
    assert most == 4
    async with guarded.slot():  # so many that found no room are no reason to pass the store over
        pass
