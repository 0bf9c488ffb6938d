"""Which services run, how often, and what is said on the terminal meanwhile."""

import importlib.util
import shutil
from collections import namedtuple
from collections.abc import Callable
from importlib.metadata import EntryPoint
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from consilium_cli.stack import preflight, services
from consilium_cli.stack import run as up
from consilium_cli.stack.part import Part, Plan
from consilium_cli.stack.preflight import PreflightError
from consilium_cli.stack.process import describe_end
from consilium_cli.stack.progress import Progress
from consilium_cli.stack.run import sample_command
from consilium_cli.stack.services import Replica, Service, ServicesError, chosen, installed, replicas
from consilium_cli.stack.state import StateFolder
from consilium_cli.stack.status import PartStatus, State, Status

GATEWAY, GP, EMBEDDER = Service("gateway", "g:main"), Service("gp", "p:main"), Service("embedder", "e:main")
ALL = (EMBEDDER, GATEWAY, GP)


def entry_points(*found: tuple[str, str, str]) -> Callable[..., list[EntryPoint]]:
    """Return what is installed, as importlib.metadata would say: name, value, group."""
    return lambda *, group: [EntryPoint(*point) for point in found if point[2] == group]


def test_services_and_specialists_are_found_by_entry_point(monkeypatch: pytest.MonkeyPatch) -> None:
    both = entry_points(("gp", "p:main", "consilium.specialists"), ("gateway", "g:main", "consilium.services"))
    monkeypatch.setattr(services, "entry_points", both)
    assert installed() == (GATEWAY, GP)


def test_one_distribution_seen_twice_is_one_service_but_two_of_a_name_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    same = ("gp", "p:main", "consilium.specialists")
    monkeypatch.setattr(services, "entry_points", entry_points(same, same))
    assert installed() == (GP,)
    monkeypatch.setattr(services, "entry_points", entry_points(same, ("gp", "other:main", "consilium.services")))
    with pytest.raises(ServicesError, match="'gp'"):
        installed()


def test_what_is_not_chosen_does_not_run() -> None:
    assert chosen(ALL, ()) == ALL
    assert chosen(ALL, ("gp",)) == (GP,)
    with pytest.raises(ServicesError, match="'gpp' is not an installed service; there are embedder, gateway, gp"):
        chosen(ALL, ("gpp",))
    with pytest.raises(ServicesError, match="No Consilium service is installed"):
        chosen((), ())


def test_replicas_are_counted_and_named() -> None:
    made = replicas(ALL, " gateway = 2 ,gp=3,")
    assert [replica.name for replica in made] == ["embedder", "gateway", "gateway-2", "gp", "gp-2", "gp-3"]
    assert Replica(GP, 1).instance == "gp-1"


@pytest.mark.parametrize("wish", ["gp", "gp=", "gp=0", "gp=-1", "gp=17", "gp=x", "gp=²", "nobody=2", "=2"])
def test_a_wish_for_replicas_that_cannot_be_met_is_named(wish: str) -> None:
    with pytest.raises(ServicesError, match="--replicas"):
        replicas(ALL, wish)


def test_a_service_that_is_not_known_waits_for_every_server_and_stops_in_between() -> None:
    assert GP.needs == ("nats", "mongo", "graph", "milvus", "redis")
    assert EMBEDDER.needs == ("nats",)
    assert GATEWAY.stop_stage < GP.stop_stage < EMBEDDER.stop_stage < services.SERVER_STOP_STAGE


def test_a_full_disk_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10, 10, 1024**3 // 2))
    with pytest.raises(PreflightError, match=r"Only 0\.50 GiB"):
        preflight.check_disk(tmp_path)
    monkeypatch.undo()
    preflight.check_disk(tmp_path)


def test_a_missing_server_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    preflight.check_installed()
    find_spec = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "milvus_lite" else find_spec(name))
    with pytest.raises(PreflightError, match="milvus-lite is not installed"):
        preflight.check_installed()


@pytest.mark.parametrize(
    ("status", "words"),
    [(0, "exited with 0"), (1, "exited with 1"), (-9, "was ended by SIGKILL"), (-64, "SIGRTMAX"), (-99, "signal 99")],
)
def test_an_end_is_described(status: int, words: str) -> None:
    assert words in describe_end(status)


class Terminal:
    """A terminal that shows the progress of two parts."""

    def __init__(self, quiet: bool = False) -> None:
        self.out = StringIO()
        self.progress = Progress(Console(file=self.out, width=200), quiet)
        self.parts = {name: self._part(name) for name in ("nats", "gp")}

    def _part(self, name: str) -> Part:
        async def never() -> None:
            raise AssertionError

        return Part(Plan(name, "service", 1, (), never, never, 1), lambda _: None)  # type: ignore[arg-type]

    def after(self, name: str, state: State, detail: str = "", pid: int | None = 1) -> str:
        """Let a part change, and return what is printed about it."""
        part = self.parts[name]
        part.status = part.status.model_copy(update={"state": state, "detail": detail, "pid": pid})
        begin = self.out.tell()
        self.progress.show(Status(parts=tuple(one.status for one in self.parts.values())), part)
        self.out.seek(begin)
        return " ".join(self.out.read().split())


def test_progress_says_what_is_worth_a_line() -> None:
    terminal = Terminal()
    assert terminal.after("gp", State.STARTING, "waits for nats", pid=None) == ""
    assert terminal.after("nats", State.READY).startswith("✓ nats ready after 0.0 s (1 of 2)")
    assert terminal.after("gp", State.READY).endswith("(2 of 2)")
    assert terminal.after("gp", State.STARTING, "says that it is [not] ready") == "! gp says that it is [not] ready"
    assert terminal.after("gp", State.READY) == "✓ gp is ready again"
    assert terminal.after("gp", State.STOPPED, pid=None) == ""


def test_what_keeps_failing_is_said_once() -> None:
    terminal = Terminal(quiet=True)
    assert terminal.after("nats", State.READY) == ""
    assert terminal.after("gp", State.FAILED, "keeps failing", pid=None) == "! gp keeps failing"
    assert terminal.after("gp", State.FAILED, "") == ""
    assert terminal.after("gp", State.FAILED, "keeps failing", pid=None) == ""


def test_the_sample_is_a_curl_that_streams() -> None:
    sample = sample_command("http://127.0.0.1:8000", "token")
    assert sample.startswith("curl -N http://127.0.0.1:8000/v1/chat")
    assert "Bearer token" in sample


async def test_the_welcome_says_what_this_machine_does_not_promise(tmp_path: Path) -> None:
    state, out = StateFolder(tmp_path / "state"), StringIO()
    secrets = state.secrets()
    ready = PartStatus(name="gateway", kind="service", port=8000, state=State.READY)
    state.write_status(Status(parts=(ready,)))
    here = up._Run(state, up.Wish(), secrets, (), {}, Progress(Console(file=out, width=200), quiet=False))
    here.settled.set()
    await here._welcome()
    assert "Ready after" in out.getvalue()
    assert "a power cut may" in out.getvalue()
