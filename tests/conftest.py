"""Fixtures for every test: real servers that start when they are first asked for."""

pytest_plugins = ["consilium_common.testing.fixtures"]


def pytest_addoption(parser):
    """Add what renews the golden messages."""
    parser.addoption("--update-golden", action="store_true", help="write tests/contract/golden anew")
