"""Servers for tests: from the environment first, otherwise as processes that leave nothing behind."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from consilium_common.localservers import LOCAL_SERVERS
from consilium_common.settings import GraphSettings, MongoSettings, ServiceSettings
from consilium_common.testing.servers import ServerError, Servers


class Both(ServiceSettings, MongoSettings):
    """Settings of a service that speaks to two servers."""


def test_an_address_in_the_environment_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEO4J_URI", "bolt://graph.example:7687")
    monkeypatch.setenv("NEO4J_USER", "reader")
    monkeypatch.setenv("NEO4J_PASSWORD", "secret")
    with Servers(tmp_path) as servers:
        settings = servers.settings(GraphSettings)
    assert (settings.neo4j_uri, settings.neo4j_user) == ("bolt://graph.example:7687", "reader")
    assert not list(tmp_path.iterdir())


def test_settings_name_every_server_that_they_speak_to(servers: Servers) -> None:
    settings = servers.settings(Both, mongo_db_name="chosen")
    assert settings.nats_url.startswith("nats://")
    assert settings.mongo_uri.get_secret_value().startswith("mongodb://")
    assert settings.mongo_db_name == "chosen"
    assert servers.settings(Both).bus_key == settings.bus_key


@pytest.mark.parametrize("name", [server.name for server in LOCAL_SERVERS])
def test_a_local_server_stops_in_the_ordinary_way_and_starts_again(servers: Servers, tmp_path: Path, name: str) -> None:
    local = servers.process(name, tmp_path)
    try:
        for _ in range(2):
            local.start()
            assert local.process is not None
            local.stop()
            # Milvus Lite that is interrupted before its main loop waits ends by the signal itself; nothing had to be killed.
            assert local.process.returncode in {0, -local.server.stop_signal}
        local.start()
        local.kill()
        local.start()  # what a crash left behind is in nobody's way
    finally:
        local.stop()


def test_passwords_stand_in_no_command_line_and_no_open_file(servers: Servers, tmp_path: Path) -> None:
    for server in LOCAL_SERVERS:
        folder = tmp_path / server.name
        folder.mkdir()
        place = servers.process(server.name, folder).place
        server.prepare(place)
        assert place.password not in " ".join(server.command(place))
        for file in folder.iterdir():
            assert file.stat().st_mode & 0o077 == 0 or place.password not in file.read_text()


def test_a_server_that_cannot_start_says_why(servers: Servers, tmp_path: Path) -> None:
    local = servers.process("redis", tmp_path)
    local.server = replace(local.server, command=lambda _: [sys.executable, "-c", "raise SystemExit('no room left')"])
    with pytest.raises(ServerError, match="redis did not start:\nno room left"):
        local.start()
