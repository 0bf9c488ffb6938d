"""The gateway's edge: too much at once, readers who leave or take nothing, and gateways that stop."""

import asyncio
import socket
from contextlib import aclosing

import httpx
import pytest
import pytest_asyncio

from consilium_common.bus import publish
from consilium_common.contracts.envelope import wrap
from consilium_common.contracts.events import AgentProgress
from consilium_gateway import leaving, sse
from consilium_gateway.load import LoadWatch
from support.client import QUESTION, Client, assert_whole, types
from support.consilium import Consilium, Gateway
from support.held import Hanging
from support.waiting import eventually, until


@pytest.fixture
def hanging() -> Hanging:
    return Hanging()


@pytest_asyncio.fixture
async def here(consilium: Consilium, tag: str, hanging: Hanging) -> Gateway:
    return await consilium.usual(**{tag: hanging.assess})


@pytest.fixture
def _brief(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leaving, "GRACE_S", 0.2)


async def test_beyond_what_can_be_answered_in_time_questions_are_refused_and_the_accepted_are_answered(consilium, tag, hanging):
    await consilium.usual(**{tag: hanging.assess})
    here = await consilium.gateway(in_flight_always=5)
    answers = [await here.client.post(specialists=[tag]) for _ in range(12)]
    accepted = [answer.json()["consult_id"] for answer in answers if answer.status_code == 202]
    refused = [answer for answer in answers if answer.status_code != 202]
    assert len(accepted) == 5
    for answer in refused:
        assert (answer.status_code, answer.json()["code"]) == (429, "overload")
        assert 1 <= int(answer.headers["retry-after"]) <= 30
        assert "ask again in" in answer.json()["detail"]
    hanging.released.set()
    for consult in accepted:
        assert (await here.client.events(consult))[-1].type == "consult.completed"
    watch = LoadWatch(here.routes.service.bus, here.routes.admission.load)

    async def room() -> bool:
        await watch.look()
        return here.routes.admission.load.in_flight == 0

    await eventually(room, 10)
    assert (await here.client.post(specialists=[tag])).status_code == 202


async def test_the_load_is_that_of_the_whole_deployment(consilium, here, tag, hanging):
    there = await consilium.gateway()
    for _ in range(4):
        await here.client.ask(specialists=[tag])
    watch = LoadWatch(there.routes.service.bus, there.routes.admission.load)

    async def seen() -> bool:
        await watch.look()
        return there.routes.admission.load.in_flight == 4

    await eventually(seen, 5)
    hanging.released.set()


