"""Fixtures for every test: real servers that start when they are first asked for."""

pytest_plugins = ["consilium_common.testing.fixtures"]
