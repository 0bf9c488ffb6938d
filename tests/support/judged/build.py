"""Build judged collections for development from the MedQuAD archive: `python tests/support/judged/build.py ARCHIVE FOLDER`.

`letters`: the questions of questions.tsv, written for this project, over the passages on what they ask and those that share
most words with them. `topics`: names and synonyms of conditions, short, as somebody types them, over the same passages.
Nothing of the archive is kept in the repository; the same archive always gives the same folders.

Grades of `letters`: 4 right condition and right kind of answer, 3 right condition in general, 2 right condition but another
kind. In `topics` every passage on the concept has grade 1.
"""

import json
import random
import sys
import tarfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from math import log
from pathlib import Path
from xml.etree import ElementTree

from consilium_common.retrieval.words import terms

QUESTIONS = Path(__file__).with_name("questions.tsv")
SEED = 5
NEIGHBOURS = 25  # passages by words for each question: about as many as people judge
TOPICS = 160
FORMS = ("{}",) * 5 + (
    "Living with {}",
    "New hope for {} patients",
    "{} in the elderly",
    "The truth about {}",
    "Vitamins and {}",
)


@dataclass(frozen=True)
class Answer:
    """One answer of the archive."""

    id: str
    focus: str
    kind: str
    question: str
    text: str
    synonyms: tuple[str, ...]
    concepts: frozenset[str]


def answers(archive: Path) -> Iterator[Answer]:
    """Yield every answer once; some ids stand in the archive twice."""
    seen: set[str] = set()
    with tarfile.open(archive) as held:
        for member in held:
            file = held.extractfile(member) if member.name.endswith(".xml") else None
            if file is None:
                continue
            root = ElementTree.fromstring(file.read())
            synonyms = tuple(each.text for each in root.iter("Synonym") if each.text)
            concepts = frozenset(each.text for each in root.iter("CUI") if each.text)
            for pair in root.iter("QAPair"):
                question, text = pair.find("Question"), " ".join((pair.findtext("Answer") or "").split())
                if question is None or not text:
                    continue
                id = f"{member.name.split('_')[0]}-{question.get('qid')}"
                if id not in seen:
                    seen.add(id)
                    asked = " ".join((question.text or "").split())
                    focus = (root.findtext("Focus") or "").strip()
                    yield Answer(id, focus, question.get("qtype") or "", asked, text, synonyms, concepts)


class Neighbours:
    """Which answers share most words with a text."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._at: dict[str, list[int]] = defaultdict(list)
        for at, text in enumerate(texts):
            for term in set(terms(text)):
                self._at[term].append(at)
        self._n = len(texts)

    def of(self, text: str, count: int) -> list[int]:
        scores: Counter[int] = Counter()
        for term in sorted(set(terms(text))):
            held = self._at.get(term, [])
            for at in held:
                scores[at] += log(1 + self._n / len(held))  # type: ignore[assignment]
        return [at for at, _ in sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))[:count]]


def letters(every: Sequence[Answer]) -> tuple[dict[str, str], dict[tuple[str, str], int], set[int]]:
    """Return questions, grades and the places of the passages to search."""
    texts, focuses = Neighbours([f"{each.question} {each.text}" for each in every]), Neighbours([each.focus for each in every])
    questions: dict[str, str] = {}
    grades: dict[tuple[str, str], int] = {}
    pool: set[int] = set()
    rows = [line for line in QUESTIONS.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    for number, row in enumerate(rows, start=1):
        focus, kinds, question = row.split("|", 2)
        id, patterns = f"letter-{number}", focus.lower().split(";")
        questions[id] = question
        for at, each in enumerate(every):
            if any(fnmatchcase(each.focus.lower(), pattern) for pattern in patterns):
                pool.add(at)
                grades[id, each.id] = 4 if each.kind in kinds.split(";") else 3 if each.kind == "information" else 2
        pool |= {*texts.of(question, NEIGHBOURS), *texts.of(f"{patterns[0]} {kinds}", 8), *focuses.of(question, 6)}
    return questions, grades, pool


def topics(every: Sequence[Answer]) -> tuple[dict[str, str], dict[tuple[str, str], int]]:
    """Return short questions about what the passages are about, and the passages of the same concept."""
    chance = random.Random(SEED)
    by_focus: dict[str, list[Answer]] = defaultdict(list)
    for each in every:
        by_focus[each.focus.lower()].append(each)
    questions, grades = {}, {}
    for focus in chance.sample(sorted(name for name, held in by_focus.items() if len(held) > 2), TOPICS):
        held, id = by_focus[focus], f"topic-{len(questions)}"
        names = [name for each in held for name in each.synonyms if 3 < len(name) < 50] or [held[0].focus]
        questions[id] = chance.choice(FORMS).format(chance.choice(names))
        concepts = frozenset().union(*(each.concepts for each in held))
        grades |= {(id, each.id): 1 for each in every if each.focus.lower() == focus or concepts & each.concepts}
    return questions, grades


def write(
    folder: Path, questions: Mapping[str, str], passages: Sequence[Answer], grades: Mapping[tuple[str, str], int]
) -> None:
    """Write the three files of a collection."""
    folder.mkdir(parents=True, exist_ok=True)
    asked = [{"id": id, "question": text} for id, text in questions.items()]
    held = [{"id": each.id, "title": each.question, "text": each.text} for each in passages]
    for name, records in (("questions", asked), ("passages", held)):
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(record) + "\n" for record in records), "utf-8")
    rows = [f"{question}\t{passage}\t{grade}\n" for (question, passage), grade in grades.items()]
    (folder / "qrels.tsv").write_text("".join(rows), "utf-8")


def main(archive: Path, folder: Path) -> None:
    """Write both collections below a folder."""
    every = list(answers(archive))
    questions, grades, pool = letters(every)
    passages = [every[at] for at in sorted(pool)]
    write(folder / "letters", questions, passages, grades)
    write(folder / "topics", *_with(passages, topics(passages)))


def _with(
    passages: Sequence[Answer], made: tuple[dict[str, str], dict[tuple[str, str], int]]
) -> tuple[dict[str, str], Sequence[Answer], dict[tuple[str, str], int]]:
    return made[0], passages, made[1]


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
