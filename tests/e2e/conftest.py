"""One real stack for all end-to-end tests."""

from collections.abc import Iterator

import pytest

from support.collector import Collector, collecting
from support.realstack import START_S, RealStack
from support.stack import until


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything here, and let the first of them wait for the start and the loading of the knowledge."""
    for item in items:
        if "/e2e/" in str(item.path):
            item.add_marker(pytest.mark.e2e)
            item.add_marker(pytest.mark.timeout(2 * START_S + 60))


@pytest.fixture(scope="session")
def collector() -> Iterator[Collector]:
    """What every service exports its spans to."""
    with collecting() as running:
        yield running


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory, collector: Collector) -> Iterator[RealStack]:
    """Everything, with two gateways, orchestrators and cardiologies, and all knowledge loaded."""
    running = RealStack(tmp_path_factory.mktemp("e2e"), collector=collector.url)
    running.up("--replicas", "gateway=2,orchestrator=2,cardiology=2")
    try:

        def ready() -> bool:
            assert running.started[-1].poll() is None, running.said()
            parts = running.parts()
            return bool(parts) and all(part["state"] == "ready" for part in parts.values())

        until(ready, START_S)
        running.wait_for_knowledge()
        yield running
    finally:
        running.close()
    assert running.left() == [], "processes outlived the stack"
