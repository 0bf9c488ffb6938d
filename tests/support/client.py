"""A client of the gateway as tests need it: it asks, reads event streams, and can cut them wherever it likes."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

import httpx

from consilium_common.contracts.events import FINAL_NAMES
from consilium_common.security.tokens import issue

QUESTION = "I am 58. Crushing chest pain for 20 minutes, my left arm is heavy, I am sweating."


@dataclass(frozen=True)
class Event:
    """One event as it came: its cursor, its type, and the JSON of its data line."""

    id: str
    type: str
    body: dict[str, Any]

    @property
    def seq(self) -> int:
        return int(self.body["seq"])

    @property
    def data(self) -> dict[str, Any]:
        return dict(self.body["data"])

    @property
    def is_final(self) -> bool:
        return self.type in FINAL_NAMES


@dataclass(frozen=True)
class Client:
    """One user at one gateway."""

    http: httpx.AsyncClient
    key: bytes
    subject: str = "alice"

    def as_user(self, subject: str) -> "Client":
        return Client(self.http, self.key, subject)

    @property
    def auth(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {issue(self.key, self.subject, 600)}"}

    async def call(self, method: str, path: str, **more: Any) -> httpx.Response:
        headers = {**self.auth, **more.pop("headers", {})}
        return await self.http.request(method, path, headers=headers, **more)

    async def post(self, message: str = QUESTION, *, headers: dict[str, str] | None = None, **body: Any) -> httpx.Response:
        return await self.call("POST", "/v1/consults", json={"message": message, **body}, headers=headers or {})

    async def ask(self, message: str = QUESTION, **body: Any) -> dict[str, Any]:
        """Ask, and return what the 202 says."""
        answer = await self.post(message, **body)
        assert answer.status_code == 202, answer.text
        return dict(answer.json())

    async def show(self, consult: str) -> dict[str, Any]:
        answer = await self.call("GET", f"/v1/consults/{consult}")
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def watch(self, consult: str, after: str | None = None) -> AsyncIterator[Event]:
        """Yield the events of a consult after a cursor; leaving early cuts the connection."""
        headers = {**self.auth, **({"Last-Event-ID": after} if after else {})}
        async with self.http.stream("GET", f"/v1/consults/{consult}/events", headers=headers) as response:
            assert response.status_code in {200, 204}, await response.aread()
            async for event in read_events(response):
                yield event

    async def events(self, consult: str, after: str | None = None) -> list[Event]:
        """Return all events of a consult after a cursor, until the stream ends."""
        return [event async for event in self.watch(consult, after)]

    async def events_until(self, consult: str, enough: Callable[[list[Event]], bool], after: str | None = None) -> list[Event]:
        """Return the events up to the point where there are enough, and cut the connection there."""
        seen: list[Event] = []
        async with aclosing(self.watch(consult, after)) as stream:  # type: ignore[type-var]  # an async generator it is
            async for event in stream:
                seen.append(event)
                if enough(seen):
                    break
        return seen


async def read_events(response: httpx.Response) -> AsyncIterator[Event]:
    """Yield the events of an open stream; comments and `retry` are left out."""
    fields: dict[str, str] = {}
    async for line in response.aiter_lines():
        if line:
            name, _, value = line.partition(": ")
            fields[name] = value
        else:
            if "data" in fields:
                yield Event(fields["id"], fields["event"], json.loads(fields["data"]))
            fields = {}


def types(events: list[Event]) -> list[str]:
    return [event.type for event in events]


def assert_whole(events: list[Event]) -> None:
    """Assert what holds for every complete stream: `seq` from 1 without gaps, accepted first, one final, which is last."""
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    assert events[0].type == "consult.accepted"
    assert [event.is_final for event in events] == [False] * (len(events) - 1) + [True]
    assert len({event.id for event in events}) == len(events)
