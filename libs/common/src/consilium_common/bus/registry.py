"""The registry of specialists: who is known, who is alive. A key-value bucket that everybody watches.

`manifest.<name>` stays; `alive.<name>.<instance>` is renewed every few seconds and vanishes when it is not.
"""

import asyncio
import logging
import time
from contextlib import suppress

import nats.errors
from nats.aio.msg import Msg
from pydantic import ValidationError

from consilium_common.bus.connection import Bus
from consilium_common.bus.ordered import OrderedReader
from consilium_common.bus.streams import INSTANCE_TTL_S
from consilium_common.contracts import subjects
from consilium_common.contracts.manifest import Profile

log = logging.getLogger(__name__)

BEAT_S = INSTANCE_TTL_S / 4
REFRESH_S = 300.0
_BUCKET_STREAM = f"KV_{subjects.AGENTS_BUCKET}"
_PREFIX = f"$KV.{subjects.AGENTS_BUCKET}."


class Registry:
    """What this process knows of specialists. Reads are from memory."""

    def __init__(self, bus: Bus) -> None:
        self._profiles: dict[str, Profile] = {}
        self._seen: dict[str, dict[str, float]] = {}
        self._bus = bus
        self._reader = OrderedReader(bus, _BUCKET_STREAM, f"{_PREFIX}>", self._on_entry)

    @property
    def profiles(self) -> dict[str, Profile]:
        """Return every specialist that is known, alive or not."""
        return dict(self._profiles)

    def instances(self, name: str) -> int:
        """Return how many instances of a specialist are alive."""
        limit = time.monotonic() - INSTANCE_TTL_S
        return sum(seen > limit for seen in self._seen.get(name, {}).values())

    async def run(self) -> None:
        """Watch, and read everything again now and then."""
        refresh = asyncio.create_task(self._refresh())
        self._bus.on_return.append(self._on_return)
        try:
            await self._reader.run()
        finally:
            self._bus.on_return.remove(self._on_return)
            refresh.cancel()

    async def ready(self) -> None:
        """Wait until what stands in the registry has been read."""
        await self._reader.caught_up.wait()

    def stop(self) -> None:
        """Watch no more."""
        self._reader.stop()

    async def _refresh(self) -> None:
        while True:
            await asyncio.sleep(REFRESH_S)
            self._reader.restart()

    def _on_return(self) -> None:
        """Nobody could be heard while the bus was away: who was alive before has the usual time to say that it still is."""
        now = time.monotonic()
        for instances in self._seen.values():
            instances.update(dict.fromkeys(instances, now))

    def _on_entry(self, msg: Msg) -> None:
        kind, _, rest = msg.subject.removeprefix(_PREFIX).partition(".")
        gone = not msg.data
        if kind == "alive":
            name, _, instance = rest.partition(".")
            self._on_alive(name, instance, gone)
        elif kind == "manifest" and gone:
            self._profiles.pop(rest, None)
        elif kind == "manifest":
            try:
                self._profiles[rest] = Profile.model_validate_json(msg.data)
            except ValidationError as error:
                log.warning("a manifest in the registry is not readable", extra={"agent": rest, "wrong": error.error_count()})

    def _on_alive(self, name: str, instance: str, gone: bool) -> None:
        seen = self._seen.setdefault(name, {})
        if gone:
            seen.pop(instance, None)
        else:
            seen[instance] = time.monotonic()


class Presence:
    """One specialist instance's entry: the profile once, then a heartbeat, and a farewell."""

    def __init__(self, bus: Bus, profile: Profile) -> None:
        self._bus = bus
        self._profile = profile
        self._key = f"{_PREFIX}alive.{profile.manifest.name}.{bus.instance}"
        self._left = False

    async def announce(self) -> None:
        """Publish the profile and the first heartbeat."""
        name = self._profile.manifest.name
        await self._bus.js.publish(f"{_PREFIX}manifest.{name}", self._profile.model_dump_json().encode())
        await self._beat()

    async def run(self) -> None:
        """Renew the heartbeat until cancelled, whatever the bus does meanwhile."""
        while True:
            await asyncio.sleep(BEAT_S)
            if self._left:
                continue  # it finishes its last tasks; a beat now would call it back to life for everybody else
            try:
                await self._beat()
            except (nats.errors.Error, TimeoutError) as error:
                log.warning("heartbeat not stored", extra={"error": type(error).__name__})

    async def leave(self) -> None:
        """Say farewell, so that nobody waits for this instance any more."""
        self._left = True
        with suppress(nats.errors.Error, TimeoutError):
            await self._bus.js.publish(self._key, b"", headers={"KV-Operation": "DEL"}, msg_ttl=INSTANCE_TTL_S)

    async def _beat(self) -> None:
        await self._bus.js.publish(self._key, b"1", msg_ttl=INSTANCE_TTL_S)
