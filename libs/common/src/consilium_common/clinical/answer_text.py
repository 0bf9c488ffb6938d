"""An answer as text in pieces, for clients that show it while it comes."""

from collections.abc import Iterator

from consilium_common.contracts.answer import Answer
from consilium_common.contracts.opinion import Recommendation


def answer_text(answer: Answer) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Yield the answer's paragraphs in reading order, each sentence with its citations as [1], and the paragraph's numbers."""
    if answer.insufficient_information is not None:
        yield answer.insufficient_information, ()
    for sentences, between in (
        ([(statement.text, statement.evidence_ids) for statement in answer.summary], " "),
        ([(score.text, score.evidence_ids) for score in answer.scores], "\n"),
        ([(_step(step), step.evidence_ids) for step in answer.recommendations], "\n"),
    ):
        if sentences:
            text = between.join(text + "".join(f" [{id}]" for id in ids) for text, ids in sentences)
            yield text, tuple(sorted({int(id) for _, ids in sentences for id in ids}))


def _step(step: Recommendation) -> str:
    if not step.blocked_by:
        return f"- {step.text}"
    return f"- Not for you without asking a clinician first: {step.text} ({'; '.join(step.blocked_by)})"
