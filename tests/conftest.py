"""Fixtures for every test: real servers that start when they are first asked for."""

from pathlib import Path

import pytest
from hypothesis import settings

from support.chaos import report
from support.chaos.form import Form

# How long an example takes says something of the machine, not of the code.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
pytest_plugins = ["consilium_common.testing.fixtures"]


def pytest_addoption(parser):
    """Add what renews the golden messages, and how much is simulated and broken."""
    parser.addoption("--update-golden", action="store_true", help="write tests/contract/golden anew")
    parser.addoption("--histories", type=int, default=300, help="how many histories tests/simulation runs")
    parser.addoption("--jobs", type=int, default=1, help="how many processes share them")
    parser.addoption("--chaos-whole", action="store_true", help="break things in full, not in the short form")
    parser.addoption("--rounds", type=int, default=1, help="how often each fault is repeated, each time with the next seed")
    parser.addoption("--seed", type=int, default=0, help="the seed of the first history or round")
    parser.addoption("--chaos-table", type=Path, help="write the table of faults to this file, as Markdown")


@pytest.fixture(scope="session")
def form(pytestconfig):
    """Chooses between the sizes of the short form and of the whole."""
    return Form(pytestconfig.getoption("--chaos-whole"))


def pytest_terminal_summary(terminalreporter, config):
    """Show every fault with what came of it."""
    if report.lines():
        terminalreporter.section("chaos")
        for line in report.lines():
            terminalreporter.write_line(line)
    if config.getoption("--chaos-table"):
        report.write_markdown(config.getoption("--chaos-table"))
