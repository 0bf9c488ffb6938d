"""The simulation finds mistakes: each of these is one that somebody could make, and some history shows it."""

from typing import Any

import pytest

from consilium_aggregator import claims, ending
from consilium_common.bus import consume, publish, read
from consilium_common.contracts import subjects
from consilium_common.contracts.base import new_id
from consilium_common.specialist import tasks
from consilium_common.stores import consults as stored
from consilium_gateway import archive, consults
from simulation.campaign import first_failure
from simulation.weather import Weather

ROUGH = Weather(
    "rough",
    latency_s=0.02,
    slow=0.05,
    lost_request=0.01,
    lost_reply=0.02,
    lost_ack=0.05,
    duplicate=0.5,
    crash=0.005,
    pause=0.01,
    skew_s=0.2,
)


async def _without_fence(bus: Any, _stream: str, subject: str, envelope: Any, *_: Any) -> bool:
    await publish._publish(bus, subject, envelope, {})
    return True


async def _ungoverned(*_: Any) -> claims.Claim:
    return claims.Claim(1, claims.time.monotonic())


async def _never_over(*_: Any) -> None:
    return None


async def _never_ended(*_: Any) -> bool:
    return False


async def _deaf(*_: Any) -> None:
    return None


async def _ack_first(self: Any, msg: Any, envelope: Any) -> str:
    await self._answer(msg.ack())
    await self._handle(envelope)
    return "handled"


async def _always_new(bus: Any, subject: str, envelope: Any, **more: Any) -> None:
    await _publish_once(bus, subject, envelope.model_copy(update={"id": new_id("m")}), **more)


_publish_once = publish.publish


async def _submit_first(self: Any, consult: Any, ask: Any) -> None:
    from datetime import UTC, datetime

    await self._submit(consult, ask, datetime.fromtimestamp(consult.deadline_ms / 1000, UTC), 1)
    await self._say_accepted(consult)


def _row_without_key(consult: Any) -> Any:
    return {**_row(consult), "idempotency_key": consult.id}


_row = stored._row


async def _keep_less(self: Any, consult_id: str, final_type: str, frames: Any) -> bool:
    return await _keep(self, consult_id, final_type, frames[1:])


_keep = archive.Archive.keep

# That older attempts are noticed is held by tests/integration/test_fencing.py: attempts seldom overlap in these histories.
MISTAKES = {
    "the final is published without its expected sequence": (publish, "publish_after", _without_fence),
    "a merge is not claimed": (ending, "claim", _ungoverned),
    "claims do not see each other": (subjects, "merges", lambda consult: f"none.{consult}"),
    "nobody looks whether it is over": (ending.Aggregator, "_over", _never_over),
    "a message is acknowledged before it is handled": (consume.Consumer, "_run_handler", _ack_first),
    "an event has a new id each time": (publish, "publish", _always_new),
    "a cancellation is not heard": (tasks.TaskDesk, "on_cancel", _deaf),
    "a consult is submitted before it is announced": (consults.ConsultService, "_hand_over", _submit_first),
    "a key is not remembered": (stored, "_row", _row_without_key),
    "an archive lacks an event": (archive.Archive, "keep", _keep_less),
    "nobody looks whether a consult has ended": (read, "has_final", _never_ended),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_found(mistake, monkeypatch):
    monkeypatch.setattr(*MISTAKES[mistake])
    assert first_failure(range(600), ROUGH), f"no history shows that {mistake}"


def test_without_a_mistake_the_same_weather_shows_nothing():
    assert first_failure(range(60), ROUGH) is None
