"""A client that does not give up: one Idempotency-Key to ask with, Last-Event-ID to read on, at whichever gateway answers."""

import asyncio
import json
import random
import secrets
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass, field

from consilium_common.security.tokens import issue
from support.chaos.http import request
from support.client import Event

AGAIN_S = 0.1
LOST = (OSError, asyncio.IncompleteReadError, TimeoutError)
Ports = Callable[[], Sequence[int]]
CutAfter = Callable[[], int | None]


@dataclass
class Told:
    """What one client was told, and when in seconds since it asked. `consult` is empty until a 202."""

    question: str
    key: str = field(default_factory=lambda: secrets.token_hex(8))
    consult: str = ""
    events: list[Event] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    connections: int = 0
    began: float = field(default_factory=time.monotonic)
    accepted_s: float = 0.0
    ended_s: float = 0.0
    retry_after: list[str | None] = field(default_factory=list)

    @property
    def final(self) -> Event | None:
        return self.events[-1] if self.events and self.events[-1].is_final else None


@dataclass
class Asker:
    """Asks at any of the ports. `cut_after` gives for each stream after how many bytes the client hangs up; None never."""

    ports: Ports
    key: bytes
    random: random.Random
    subject: str = "chaos"
    cut_after: CutAfter = lambda: None
    cuts: int = 0

    async def ask(self, question: str, specialists: Sequence[str] = (), *, limit_s: float = 60.0) -> Told:
        """Ask, and read to the final; what came before the limit is returned when there is none."""
        told = Told(question)
        try:
            async with asyncio.timeout(limit_s):
                await self.submit(told, specialists)
                await self.follow(told)
        except TimeoutError:
            return told
        return told

    async def submit(self, told: Told, specialists: Sequence[str] = ()) -> None:
        """Ask until it is accepted, always with the same key."""
        body = {"message": told.question, **({"specialists": list(specialists)} if specialists else {})}
        while not await self.submit_once(told, body):  # noqa: ASYNC110 - other processes decide
            await asyncio.sleep(self.random.uniform(AGAIN_S, 3 * AGAIN_S))

    async def submit_once(self, told: Told, body: object) -> bool:
        """Ask once; returns whether it was accepted."""
        headers = {**self.auth(), "Idempotency-Key": told.key}
        try:
            async with asyncio.timeout(15), request(self._port(), "POST", "/v1/consults", headers=headers, body=body) as answer:
                told.statuses[answer.status] += 1
                if answer.status != 202:
                    told.retry_after.append(answer.headers.get("retry-after"))
                    return False
                told.consult = (await answer.json())["consult_id"]
        except LOST:
            told.statuses[0] += 1
            return False
        told.accepted_s = time.monotonic() - told.began
        return True

    async def follow(self, told: Told) -> None:
        """Read the consult's events to the final, from wherever this client is; 204 says that there is nothing more to come."""
        while told.final is None and not told.statuses[204]:
            seen = len(told.events)
            with suppress(LOST):
                await self._read(told)
            if len(told.events) == seen:
                await asyncio.sleep(AGAIN_S)
        told.ended_s = time.monotonic() - told.began

    async def read_again(self, told: Told) -> Told:
        """Read a consult from its beginning."""
        again = Told(told.question, told.key, told.consult)
        async with asyncio.timeout(30):
            await self.follow(again)
        return again

    async def _read(self, told: Told) -> None:
        headers = {**self.auth(), **({"Last-Event-ID": told.events[-1].id} if told.events else {})}
        told.connections += 1
        async with request(self._port(), "GET", f"/v1/consults/{told.consult}/events", headers=headers) as answer:
            if answer.status != 200:
                told.statuses[answer.status] += 1
                return
            left, rest = self.cut_after(), b""
            async with aclosing(answer.pieces()) as pieces:  # type: ignore[type-var]  # an async generator it is
                async for piece in pieces:
                    whole = piece if left is None else piece[:left]
                    *frames, rest = (rest + whole).split(b"\n\n")
                    told.events += [event for frame in frames if (event := event_in(frame))]
                    left = None if left is None else left - len(piece)
                    if left is not None and left <= 0 and told.final is None:
                        self.cuts += 1
                        return

    def auth(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {issue(self.key, self.subject, 600)}"}

    def _port(self) -> int:
        return self.random.choice(self.ports())


def event_in(frame: bytes) -> Event | None:
    """Return the event in a frame; comments and `retry` are none."""
    fields = dict(line.split(": ", 1) for line in frame.decode().split("\n") if ": " in line and not line.startswith(":"))
    return Event(fields["id"], fields["event"], json.loads(fields["data"])) if "data" in fields else None
