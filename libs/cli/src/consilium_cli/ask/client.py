"""The gateway as a client sees it: submit a question, then follow its events to the end."""

import json
import time
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Self

import httpx
from pydantic import ValidationError

from consilium_cli.ask.sse import SseEvent, parse
from consilium_common.contracts.base import Contract
from consilium_common.contracts.events import FINAL_NAMES
from consilium_common.contracts.problem import Problem
from consilium_common.errors import ConsiliumError

CONNECT_TIMEOUT_S = 5.0
SILENCE_LIMIT_S = 45.0  # three keep-alives missed: the connection is dead even if nobody said so
RETRY_AFTER_S = 2.0
TRIES_WITHOUT_NEWS = 15


class GatewayError(ConsiliumError):
    """The gateway cannot be reached, or refused; the message is its own where it gave one."""

    def __init__(self, message: str, retryable: bool = False) -> None:
        super().__init__("gateway", message, retryable)


class Accepted(Contract):
    """What the gateway says to a consult that it has stored."""

    consult_id: str
    events_url: str
    status_url: str = ""


@dataclass(frozen=True)
class ClientEvent:
    """One event of a consult. `raw` is its JSON as it came."""

    type: str
    data: dict[str, Any]
    raw: str

    @classmethod
    def of(cls, event: SseEvent) -> Self:
        """Read an event of the stream.

        Raises:
            GatewayError: when it is not JSON of the shape that was promised.
        """
        try:
            body = json.loads(event.data)
            return cls(body["type"], body["data"], event.data)
        except (ValueError, KeyError, TypeError):
            raise GatewayError(f"The gateway sent an event {event.event!r} that is not a consilium.event.v1.") from None

    @property
    def is_final(self) -> bool:
        """Return whether nothing follows."""
        return self.type in FINAL_NAMES


class Gateway:
    """A gateway at a URL, with the caller's token."""

    def __init__(self, url: str, token: str, client: httpx.Client | None = None) -> None:
        self._url = url.rstrip("/")
        self._http = client or httpx.Client(timeout=httpx.Timeout(SILENCE_LIMIT_S, connect=CONNECT_TIMEOUT_S))
        self._headers = {"Authorization": f"Bearer {token}"}

    def submit(self, message: str, specialists: Sequence[str] = ()) -> Accepted:
        """Ask. A try that is repeated after a lost answer finds the same consult, by its idempotency key.

        Raises:
            GatewayError: when the gateway cannot be reached or refuses.
        """
        body: dict[str, Any] = {"message": message} | ({"specialists": list(specialists)} if specialists else {})
        headers = {**self._headers, "Idempotency-Key": str(uuid.uuid4())}
        try:
            answer = self._send_twice("POST", "/v1/consults", json=body, headers=headers)
        except httpx.TransportError as error:
            raise GatewayError(
                f"No gateway answers at {self._url} ({type(error).__name__}); `consilium status` shows what runs."
            ) from None
        _refused(answer)
        try:
            return Accepted.model_validate_json(answer.content)
        except ValidationError:
            raise GatewayError(f"What answers at {self._url} is not a Consilium gateway.") from None

    def cancel(self, consult_id: str) -> None:
        """Take the question back.

        Raises:
            GatewayError: when the gateway cannot be reached or refuses.
        """
        try:
            _refused(self._http.delete(f"{self._url}/v1/consults/{consult_id}", headers=self._headers))
        except httpx.TransportError as error:
            raise GatewayError(f"The consult could not be cancelled ({type(error).__name__}).") from None

    def events(self, accepted: Accepted, retry_after_s: float = RETRY_AFTER_S) -> Iterator[ClientEvent]:
        """Yield every event once, in order, to the final; a lost connection is taken up after the last event seen.

        Raises:
            GatewayError: when the gateway refuses, or stays away for longer than 15 tries.
        """
        last_id, tries = "", 0
        while tries < TRIES_WITHOUT_NEWS:
            tries += 1
            try:
                for event in self._stream(accepted.events_url, last_id):
                    read = ClientEvent.of(event)
                    yield read
                    if read.is_final:
                        return
                    last_id, tries = event.id or last_id, 0
            except httpx.TransportError:
                pass  # taken up again below, after the last event that was seen
            time.sleep(retry_after_s)
        raise GatewayError(
            "The connection to the gateway was lost and did not come back; the consult goes on without us.", True
        )

    def _stream(self, url: str, last_id: str) -> Iterator[SseEvent]:
        headers = {**self._headers, "Accept": "text/event-stream"} | ({"Last-Event-ID": last_id} if last_id else {})
        with self._http.stream("GET", httpx.URL(self._url + "/").join(url), headers=headers) as answer:
            if answer.status_code == httpx.codes.NO_CONTENT:
                raise GatewayError("The consult has ended, and its final event is no longer kept.")
            if answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
                return  # a gateway that restarts; tried again like a lost connection
            if answer.is_error:
                answer.read()
                _refused(answer)
            yield from parse(answer.iter_lines())

    def _send_twice(self, method: str, path: str, **request: Any) -> httpx.Response:
        try:
            return self._http.request(method, self._url + path, **request)
        except httpx.TransportError:
            return self._http.request(method, self._url + path, **request)


def _refused(answer: httpx.Response) -> None:
    if not answer.is_error:
        return
    try:
        problem = Problem.model_validate_json(answer.content)
    except ValidationError:
        raise GatewayError(f"The gateway answered {answer.status_code} {answer.reason_phrase}.") from None
    raise GatewayError(problem.detail or problem.title, problem.retryable)
