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

    async def reconcile(self) -> int:
        """Load what is not loaded, or was lost; returns how many packs that were."""
        loaded = 0
        try:
            latest = await self._packs.latest()
        except ConsiliumError as error:
            log.warning("nothing compared", extra={"code": error.code, "error": error.message})
            return 0
        for specialist, version in latest.items():
            try:
                loaded += await self._loader.load(specialist, version)
            except ConsiliumError as error:  # one pack that cannot be loaded must not hold up the others
                log.warning(
                    "not loaded",
                    extra={"specialist": specialist, "version": version, "code": error.code, "error": error.message},
                )
        return loaded

    async def rebuild(self) -> int:
        """Load everything again from MongoDB, whatever the stores hold; returns how many packs that were.

        Raises:
            StoreError: when MongoDB does not answer.
        """
        await self._packs.forget_loaded()
        return await self.reconcile()
