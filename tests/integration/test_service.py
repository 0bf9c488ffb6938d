"""The life of a service: how it starts, what it says when it cannot, and with which exit code it ends."""

import asyncio
import contextlib
import os
import signal
import socket
from collections.abc import AsyncIterator, Callable

import httpx
import pytest

from consilium_common import service, telemetry
from consilium_common.errors import ConsiliumError
from consilium_common.service import Running
from consilium_common.settings import ServiceSettings


@pytest.fixture(autouse=True)
def environment(monkeypatch):
    """Settings for a service that needs no server, and a process whose logging and traces stay as they are."""
    monkeypatch.setenv("NATS_URL", "nats://127.0.0.1:1")
    monkeypatch.setenv("CONSILIUM_BUS_KEY", "none")
    monkeypatch.setenv("CONSILIUM_ENVIRONMENT", "local")
    monkeypatch.setattr(telemetry, "setup_logging", lambda *_: None)


def a_service(inside: Callable[[Running], None], closed: list[str]):
    @contextlib.asynccontextmanager
    async def build(settings: ServiceSettings) -> AsyncIterator[Running]:
        assert settings.instance.startswith("test_"), "a name of its own is made up"
        running = Running()
        inside(running)
        yield running
        closed.append("closed")

    return build


def run(build) -> int:
    with pytest.raises(SystemExit) as ended:
        service.run("test", ServiceSettings, build)
    return int(ended.value.code)


async def for_ever() -> None:
    await asyncio.Event().wait()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_drains_closes_and_ends_well(number):
    done: list[str] = []

    def inside(running: Running) -> None:
        async def stop_soon() -> None:
            os.kill(os.getpid(), number)
            await for_ever()

        async def drain(_timeout_s: float) -> None:
            done.append("drained")

        running.tasks, running.drain = [stop_soon()], drain

    assert run(a_service(inside, done)) == 0
    assert done == ["drained", "closed"]


def test_a_part_that_fails_ends_the_service_so_that_a_fresh_one_takes_over():
    def inside(running: Running) -> None:
        async def fail() -> None:
            raise ValueError("a bug")

        running.tasks = [fail(), for_ever()]

    assert run(a_service(inside, [])) == 1


def test_a_part_that_just_ends_is_a_fault_too():
    def inside(running: Running) -> None:
        async def end() -> None:
            return None

        running.tasks = [end()]

    assert run(a_service(inside, [])) == 1


def test_a_bus_that_is_lost_ends_the_service():
    assert run(a_service(lambda running: running.lost.set(), [])) == 1


def test_a_signal_ends_a_service_that_is_still_waiting():
    def inside(running: Running) -> None:
        async def never_ready() -> None:
            os.kill(os.getpid(), signal.SIGTERM)
            await for_ever()

        running.ready = never_ready

    assert run(a_service(inside, [])) == 0


def test_what_is_needed_and_not_there_is_said_in_one_sentence(capsys):
    @contextlib.asynccontextmanager
    async def build(_settings: ServiceSettings) -> AsyncIterator[Running]:
        raise ConsiliumError("away", "NATS does not answer.")
        yield Running()

    assert run(build) == 2
    assert capsys.readouterr().err == "test cannot start: NATS does not answer.\n"


def test_wrong_settings_are_said_in_one_sentence(capsys, monkeypatch):
    monkeypatch.delenv("NATS_URL")
    assert run(a_service(lambda _: None, [])) == 2
    assert (
        capsys.readouterr().err == "test cannot start: Settings in the environment are not usable: NATS_URL: field required.\n"
    )


def test_a_port_that_is_taken_is_named(capsys, monkeypatch):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        monkeypatch.setenv("CONSILIUM_PORT", str(port))
        assert run(a_service(lambda _: None, [])) == 2
    assert f"Port {port} on 127.0.0.1 is taken" in capsys.readouterr().err


async def test_whoever_is_told_the_port_is_served_at_once():
    settings = ServiceSettings(instance="test_1")
    async with service.serving("test", settings, a_service(lambda _: None, [])) as (_, port), httpx.AsyncClient() as http:
        answer = await http.get(f"http://127.0.0.1:{port}/health")
    assert answer.json() == {"service": "test", "ready": True}
