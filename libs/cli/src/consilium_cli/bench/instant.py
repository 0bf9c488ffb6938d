"""Specialists that answer at once: everything around a specialist is real, only the thinking takes no time."""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from consilium_common.contracts.case import CaseView
from consilium_common.contracts.knowledge import TriageLevel
from consilium_common.contracts.manifest import Limits, Manifest, Scope
from consilium_common.contracts.opinion import Confidence, Evidence, Opinion, Possibility, Statement
from consilium_common.knowledge import Pack, load_shared
from consilium_common.service import Running, run
from consilium_common.specialist import Specialist
from consilium_common.specialist.runtime import serve_tasks
from consilium_common.specialist.settings import SpecialistSettings
from consilium_common.specialist.tasks import Progress

NAMES = ("instant_one", "instant_two", "instant_three", "instant_four")


def specialist(name: str) -> Specialist:
    """Return a specialist without knowledge."""
    manifest = Manifest(
        name=name, version="0.1.0", title="Instant", scope=Scope(), limits=Limits(concurrency=128), vectors=False
    )
    return Specialist(manifest, Pack(conditions=(), findings={}, medicines={}, sources={}, version="none"))


async def answer(view: CaseView, _vector: bytes | None, _progress: Progress) -> Opinion:
    """Return an opinion of ordinary size that took no time to form."""
    quote = "A fixed passage that stands for what a specialist would cite, so that the messages have an ordinary size."
    evidence = tuple(
        Evidence(
            id=f"k{n}", kind="knowledge", title="Instant", source="none", locator=f"{view.specialist}/instant#{n}", quote=quote
        )
        for n in range(1, 4)
    )
    return Opinion(
        summary=tuple(Statement(text=quote, evidence_ids=(each.id,)) for each in evidence),
        differential=(
            Possibility(
                condition="instant",
                name="Instant",
                icd10="Z00.0",
                probability=0.5,
                triage=TriageLevel.ROUTINE,
                evidence_ids=("k1",),
            ),
        ),
        confidence=Confidence(value=0.5, basis="a fixed answer"),
        evidence=evidence,
        knowledge_version="none",
    )


@asynccontextmanager
async def build(name: str, settings: SpecialistSettings) -> AsyncIterator[Running]:
    """Take tasks and answer them at once."""
    async with serve_tasks(specialist(name), load_shared(), settings, answer) as running:
        yield running


def main(name: str) -> None:
    """Run one of them until SIGTERM."""
    run(name, SpecialistSettings, partial(build, name))


if __name__ == "__main__":
    main(sys.argv[1])
