"""Before a service starts in production it asks real nats-servers how they keep messages, and refuses the weak ones."""

import contextlib
import logging
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest

from consilium_common import service, telemetry
from consilium_common.bus import boot
from consilium_common.bus.boot import WeakBusError, require_strong_bus
from consilium_common.bus.connection import connect
from consilium_common.bus.streams import ensure_streams
from consilium_common.contracts import subjects
from consilium_common.service import Running
from consilium_common.settings import ServiceSettings
from consilium_common.testing.servers import Servers, free_port
from support.nats_nodes import Node, nats_nodes
from support.waiting import eventually


@contextlib.asynccontextmanager
async def empty(_settings: ServiceSettings) -> AsyncIterator[Running]:
    yield Running()


def production(nodes: Sequence[Node], **more: Any) -> ServiceSettings:
    """Return production settings for these servers."""
    values: dict[str, Any] = {
        "nats_url": ",".join(node.url for node in nodes),
        "nats_monitor_url": ",".join(node.monitor for node in nodes),
        "nats_replicas": 3,
        "bus_key": "none",
        "environment": "production",
    }
    return ServiceSettings(**{**values, **more})


async def refused(settings: ServiceSettings) -> list[str]:
    with pytest.raises(WeakBusError) as caught:
        await require_strong_bus(settings)
    first, *wrongs = caught.value.message.split("\n- ")
    assert first == "NATS does not keep what production promises."
    return wrongs


async def test_one_server_that_syncs_now_and_then_is_refused_with_every_reason(tmp_path: Path) -> None:
    with nats_nodes(tmp_path, jetstream="") as nodes:
        wrongs = await refused(production(nodes, nats_replicas=1))
    assert [wrong.partition(";")[0] for wrong in wrongs] == [
        "NATS_REPLICAS is 1, so what was accepted is lost with one disk",
        "NATS server n0 acknowledges before its disk has the message, so a power cut loses what was accepted",
        "JetStream runs on 1 of at least 3 servers",
    ]


async def test_a_server_that_syncs_always_but_is_alone_is_refused_for_that_only(tmp_path: Path) -> None:
    with nats_nodes(tmp_path) as nodes:
        (wrong,) = await refused(production(nodes))
    assert "cluster { name: consilium" in wrong


async def test_a_server_without_jetstream_is_refused(tmp_path: Path) -> None:
    with nats_nodes(tmp_path, jetstream=None) as nodes:
        assert any("runs without JetStream" in wrong for wrong in await refused(production(nodes)))


async def test_three_servers_that_sync_always_pass_and_take_streams_through_a_list_of_addresses(
    servers: Servers, tmp_path: Path
) -> None:
    key = servers.settings(ServiceSettings).bus_key
    with nats_nodes(tmp_path, count=3) as nodes:
        settings = production(nodes, bus_key=key)
        await require_strong_bus(settings)
        async with service.serving("test", settings, empty) as (_, port), httpx.AsyncClient() as http:
            assert (await http.get(f"http://127.0.0.1:{port}/health")).status_code == 200
        async with connect(settings, "test") as bus:
            await eventually(lambda: _streams_stand(bus), 60)
            info = await bus.js.stream_info(subjects.CONSULTS)
            assert info.config.num_replicas == 3
        nodes[0].process.kill()
        await require_strong_bus(settings)  # a service starts while one of three is away
        async with connect(settings, "test") as bus:
            assert bus.ping()


async def _streams_stand(bus: Any) -> bool:
    with contextlib.suppress(Exception):  # the servers may still choose a leader
        await ensure_streams(bus)
        return True
    return False


async def test_a_monitor_that_is_not_there_is_named_without_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boot, "PATIENCE_S", 0.1)
    port = free_port()
    settings = production([], nats_url="nats://127.0.0.1:1", nats_monitor_url=f"http://u:hunter2@127.0.0.1:{port}")
    (wrong,) = await refused(settings)
    assert f"at 127.0.0.1:{port}; check NATS_MONITOR_URL" in wrong
    assert "hunter2" not in wrong


async def test_something_else_at_the_monitoring_address_is_no_nats(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boot, "PATIENCE_S", 0.1)
    local = ServiceSettings(nats_url="nats://127.0.0.1:1", bus_key="none", environment="local")
    async with service.serving("test", local, empty) as (_, port):
        (wrong,) = await refused(production([], nats_url="nats://a", nats_monitor_url=f"http://127.0.0.1:{port}"))
    assert "NATS does not say how it is configured" in wrong


async def test_the_local_environment_is_allowed_and_says_what_it_does_not_promise(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        await require_strong_bus(ServiceSettings(nats_url="nats://a", bus_key="none", environment="local"))
    (said,) = caplog.records
    assert "a power cut may lose what was accepted" in said.message


def test_a_service_refuses_with_exit_code_2(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(telemetry, "setup_logging", lambda *_: None)
    monkeypatch.delenv("CONSILIUM_ENVIRONMENT", raising=False)  # production is what nobody has to say
    with nats_nodes(tmp_path, jetstream="") as (node,):
        values = {"NATS_URL": node.url, "NATS_MONITOR_URL": node.monitor, "NATS_REPLICAS": "1", "CONSILIUM_BUS_KEY": "none"}
        for name, value in values.items():
            monkeypatch.setenv(name, value)
        with pytest.raises(SystemExit) as ended:
            service.run("gateway", ServiceSettings, empty)
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert said.startswith("gateway cannot start: NATS does not keep what production promises.\n- NATS_REPLICAS is 1, ")
    assert "add `sync_interval: always` to the `jetstream { }` block of its configuration.\n" in said
