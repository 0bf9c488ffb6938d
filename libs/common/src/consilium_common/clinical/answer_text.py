"""An answer as text in pieces, for clients that show it while it comes."""

from collections.abc import Iterator

from consilium_common.contracts.answer import Answer


def answer_text(answer: Answer) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Yield the answer's sentences in reading order, each with the numbers of its citations."""
    if answer.insufficient_information is not None:
        yield answer.insufficient_information, ()
    for statement in answer.summary:
        yield statement.text, _numbers(statement.evidence_ids)
    for step in answer.recommendations:
        if step.blocked_by:
            yield (
                f"Not for you without asking a clinician first: {step.text} ({'; '.join(step.blocked_by)})",
                _numbers(step.evidence_ids),
            )
        else:
            yield step.text, _numbers(step.evidence_ids)


def _numbers(ids: tuple[str, ...]) -> tuple[int, ...]:
    return tuple(int(id) for id in ids)
