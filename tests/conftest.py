"""Fixtures for every test: real servers that start when they are first asked for."""

pytest_plugins = ["consilium_common.testing.fixtures"]


def pytest_addoption(parser):
    """Add what renews the golden messages, and how much is simulated."""
    parser.addoption("--update-golden", action="store_true", help="write tests/contract/golden anew")
    parser.addoption("--histories", type=int, default=300, help="how many histories tests/simulation runs")
    parser.addoption("--seed", type=int, default=0, help="the seed of the first of them")
    parser.addoption("--jobs", type=int, default=1, help="how many processes share them")
