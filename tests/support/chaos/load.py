"""Consults in numbers, and what they are asked."""

import asyncio
from collections.abc import Sequence

from support.chaos.asker import Asker, Told
from support.chaos.stack import SPECIALISTS

QUESTION = "I have had a sore throat for two days."
WAITING_S = 240.0  # longer than any fault here lasts, so that what is missing is missing and not late


def question(number: int, *wishes: str) -> str:
    """Return a question that differs from others and tells chaos specialists how to behave."""
    return f"{QUESTION} Question {number}. {' '.join(f'({wish})' for wish in wishes)}"


def ask_many(asker: Asker, count: int, *wishes: str, specialists: Sequence[str] = SPECIALISTS) -> "list[asyncio.Task[Told]]":
    """Ask so many consults at once; each task ends with what its client was told."""
    asking = (asker.ask(question(n, *wishes), specialists, limit_s=WAITING_S) for n in range(count))
    return [asyncio.create_task(each) for each in asking]


def thinking(seconds: float, specialists: Sequence[str] = SPECIALISTS) -> list[str]:
    """Return the wishes that keep consults in flight for so long."""
    return [f"{name} waits {seconds}" for name in specialists]
