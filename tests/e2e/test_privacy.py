"""What patients say stays sealed: it is in no file of any store, in no log even at DEBUG, and in no subject of the bus."""

import asyncio
import itertools
from collections.abc import Iterator
from pathlib import Path

import nats

from consilium_cli.stack import environment
from consilium_cli.stack.state import StateFolder
from consilium_common.bus.streams import STREAMS
from support.client import assert_whole
from support.realstack import RealStack

QUESTIONS = 20
COMPLAINTS = ("a sore throat", "crushing chest pain", "a knee that locks", "a sudden headache", "a rash on my arm")
CHUNK = 1 << 20


def canaries() -> list[str]:
    """Return words that nobody would write by chance: as a name, a place and a nickname in what is asked."""
    return [f"Zyq{n:02d}vorbexil" for n in range(QUESTIONS)]


async def test_no_word_of_a_patient_is_readable_anywhere(stack: RealStack) -> None:
    words = canaries()
    complaints = itertools.cycle(COMPLAINTS)
    async with stack.client() as client:

        async def ask(word: str, complaint: str) -> None:
            message = f"My name is {word}, I live in {word}ville and I have had {complaint} since yesterday."
            consult = (await client.ask(message))["consult_id"]
            assert_whole(await client.events(consult))
            assert (await client.show(consult))["status"] in {"completed", "incomplete"}

        await asyncio.gather(*(ask(word, complaint) for word, complaint in zip(words, complaints, strict=False)))
        refused = await client.call(
            "POST", "/v1/consults", content=f'{{"message": "{words[0]}", "age": "{words[1]}"}}'.encode()
        )
        assert refused.status_code == 415
        unknown = await client.call("POST", "/v1/consults", json={"message": "a", "audience": words[2]})
        assert unknown.status_code == 422
        assert words[2] not in unknown.text
    subjects = await all_subjects(stack)
    assert len(subjects) > QUESTIONS
    assert not [subject for subject in subjects if holds(subject.encode(), words)]
    scanned = [path for path in files(stack.state) if path.stat().st_size]
    assert len(scanned) > 20
    assert not [str(path) for path in scanned if holds(path.read_bytes(), words)]
    logs = StateFolder(stack.state).logs
    assert any(b'"DEBUG"' in path.read_bytes() for path in logs.iterdir()), "the logs were at DEBUG"


def files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file())


def holds(content: bytes, words: list[str]) -> bool:
    """Return whether a word stands in the bytes, as it was written or in two-byte characters."""
    lower = content.lower()
    return any(form in lower for word in words for form in (word.lower().encode(), word.lower().encode("utf-16-le")))


async def all_subjects(stack: RealStack) -> list[str]:
    settings = environment.of_running(StateFolder(stack.state))
    nc = await nats.connect(settings["NATS_URL"])
    try:
        found: list[str] = []
        for stream in STREAMS:
            info = await nc.jetstream().stream_info(stream.name, subjects_filter=">")
            found += info.state.subjects or {}
        return found
    finally:
        await nc.close()
