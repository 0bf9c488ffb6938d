"""Redaction: whether what says who somebody is goes, and whether everything else stays.

- recall: the share of marked identifying values that no longer stand in the output as words, whatever their capitals.
- specificity: the share of texts without any marked value that come out byte for byte as they went in.
- texts cleared: the share of texts with identifying values of which none is left.
- words kept: the share of words outside the marked values that stay; it tells what a redactor costs that takes out too much.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from consilium_cli.evaluation.redaction_texts import Marked
from consilium_cli.evaluation.result import Miss, SetResult, worst_first
from consilium_cli.evaluation.scoring import known, share
from consilium_common.security.redaction import Redacted

LEFT = "left in"
_WORD = re.compile(r"\w+")
_SHAPE_LONGEST = 40

Redact = Callable[[str], Redacted]


@dataclass(frozen=True)
class Judged:
    """One text and what became of it; `left` are the identifying values that still stand in the output."""

    marked: Marked
    redacted: Redacted
    left: tuple[tuple[str, str], ...]

    @property
    def clean(self) -> bool:
        """Return whether nothing at all is marked in it."""
        return not self.marked.values

    @property
    def untouched(self) -> bool:
        """Return whether it came out as it went in."""
        return self.redacted.text == self.marked.text

    @property
    def right(self) -> bool:
        """Return whether nothing was left in that had to go, and a clean text was left alone."""
        return not self.left and (self.untouched or not self.clean)


def evaluate(texts: Iterable[Marked], redact: Redact) -> list[SetResult]:
    """Return the figures of every set of texts."""
    sets: dict[str, list[Judged]] = {}
    for marked in texts:
        redacted = redact(marked.text)
        left = tuple(each for each in marked.identifying if _pattern(each[1]).search(redacted.text))
        sets.setdefault(marked.set, []).append(Judged(marked, redacted, left))
    return [_result(name, judged) for name, judged in sets.items()]


def _result(name: str, judged: Sequence[Judged]) -> SetResult:
    marked = [each for each in judged if each.marked.identifying]
    clean = [each for each in judged if each.clean]
    kinds = sorted({kind for each in marked for kind, _ in each.marked.identifying})
    return SetResult(
        name=name,
        n=len(judged),
        figures=known(
            recall=share(value not in each.left for each in marked for value in each.marked.identifying),
            specificity=share(each.untouched for each in clean),
            texts_cleared=share(not each.left for each in marked),
            words_kept=share(kept for each in judged for kept in _kept(each)),
        ),
        parts={kind: _part(kind, marked) for kind in kinds},
        confusion=Counter(pair for each in marked for pair in _became(each)),
        misses=worst_first([_miss(each) for each in judged if not each.right]),
        outcomes={"right": {each.marked.id: each.right for each in judged}},
    )


def _part(kind: str, marked: Sequence[Judged]) -> SetResult:
    gone = [value not in each.left for each in marked for value in each.marked.identifying if value[0] == kind]
    return SetResult(name=kind, n=len(gone), figures=known(recall=share(gone)))


def _pattern(value: str) -> re.Pattern[str]:
    """Return a pattern that finds a value as whole words, whatever its capitals and spaces."""
    words = r"\s+".join(re.escape(word) for word in value.split())
    return re.compile(rf"(?<!\w){words}(?!\w)", re.IGNORECASE)


def _places(judged: Judged, values: Iterable[tuple[str, str]]) -> Iterator[tuple[int, int]]:
    for _, value in values:
        for match in _pattern(value).finditer(judged.marked.text):
            yield match.span()


def _kept(judged: Judged) -> Iterator[bool]:
    """Yield for each word that no value covers whether it stays."""
    covered = list(_places(judged, judged.marked.values))
    for word in _WORD.finditer(judged.marked.text):
        if not any(start < word.end() and word.start() < end for start, end in covered):
            yield not any(mark.start < word.end() and word.start() < mark.end for mark in judged.redacted.marks)


def _became(judged: Judged) -> Iterator[tuple[str, str]]:
    """Yield each value's kind with the kind that it was taken for."""
    for kind, value in judged.marked.identifying:
        found = _pattern(value).search(judged.marked.text)
        taken = [mark.kind for mark in judged.redacted.marks if found and mark.start < found.end() and found.start() < mark.end]
        yield kind, LEFT if (kind, value) in judged.left else taken[0] if taken else "not in the text"


def _miss(judged: Judged) -> Miss:
    """Return the miss. Values are shown by their shape, since no text of a case is ever printed."""
    if judged.left:
        shapes = [f"{kind}: {_shape(value)}" for kind, value in judged.left]
        got = f"{len(judged.left)} of {len(judged.marked.identifying)} left in"
        return Miss(judged.marked.id, "all out", got, (*shapes, _rules(judged)), float(len(judged.left)))
    changed = [
        f"{mark.kind} by {mark.rule}: {_shape(judged.marked.text[mark.start : mark.end])}" for mark in judged.redacted.marks
    ]
    return Miss(judged.marked.id, "left alone", f"{len(changed)} taken out", tuple(changed), 0.5)


def _rules(judged: Judged) -> str:
    counts = Counter(mark.rule for mark in judged.redacted.marks)
    return f"rules: {', '.join(f'{rule} {count}' for rule, count in sorted(counts.items())) or 'none'}"


def _shape(value: str) -> str:
    def shown(letter: str) -> str:
        if letter.isdigit():
            return "9"
        return ("X" if letter.isupper() else "x") if letter.isalpha() else " " if letter.isspace() else letter

    return "".join(shown(letter) for letter in value[:_SHAPE_LONGEST])
