"""Whole answers without servers: a question, or one made of a condition's most telling findings, for either reader."""

import re
from functools import cache

from consilium_cli.evaluation.consilium import Consilium, load_consilium
from consilium_common.clinical.answer_text import answer_text
from consilium_common.contracts.answer import Answer
from consilium_common.contracts.commands import Audience
from consilium_common.contracts.knowledge import Condition

TELLING = 4


@cache
def consilium() -> Consilium:
    """Return all installed specialists, ready to be asked."""
    return load_consilium()


@cache
def questions() -> tuple[tuple[str, str], ...]:
    """Return for every condition a question in lay words that names its most telling findings."""
    made = ((condition.id, _question(specialist, condition)) for specialist, condition in consilium().conditions)
    return tuple((name, question) for name, question in made if question)


@cache
def answer(question: str, audience: Audience) -> Answer:
    """Return the answer to a question for a reader."""
    return consilium().consult(question, audience).answer


def spoken(given: Answer) -> str:
    """Return the text of an answer without its citation numbers."""
    return re.sub(r" \[\d+\]", "", "\n".join(text for text, _ in answer_text(given)))


def sentences_of(given: Answer) -> list[str]:
    """Return everything in an answer that is written to be read, beside quotes and names."""
    conflicts = [
        text for each in given.conflicts for text in (each.claim, each.resolution, *(place.stance for place in each.positions))
    ]
    return [
        *([given.insufficient_information] if given.insufficient_information else []),
        *(statement.text for statement in given.summary),
        *(step.text for step in given.recommendations),
        *(reason for step in given.recommendations for reason in step.blocked_by),
        *given.ask_next,
        *given.disclaimers,
        *given.triage.reasons,
        given.triage.advice,
        given.confidence.basis,
        *conflicts,
    ]


def _question(specialist: str, condition: Condition) -> str:
    concepts = consilium().packs[specialist].concepts
    telling = sorted(condition.findings, key=lambda weight: (-weight.present / weight.elsewhere, weight.id))
    words = [concepts[w.id].lay[0] for w in telling if w.id in concepts and concepts[w.id].lay][:TELLING]
    return f"I have {', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else f"I have {words[0]}" if words else ""