async def test_a_question_that_could_not_be_stored_does_not_count_as_in_flight(here, tag, monkeypatch):
    async def fails(*_: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(type(here.routes.service), "accept", fails)
        assert (await here.client.post(specialists=[tag])).status_code == 500
    assert here.routes.admission.load.in_flight == 0


@pytest.mark.usefixtures("_brief")
async def test_a_consult_whose_reader_leaves_goes_on_unless_its_client_said_otherwise(here, tag, hanging):
    went_on = (await here.client.ask(specialists=[tag]))["consult_id"]
    ends = (await here.client.ask(specialists=[tag], on_disconnect="cancel"))["consult_id"]
    for consult in (went_on, ends):
        await here.client.events_until(consult, lambda seen: seen[-1].type == "agent.started")
    await until(lambda: hanging.cancelled == 1, 5)
    assert types(await here.client.events(ends))[-1] == "consult.cancelled"
    assert (await here.client.show(went_on))["status"] == "running"
    hanging.released.set()
    assert types(await here.client.events(went_on))[-1] == "consult.completed"


@pytest.mark.usefixtures("_brief")
async def test_a_reader_who_comes_back_anywhere_is_not_taken_for_gone(consilium, here, tag, hanging):
    there = await consilium.gateway()
    consult = (await here.client.ask(specialists=[tag], on_disconnect="cancel"))["consult_id"]
    seen = await here.client.events_until(consult, lambda seen: seen[-1].type == "agent.started")
    async with aclosing(there.client.watch(consult)) as stream:
        await anext(stream)
        await until(lambda: not here.routes.replay.leaving._waiting, 5)
        assert (await here.client.show(consult))["status"] == "running"
    await until(lambda: hanging.cancelled == 1, 5)
    assert_whole(seen + await there.client.events(consult, after=seen[-1].id))


@pytest.mark.usefixtures("_brief")
async def test_who_hangs_up_on_an_answer_in_one_piece_has_left_too(here, tag, hanging):
    body = {"message": QUESTION, "stream": False, "specialists": [tag], "on_disconnect": "cancel"}
    with pytest.raises(httpx.ReadTimeout):
        await here.client.call("POST", "/v1/chat", json=body, timeout=0.5)
    await until(lambda: hanging.cancelled == 1, 5)


@pytest.mark.usefixtures("_brief")
async def test_a_gateway_that_stops_sends_its_readers_on_and_cancels_nothing(consilium, here, tag, hanging):
    there = await consilium.gateway()
    consult = (await here.client.ask(specialists=[tag], on_disconnect="cancel"))["consult_id"]
    async with here.client.http.stream("GET", f"/v1/consults/{consult}/events", headers=here.client.auth) as response:
        chunks = response.aiter_text()
        text = await anext(chunks)
        here.routes.admission.stopping = True
        here.routes.replay.leaving.close()
        here.hub.close()
        text += "".join([chunk async for chunk in chunks])
    assert "come back with Last-Event-ID\nretry: 250\n\n" in text
    assert "consult.cancelled" not in text
    refused = await here.client.post()
    assert (refused.status_code, refused.json()["code"]) == (503, "stopping")
    assert (await here.client.http.get("/health")).status_code == 503
    hanging.released.set()
    assert types(await there.client.events(consult))[-1] == "consult.completed"


def stalled_reader(client: Client, consult: str) -> socket.socket:
    """Open a stream and never read it; the window is small, so that little fits on the way."""
    url = client.http.base_url
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    sock.connect((url.host, url.port))
    head = "".join(f"{name}: {value}\r\n" for name, value in client.auth.items())
    sock.sendall(f"GET /v1/consults/{consult}/events HTTP/1.1\r\nHost: l\r\n{head}\r\n".encode())
    return sock


async def test_a_reader_who_takes_nothing_is_cut_off_and_disturbs_nobody(here, tag, hanging, monkeypatch):
    monkeypatch.setattr(sse, "SEND_LIMIT_S", 0.5)
    consult = (await here.client.ask(specialists=[tag]))["consult_id"]
    sockets = [await asyncio.to_thread(stalled_reader, here.client, consult) for _ in range(5)]
    own = here.hub.own(consult)
    await until(lambda: own.watchers == 5)
    service = here.routes.service
    cause = wrap(AgentProgress(agent=tag, step="s"), "test", correlation_id=consult)
    for n in range(40):
        told = AgentProgress(agent=tag, step=str(n), detail="x" * 20_000)
        await publish.emit(service.bus, cause, service.gateway, told, part=str(n))
    await until(lambda: own.watchers == 0, 10)
    hanging.released.set()
    assert_whole(await here.client.events(consult))
    for sock in sockets:
        with sock:
            assert reset(sock), "cut, and not left to be sent some day"


def reset(sock: socket.socket) -> bool:
    sock.settimeout(5)
    try:
        while sock.recv(65536):
            pass
    except ConnectionResetError:
        return True
    return False


async def test_a_client_that_has_read_more_elsewhere_than_is_known_here_is_waited_for(
    consilium, here, tag, hanging, monkeypatch
):
    """Its gateway must not spin: what the client is ahead of comes."""
    there = await consilium.gateway()
    consult = (await here.client.ask(specialists=[tag]))["consult_id"]
    seen = await here.client.events_until(consult, lambda seen: seen[-1].type == "agent.started")
    log = here.hub.own(consult)
    held_back = log.frames[1:]
    del log.frames[1:]  # as if this gateway's own reader were behind
    ahead = asyncio.create_task(here.client.events(consult, after=seen[-1].id))
    await until(lambda: log.watchers == 1)
    async with asyncio.timeout(5):
        assert (await here.client.http.get("/health")).status_code == 200, "the loop is free"
    for frame in held_back:
        log.add(frame)
    hanging.released.set()
    assert_whole(seen + await ahead)
    assert types(await there.client.events(consult))[-1] == "consult.completed"
