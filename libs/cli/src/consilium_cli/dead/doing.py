"""What `consilium dead` does on the bus."""

from collections import Counter, deque
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from consilium_common.bus.connection import Bus
from consilium_common.bus.dead_letters import NoLetterError, drop, hand_back, read_letter, read_letters, verdict_on
from consilium_common.bus.revival import Letter


@dataclass(frozen=True)
class Choice:
    """Which letters are meant: these sequences, or all of a service, of one reason or of any."""

    sequences: Sequence[int] = ()
    service: str | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Outcome:
    """What came of one letter, in a sentence."""

    sequence: int
    done: bool
    words: str


async def newest(bus: Bus, service: str | None, limit: int) -> tuple[list[Letter], Counter[tuple[str, str]]]:
    """Return the newest letters, the newest last, and how many there are of each service and reason."""
    letters: deque[Letter] = deque(maxlen=limit)
    counts: Counter[tuple[str, str]] = Counter()

    def receive(letter: Letter) -> None:
        letters.append(letter)
        counts[letter.service, letter.reason] += 1

    await read_letters(bus, service, receive)
    return list(letters), counts


async def replay(bus: Bus, choice: Choice) -> AsyncIterator[Outcome]:
    """Hand the chosen letters to their services again, where that can have an effect."""
    for sequence in await _chosen(bus, choice):
        try:
            letter = await read_letter(bus, sequence)
        except NoLetterError as error:
            yield Outcome(sequence, False, error.message)
            continue
        verdict = await verdict_on(bus, letter)
        if verdict.replay:
            await hand_back(bus, letter, verdict)
        yield Outcome(sequence, verdict.replay, f"{'handed back' if verdict.replay else 'stays'}. {verdict.why}")


async def remove(bus: Bus, choice: Choice) -> AsyncIterator[Outcome]:
    """Remove the chosen letters."""
    for sequence in await _chosen(bus, choice):
        try:
            await read_letter(bus, sequence)
        except NoLetterError as error:
            yield Outcome(sequence, False, error.message)
            continue
        await drop(bus, sequence)
        yield Outcome(sequence, True, "removed.")


async def _chosen(bus: Bus, choice: Choice) -> Sequence[int]:
    if choice.sequences:
        return list(dict.fromkeys(choice.sequences))
    found: list[int] = []

    def receive(letter: Letter) -> None:
        if choice.reason is None or letter.reason == choice.reason:
            found.append(letter.sequence)

    await read_letters(bus, choice.service, receive)
    return found
