"""The state folder: made once, private, held by one, and never guessed about when something in it is wrong."""

import base64
import json
import os
import socket
from pathlib import Path

import pytest

from consilium_cli.stack import environment, ports, state
from consilium_cli.stack.lock import AlreadyRunningError, LockError
from consilium_cli.stack.secret import Secrets
from consilium_cli.stack.state import StateError, StateFolder, set_aside_when_long
from consilium_cli.stack.status import PartStatus, State, Status
from consilium_common.errors import ConsiliumError
from consilium_common.localservers import LOCAL_SERVERS
from consilium_common.security.tokens import issue, verify


@pytest.fixture
def folder(tmp_path: Path) -> StateFolder:
    """A state folder that is there and empty."""
    made = StateFolder(tmp_path / "with a space")
    made.create()
    return made


def part(name: str, state: State = State.READY) -> PartStatus:
    """Return the status of a part on port 1."""
    return PartStatus(name=name, kind="service", port=1, pid=7, state=state)


def test_the_folder_comes_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert StateFolder.of({}).path == tmp_path / ".consilium"
    assert StateFolder.of({"CONSILIUM_STATE": "elsewhere"}).path == tmp_path / "elsewhere"


def test_secrets_are_made_once_and_kept_private(folder: StateFolder) -> None:
    made = folder.secrets()
    assert folder.secrets() == made
    assert folder.secrets_file.stat().st_mode & 0o777 == 0o600
    assert made.bus_key != made.token_key
    assert made != Secrets.random()
    assert verify(made.signing_key, issue(made.signing_key, "local", 60)).subject == "local"


def test_secrets_do_not_show_when_printed(folder: StateFolder) -> None:
    made = folder.secrets()
    for key in (made.bus_key, made.token_key, made.server_key):
        assert key.get_secret_value() not in f"{made!r} {made}"


def test_every_server_has_a_password_of_its_own_that_stays() -> None:
    made = Secrets.random()
    passwords = {made.password(server.name) for server in LOCAL_SERVERS}
    assert len(passwords) == len(LOCAL_SERVERS)
    assert passwords == {made.password(server.name) for server in LOCAL_SERVERS}
    assert all(len(password) == 48 for password in passwords)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"bus_key": "!"}, "bus_key: Value error, must be base64"),
        ({"token_key": base64.b64encode(b"short").decode()}, "must be base64 of 32 bytes, not of 5"),
        ({"version": 2}, "version"),
        ({"more": 1}, "more"),
    ],
)
def test_secrets_that_are_wrong_are_named_but_not_shown(folder: StateFolder, changed: dict[str, object], words: str) -> None:
    folder.secrets()
    kept = json.loads(folder.secrets_file.read_text())
    folder.secrets_file.write_text(json.dumps({**kept, **changed}))
    with pytest.raises(StateError, match="not usable") as caught:
        folder.secrets()
    assert words in caught.value.message
    assert kept["server_key"] not in caught.value.message


def test_new_secrets_are_never_made_beside_old_data(folder: StateFolder) -> None:
    folder.secrets()
    (folder.data / "mongo").mkdir()
    folder.secrets_file.unlink()
    with pytest.raises(StateError, match="is missing"):
        folder.secrets()


def test_secrets_that_cannot_be_read_are_named(folder: StateFolder) -> None:
    folder.secrets_file.mkdir()
    with pytest.raises(StateError, match="not usable"):
        folder.secrets()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StateError, match="Not a directory"):
        StateFolder(tmp_path / "file" / "state").create()


def test_only_one_holds_the_folder(folder: StateFolder) -> None:
    assert folder.running_pid() is None
    folder.write_status(Status(parts=(part("gateway"),)))
    lock = folder.hold()
    assert folder.status() == Status()  # what the last holder said is no longer true
    assert folder.running_pid() == os.getpid()
    with pytest.raises(AlreadyRunningError, match=str(os.getpid())):
        folder.hold()
    lock.release()
    assert folder.running_pid() is None
    folder.hold().release()


def test_a_lock_that_cannot_be_written_is_named(folder: StateFolder) -> None:
    folder.lock_file.mkdir()
    with pytest.raises(LockError, match="cannot be written"):
        folder.hold()
    with pytest.raises(LockError, match="cannot be read"):
        folder.running_pid()


def test_status_is_read_as_it_was_written(folder: StateFolder) -> None:
    assert folder.status() == Status()
    written = Status(parts=(part("gateway"), part("gp", State.FAILED)))
    folder.write_status(written)
    assert folder.status() == written
    assert [entry.state for entry in written.stopped().parts] == [State.STOPPED, State.STOPPED]
    folder.status_file.write_text("{")
    with pytest.raises(StateError, match="not usable"):
        folder.status()


def test_a_status_is_settled_when_waiting_longer_brings_nothing() -> None:
    assert not Status().settled
    assert not Status(parts=(part("gp"), part("gateway", State.RESTARTING))).settled
    assert Status(parts=(part("gp", State.FAILED), part("gateway"))).settled


def test_the_gateway_is_found_when_it_is_ready() -> None:
    assert Status(parts=(part("gateway", State.STARTING), part("gp"))).gateway_url is None
    assert Status(parts=(part("gateway", State.STARTING), part("gateway-2"))).gateway_url == "http://127.0.0.1:1"


def test_a_long_log_is_set_aside(folder: StateFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state, "LOG_KEPT_BYTES", 3)
    log = folder.log_file("gp")
    set_aside_when_long(log)
    log.write_text("abc")
    set_aside_when_long(log)
    assert log.exists()
    log.write_text("abcd")
    set_aside_when_long(log)
    assert not log.exists()
    assert (folder.logs / "gp.log.old").read_text() == "abcd"


def test_free_ports_are_different_and_a_taken_one_is_refused() -> None:
    found = ports.free_ports(20)
    assert len(set(found)) == 20
    with socket.create_server((ports.HOST, found[0])), pytest.raises(ports.PortTakenError, match=str(found[0])):
        ports.require_free(found[0])
    assert ports.require_free(found[1]) == found[1]


def test_too_few_free_ports_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ports, "is_free", lambda _: False)
    with pytest.raises(ConsiliumError, match="Only 0 of 3 ports"):
        ports.free_ports(3)


def test_services_are_told_where_everything_is(folder: StateFolder) -> None:
    secrets = folder.secrets()
    places = {server.name: environment.place(server, folder.data, 1000 + n, secrets) for n, server in enumerate(LOCAL_SERVERS)}
    assert all(place.data_dir.is_dir() for place in places.values())
    given = {**environment.shared(places, secrets), **environment.of_one("gp-1", 8000)}
    assert given["CONSILIUM_ENVIRONMENT"] == "local"
    assert given["NEO4J_PASSWORD"] == secrets.password("graph")
    assert given["NATS_URL"].endswith(":1000")
    assert (given["CONSILIUM_INSTANCE"], given["CONSILIUM_PORT"], given["CONSILIUM_HOST"]) == ("gp-1", "8000", "127.0.0.1")
    assert all("127.0.0.1" in given[server.variable] for server in LOCAL_SERVERS)
