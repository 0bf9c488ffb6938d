"""Fixtures of integration tests."""

import warnings

import pytest

from consilium_embedder.model import Encode, load_model


@pytest.fixture(scope="session")
def encode() -> Encode:
    """The real model, loaded once."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # torch and what it imports warn of each other
        return load_model(0, "cpu")
