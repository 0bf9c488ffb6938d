"""The gateway over HTTP: what it takes, what it refuses and how, and who may see what."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import asynccontextmanager

import httpx
import pytest
import pytest_asyncio

from consilium_common.contracts.case import CaseView
from consilium_common.contracts.opinion import Opinion
from consilium_common.security.tokens import issue, issue_ticket
from consilium_common.specialist.tasks import Progress
from consilium_common.testing.servers import Servers, local_values
from support.client import QUESTION, Client, Event, assert_whole, read_events, types
from support.consilium import Consilium, Gateway, instantly
from support.waiting import eventually


class Gate:
    """A specialist that answers when it is told to."""

    def __init__(self) -> None:
        self.opened = asyncio.Event()

    async def assess(self, view: CaseView, vector: bytes | None, progress: Progress) -> Opinion:
        await self.opened.wait()
        return await instantly(view, vector, progress)


@pytest.fixture
def gate() -> Iterator[Gate]:
    gate = Gate()
    yield gate
    gate.opened.set()  # so that its service need not wait for it


@pytest_asyncio.fixture
async def here(consilium: Consilium, tag: str, gate: Gate) -> Gateway:
    return await consilium.usual(**{tag: instantly, f"{tag}_held": gate.assess})


def assert_problem(answer: httpx.Response, status: int, code: str) -> dict[str, object]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert {"title", "status", "detail", "code"} <= problem.keys()
    assert (problem["status"], problem["code"]) == (status, code)
    assert "Traceback" not in answer.text
    return dict(problem)


async def test_a_question_is_accepted_with_where_to_follow_it(here, tag):
    accepted = await here.client.ask(specialists=[tag])
    consult = accepted["consult_id"]
    assert accepted["status_url"] == f"/v1/consults/{consult}"
    assert accepted["events_url"].startswith(f"/v1/consults/{consult}/events?ticket=")
    async with here.client.http.stream("GET", accepted["events_url"]) as response:
        assert response.status_code == 200
        assert response.headers["content-type"].startswith("text/event-stream")
        events = [event async for event in read_events(response)]
    assert_whole(events)
    assert types(events)[:3] == ["consult.accepted", "triage.assessed", "route.decided"]
    assert types(events)[-2:] == ["answer.completed", "consult.completed"]
    assert all(event.body["consult_id"] == consult and event.body["schema"] == "consilium.event.v1" for event in events)


async def test_a_snapshot_shows_a_running_consult_and_then_its_final(here, tag, gate):
    accepted = await here.client.ask(specialists=[f"{tag}_held"])
    running = await here.client.show(accepted["consult_id"])
    assert (running["status"], running["final"], running["attempts"]) == ("running", None, 1)
    gate.opened.set()
    events = await here.client.events(accepted["consult_id"])
    done = await here.client.show(accepted["consult_id"])
    assert done["status"] == "completed"
    assert done["final"] == events[-1].data
    assert done["session_id"] == accepted["session_id"]


async def test_a_snapshot_is_the_same_from_memory_from_the_bus_and_from_the_archive(consilium, here, tag):
    accepted = await here.client.ask(specialists=[tag])
    consult = accepted["consult_id"]
    await here.client.events(consult)
    there = await consilium.gateway()
    shown = [(await each.client.show(consult))["final"] for each in (here, there)]
    await eventually(lambda: recorded(here, consult))
    here.hub._own.clear()
    shown.append((await here.client.show(consult))["final"])
    assert shown[0] == shown[1] == shown[2] != None  # noqa: E711 - one comparison says it all


async def recorded(gateway: Gateway, consult: str) -> bool:
    found = await gateway.routes.service.consults.get(consult)
    return found is not None and found.final_type is not None


async def test_the_same_key_asks_once_and_another_body_is_refused(here, tag):
    first = await here.client.ask(specialists=[tag], headers={"Idempotency-Key": "one"})
    again = await here.client.ask(specialists=[tag], headers={"Idempotency-Key": "one"})
    assert again["consult_id"] == first["consult_id"]
    assert again["session_id"] == first["session_id"]
    other = await here.client.post("Something else hurts.", specialists=[tag], headers={"Idempotency-Key": "one"})
    assert_problem(other, 409, "conflict")
    bob = await here.client.as_user("bob").ask(specialists=[tag], headers={"Idempotency-Key": "one"})
    assert bob["consult_id"] != first["consult_id"]


async def test_the_same_key_at_once_at_two_gateways_is_one_consult(consilium, here, tag):
    there = await consilium.gateway()
    asked = [
        each.client.ask(specialists=[tag], headers={"Idempotency-Key": "race"}) for each in (here, there, here, there, here)
    ]
    consults = {each["consult_id"] for each in await asyncio.gather(*asked)}
    assert len(consults) == 1
    events = await there.client.events(consults.pop())
    assert_whole(events)
    assert types(events).count("triage.assessed") == 1


@pytest.mark.parametrize("key", ["", "k" * 201])
async def test_a_key_that_is_no_key_is_refused(here, key):
    assert_problem(await here.client.post(headers={"Idempotency-Key": key}), 400, "idempotency-key")


async def test_chat_streams_or_waits_as_it_is_asked(here, tag):
    body = {"message": QUESTION, "specialists": [tag]}
    async with here.client.http.stream("POST", "/v1/chat", json=body, headers=here.client.auth) as response:
        assert response.status_code == 200
        streamed = [event async for event in read_events(response)]
    assert_whole(streamed)
    whole = await here.client.call("POST", "/v1/chat", json={**body, "stream": False})
    assert whole.status_code == 200
    assert whole.json()["status"] == "completed"
    assert whole.json()["final"]["answer"]["content_sha256"] == streamed[-1].data["answer"]["content_sha256"]


async def test_a_conversation_goes_on_at_once_and_belongs_to_its_user(here, tag):
    first = await here.client.ask(specialists=[tag])
    second = await here.client.ask("And now my arm hurts.", specialists=[tag], session_id=first["session_id"])
    assert second["session_id"] == first["session_id"]
    assert_problem(await here.client.post(session_id="s_nowhere"), 404, "unknown-session")
    foreign = await here.client.as_user("bob").post(session_id=first["session_id"])
    assert_problem(foreign, 404, "unknown-session")


async def test_an_unknown_specialist_is_refused_with_those_that_there_are(here, tag):
    problem = assert_problem(await here.client.post(specialists=["astrology"]), 422, "unknown-specialist")
    assert "'astrology'" in problem["detail"]
    assert tag in problem["detail"]


def tokens(key: bytes, consult: str) -> dict[str, str | None]:
    return {
        "missing": None,
        "empty": "Bearer",
        "of another scheme": "Basic YTpi",
        "malformed": "Bearer not.a.token",
        "expired": f"Bearer {issue(key, 'alice', -60)}",
        "signed with another key": f"Bearer {issue(b'x' * 32, 'alice', 60)}",
        "a ticket": f"Bearer {issue_ticket(key, consult, 'alice', 60)}",
    }


CALLS = [
    ("POST", "/v1/consults"),
    ("POST", "/v1/chat"),
    ("GET", "/v1/agents"),
    ("GET", "/v1/consults/{consult}"),
    ("DELETE", "/v1/consults/{consult}"),
    ("GET", "/v1/consults/{consult}/events"),
]


async def test_no_call_is_open(consilium, here, tag):
    consult = (await here.client.ask(specialists=[tag]))["consult_id"]
    for name, token in tokens(consilium.key, consult).items():
        for method, path in CALLS:
            # The body is no JSON: of somebody who is not known, it is not even read.
            headers = {"Authorization": token} if token else {}
            answer = await here.client.http.request(
                method, path.format(consult=consult), headers=headers, content=b"{" if method == "POST" else None
            )
            assert answer.status_code == 401, (name, method, path)
            assert answer.headers["www-authenticate"] == "Bearer"
            assert_problem(answer, 401, "token_expired" if name == "expired" else "token_invalid")


@pytest.mark.parametrize("ticket", ["of another consult", "a token", "expired", "garbage"])
async def test_a_ticket_opens_one_consult_for_a_while_and_nothing_else(consilium, here, tag, ticket):
    consult = (await here.client.ask(specialists=[tag]))["consult_id"]
    shown = {
        "of another consult": issue_ticket(consilium.key, "c_other", "alice", 60),
        "a token": issue(consilium.key, "alice", 60),
        "expired": issue_ticket(consilium.key, consult, "alice", -60),
        "garbage": "x",
    }[ticket]
    answer = await here.client.http.get(f"/v1/consults/{consult}/events", params={"ticket": shown})
    assert_problem(answer, 401, "token_expired" if ticket == "expired" else "token_invalid")


async def test_a_consult_of_somebody_else_does_not_exist(here, tag, consilium):
    consult = (await here.client.ask(specialists=[tag]))["consult_id"]
    bob = here.client.as_user("bob")
    for method, path in CALLS[3:]:
        assert_problem(await bob.call(method, path.format(consult=consult)), 404, "unknown-consult")
        assert_problem(await bob.call(method, path.format(consult="c_nothing")), 404, "unknown-consult")
    stolen = issue_ticket(consilium.key, consult, "bob", 60)
    answer = await here.client.http.get(f"/v1/consults/{consult}/events", params={"ticket": stolen})
    assert_problem(answer, 404, "unknown-consult")
    assert_whole(await here.client.events(consult))


async def test_agents_are_listed_with_how_many_are_alive(consilium, here, tag):
    await consilium.specialist(tag)
    left = await consilium.specialist(f"{tag}_left")

    async def listed() -> dict[str, dict[str, object]]:
        answer = await here.client.call("GET", "/v1/agents")
        assert answer.status_code == 200
        return {agent["name"]: agent for agent in answer.json()}

    async def both() -> bool:
        agents = await listed()
        return agents.get(tag, {}).get("instances") == 2 and f"{tag}_left" in agents

    await eventually(both)
    await left.stop()

    async def gone() -> bool:
        return (await listed())[f"{tag}_left"]["instances"] == 0

    await eventually(gone, 5)
    assert (await listed())[tag]["version"] == "1.0.0"


async def test_health_metrics_and_documentation_are_there(here):
    health = await here.client.http.get("/health")
    assert (health.status_code, health.json()) == (200, {"service": "gateway", "ready": True})
    detailed = (await here.client.http.get("/health/detailed")).json()
    assert detailed["status"] == "ok"
    assert detailed["dependencies"] == {"bus": True, "documents": True, "cache": True}
    metrics = await here.client.http.get("/metrics")
    assert metrics.status_code == 200
    assert "consilium_published_total" in metrics.text
    assert (await here.client.http.get("/docs")).status_code == 200


async def test_the_openapi_document_lists_every_route(here):
    document = (await here.client.http.get("/openapi.json")).json()
    listed = {(method.upper(), path) for path, methods in document["paths"].items() for method in methods}
    probes = {("GET", "/health"), ("GET", "/health/detailed"), ("GET", "/metrics")}
    assert listed == {(method, path.replace("{consult}", "{consult_id}")) for method, path in CALLS} | probes
    assert document["security"] == [{"token": []}]
    assert document["paths"]["/v1/consults"]["post"]["requestBody"]["content"]["application/json"]["schema"]["properties"]


async def test_too_many_questions_are_refused_with_when_to_come_back(consilium, tag):
    here = await consilium.gateway(consults_per_minute=2)
    for _ in range(2):
        await here.client.ask()
    refused = await here.client.post()
    assert_problem(refused, 429, "rate-limit")
    assert int(refused.headers["retry-after"]) > 0
    await here.client.as_user("bob").ask()


BAD_BODIES = [
    (b"", "application/json", 400, "malformed-json"),
    (b'{"message": ', "application/json", 400, "malformed-json"),
    (b"\x00\xff\xfe", "application/json", 400, "malformed-json"),
    (b"message=hello", "application/x-www-form-urlencoded", 415, "content-type"),
    (b'{"message": ""}', "application/json", 422, "invalid-request"),
    (b'{"message": " \\n\\t "}', "application/json", 422, "invalid-request"),
    (b'{"message": "' + b"a" * 100_000 + b'"}', "application/json", 422, "invalid-request"),
    (b'{"message": "' + b"a" * 300_000 + b'"}', "application/json", 413, "body-too-large"),
    (b'{"message": "a", "specialists": "gp"}', "application/json", 422, "invalid-request"),
    (b'{"message": "a", "unknown": 1}', "application/json", 422, "invalid-request"),
]


async def test_bad_input_is_a_problem_and_the_next_client_is_not_disturbed(here, tag):
    good = asyncio.create_task(ask_and_watch(here.client.as_user("bob"), tag))
    for path in ("/v1/consults", "/v1/chat"):
        for body, kind, status, code in BAD_BODIES:
            answer = await here.client.call("POST", path, content=body, headers={"Content-Type": kind})
            assert_problem(answer, status, code)
    assert_whole(await good)
    assert_whole(await ask_and_watch(here.client, tag))


async def ask_and_watch(client: Client, *specialists: str) -> list[Event]:
    accepted = await client.ask(specialists=list(specialists))
    return await client.events(accepted["consult_id"])


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/nothing", 404),
        ("GET", "/", 404),
        ("PUT", "/v1/consults", 405),
        ("GET", "/v1/chat", 405),
        ("POST", "/v1/consults/c_1/events", 405),
    ],
)
async def test_paths_and_methods_that_do_not_exist_are_problems(here, method, path, status):
    assert_problem(await here.client.call(method, path), status, f"http-{status}")


async def test_cancelling_ends_a_consult_once(here, tag, gate):
    consult = (await here.client.ask(specialists=[f"{tag}_held"]))["consult_id"]
    answer = await here.client.call("DELETE", f"/v1/consults/{consult}")
    assert (answer.status_code, answer.json()["status"]) == (200, "cancelled")
    assert_problem(await here.client.call("DELETE", f"/v1/consults/{consult}"), 409, "already-ended")
    events = await here.client.events(consult)
    assert_whole(events)
    assert events[-1].type == "consult.cancelled"
    assert (await here.client.show(consult))["status"] == "cancelled"


@asynccontextmanager
async def own_server(servers: Servers, name: str, folder):
    process = servers.process(name, folder)
    await asyncio.to_thread(process.start)
    try:
        yield process
    finally:
        process.stop()


@pytest.mark.usefixtures("servers_vanish")
async def test_without_mongodb_a_question_is_refused_for_a_moment_and_taken_afterwards(consilium, servers, tag, tmp_path):
    async with own_server(servers, "mongo", tmp_path) as mongo:
        uri = local_values(mongo)["MONGO_URI"]
        here = await consilium.gateway(mongo_uri=uri)
        consult = (await here.client.ask(headers={"Idempotency-Key": "before"}))["consult_id"]
        mongo.kill()
        for answer in (
            await here.client.post(headers={"Idempotency-Key": "k"}),
            await here.client.call("GET", f"/v1/consults/{consult}"),
        ):
            assert_problem(answer, 503, "store")
            assert int(answer.headers["retry-after"]) > 0
        assert (await here.client.http.get("/health")).status_code == 200, "the bus is there, so it is kept running"
        assert (await here.client.http.get("/health/detailed")).json()["status"] == "degraded"
        await asyncio.to_thread(mongo.start)
        again = await here.client.ask(headers={"Idempotency-Key": "before"})
        assert again["consult_id"] == consult


@pytest.mark.usefixtures("servers_vanish")
async def test_without_redis_questions_are_taken(consilium):
    here = await consilium.gateway(redis_url="redis://127.0.0.1:1/0", consults_per_minute=1)
    for _ in range(3):
        await here.client.ask()


async def test_a_stopping_gateway_ends_its_streams_at_once(consilium, here, tag, gate):
    there = await consilium.gateway()
    accepted = await here.client.ask(specialists=[f"{tag}_held"])
    watching = asyncio.create_task(here.client.events(accepted["consult_id"]))
    waiting = asyncio.create_task(
        here.client.call("POST", "/v1/chat", json={"message": QUESTION, "stream": False, "specialists": [f"{tag}_held"]})
    )
    await here.client.events_until(accepted["consult_id"], lambda seen: seen[-1].type == "agent.started")
    await eventually(lambda: in_memory(here, 2))
    began = time.monotonic()
    here.hub.close()
    seen = await watching
    assert_problem(await waiting, 503, "stopping")
    assert time.monotonic() - began < 2
    gate.opened.set()
    rest = await there.client.events(accepted["consult_id"], after=seen[-1].id)
    assert_whole(seen + rest)


async def in_memory(gateway: Gateway, watched: int) -> bool:
    return sum(log.watchers for log in gateway.hub._own.values()) == watched


async def test_a_fault_of_our_own_shows_nothing_of_itself_and_disturbs_nobody(here, tag, monkeypatch):
    async def fails(*_: object) -> None:
        raise ZeroDivisionError("a secret of the patient")

    with monkeypatch.context() as patch:
        patch.setattr(type(here.routes.service), "get", fails)
        answer = await here.client.call("GET", "/v1/consults/c_1")
    problem = assert_problem(answer, 500, "internal")
    assert "secret" not in str(problem)
    assert_whole(await ask_and_watch(here.client, tag))
