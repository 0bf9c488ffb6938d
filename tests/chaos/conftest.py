"""One light stack for all rows that share it, in one event loop that lasts as long as it does."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from pytest_asyncio import is_async_test

from consilium_cli.stack.nursery import Nursery
from support.chaos.form import Form
from support.chaos.stack import LightStack, light_stack, tests_on_path


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run everything here in one loop: the proxies live in it."""
    for item in items:
        if Path(__file__).parent in item.path.parents and is_async_test(item):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)
            item.add_marker(pytest.mark.chaos)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what takes a seed once a round."""
    if "seed" in metafunc.fixturenames:
        first, rounds = metafunc.config.getoption("--seed"), metafunc.config.getoption("--rounds")
        metafunc.parametrize("seed", range(first, first + rounds))


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def nursery(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Nursery]:
    """The warm process that every service is forked from."""
    folder = tmp_path_factory.mktemp("nursery")
    with tests_on_path():
        opened = Nursery(folder, folder / "nursery.log")
        await opened.warm()
        yield opened
        await opened.close()


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def shared_stack(tmp_path_factory: pytest.TempPathFactory, nursery: Nursery, form: Form) -> AsyncIterator[LightStack]:
    """The stack that most rows break and leave whole."""
    async with light_stack(tmp_path_factory.mktemp("stack"), nursery, deadline_s=form(12.0, 60.0)) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="session")
async def stack(shared_stack: LightStack) -> AsyncIterator[LightStack]:
    """The shared stack, whole before and after."""
    yield shared_stack
    shared_stack.heal()
    await asyncio.gather(*(service.recover() for service in shared_stack.services.values()))
    await shared_stack.checker.forget()
