"""Comparing what MongoDB holds with what is loaded: on a specialist's word, at the start, and every now and then."""

import asyncio
import logging

from consilium_common.contracts.commands import LoadPack
from consilium_common.contracts.envelope import Envelope
from consilium_common.errors import ConsiliumError
from consilium_common.stores.packs import Packs
from consilium_ingestion.loading import KnowledgeLoader

log = logging.getLogger(__name__)


class Reconciler:
    """Decides which version of which pack should be loaded: the one that its specialist stored last."""

    def __init__(self, packs: Packs, loader: KnowledgeLoader, every_s: float) -> None:
        self._packs = packs
        self._loader = loader
        self._every_s = every_s

    async def on_load_pack(self, envelope: Envelope) -> None:
        """Load what a specialist announced, unless it has stored a newer version since."""
        command = LoadPack.model_validate(envelope.data)
        latest = (await self._packs.latest()).get(command.specialist, command.knowledge_version)
        if latest != command.knowledge_version:
            log.info("superseded", extra={"specialist": command.specialist, "version": command.knowledge_version, "by": latest})
        await self._loader.load(command.specialist, latest)

    async def run(self) -> None:
        """Compare now and every `every_s` seconds, until cancelled. What is away now is tried again next time."""
        while True:
            await self.reconcile()
            await asyncio.sleep(self._every_s)

    async def reconcile(self, *, again: bool = False) -> int:
        """Load what is not loaded or was lost, or everything when `again`; returns how many packs that were."""
        try:
            latest = await self._packs.latest()
            await self._loader.load_shared(again=again)
        except ConsiliumError as error:
            log.warning("nothing compared", extra={"code": error.code, "error": error.message})
            return 0
        return sum(await asyncio.gather(*(self._try(specialist, version, again) for specialist, version in latest.items())))

    async def rebuild(self) -> int:
        """Load everything again from MongoDB, whatever the stores hold; returns how many packs that were."""
        return await self.reconcile(again=True)

    async def _try(self, specialist: str, version: str, again: bool) -> bool:
        try:
            return await self._loader.load(specialist, version, again=again)
        except ConsiliumError as error:  # one pack that cannot be loaded must not hold up the others
            told = {"specialist": specialist, "version": version, "code": error.code, "error": error.message}
            log.warning("not loaded", extra=told)
            return False
