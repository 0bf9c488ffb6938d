"""Fit the weights of the second reading to the messages beside this file and the packs' cases, and say how well they do.

    python training/fit.py            figures only
    python training/fit.py --write    the table, too

Each figure is of messages whose file was left out when the weights were fitted: another writer, other topics; of cases those
of other conditions. Deterministic.
"""

import argparse
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from consilium_common.clinical.findings import FindingReader
from consilium_common.clinical.second_reading import HARMLESS_BELOW, JUDGED, SecondReading, parse, undenied
from consilium_common.clinical.terms import terms
from consilium_common.contracts.knowledge import TriageLevel
from consilium_common.knowledge import load_shared
from consilium_common.knowledge.cases import CASES, read_cases

MESSAGES = Path(__file__).parent / "messages"
PACKS = Path(__file__).parents[1] / "services"
PARTS = 2  # into which a pack's cases are split, by condition, so that they are left out in parts
TABLE = Path(__file__).parents[1] / "libs/common/src/consilium_common/knowledge/second_reading/words.tsv"
LEAST_MESSAGES = 3  # a term that fewer hold says nothing
STRENGTH = 5.0  # inverse regularisation; between 1 and 20 the figures hardly change
# Of what needs no doctor today so many are not called emergencies, and so many are not sent to a doctor today.
LEFT_ALONE = (0.98, 0.93)
AT_HOME = 0.01  # the share of what must be seen now or today that may be read as something for home
LEVELS = tuple(TriageLevel)


@dataclass(frozen=True)
class Message:
    """One written message: how urgent it is, and which file it is from."""

    text: str
    level: TriageLevel
    kind: str
    file: str


def read_messages(folder: Path = MESSAGES, packs: Path = PACKS) -> list[Message]:
    """Return every message, and every case whose urgency is beyond doubt, in the order of files and lines."""
    return [*_messages(folder), *_cases(packs)]


def _messages(folder: Path) -> Iterable[Message]:
    for file in sorted(folder.glob("*.jsonl")):
        for record in map(json.loads, file.read_text("utf-8").splitlines()):
            yield Message(record["text"], TriageLevel(record["level"]), record["kind"], file.stem)


def _cases(packs: Path) -> Iterable[Message]:
    for file in sorted(packs.glob(f"*/src/*/knowledge/{CASES}")):
        specialist = file.parents[3].name
        for case in read_cases(file.parent):
            if case.level is not None:
                part = crc32(case.condition.encode()) % PARTS + 1
                yield Message(case.text, case.level, case.kind, f"{specialist} {part}")


def fitted(messages: Sequence[Message]) -> tuple[TfidfVectorizer, tuple[LogisticRegression, ...]]:
    """Return the terms with their rarity, and the weights for each level that is judged."""
    vectorizer = TfidfVectorizer(
        analyzer=lambda text: [term for term, _ in terms(text)], min_df=LEAST_MESSAGES, sublinear_tf=True
    )
    shares = vectorizer.fit_transform(each.text for each in messages)
    return vectorizer, tuple(
        LogisticRegression(C=STRENGTH, max_iter=3000).fit(shares, at_least(level, messages)) for level in JUDGED
    )


def at_least(level: TriageLevel, messages: Sequence[Message]) -> np.ndarray:
    """Return which messages are at least so urgent."""
    return np.array([each.level.urgency >= level.urgency for each in messages])


def impressions_left_out(messages: Sequence[Message]) -> np.ndarray:
    """Return for each message and level what it gets from weights that were fitted without its file, without what it denies."""
    shared = load_shared()
    reader = FindingReader(shared.findings.values(), shared.medicines.values())
    said = [undenied(each.text, reader.read(each.text)) for each in messages]
    files = np.array([each.file for each in messages])
    found = np.zeros((len(messages), len(JUDGED)))
    for file in sorted(set(files)):
        weights = parse(lines(*fitted([each for each in messages if each.file != file]), (1, 1, 0)), "left out")
        for at in np.flatnonzero(files == file):
            found[at] = SecondReading(said[at], weights).impression
    return found


def bounds_of(messages: Sequence[Message], found: np.ndarray) -> tuple[float, float, float]:
    """Return from where on a message is an emergency, is for today, and below what it is for home."""
    mild = ~at_least(TriageLevel.SAME_DAY, messages)
    ill = ~mild & (found[:, 0] < HARMLESS_BELOW)
    raised = [float(np.quantile(found[mild, column], share)) for column, share in enumerate(LEFT_ALONE)]
    return raised[0], raised[1], float(np.sort(found[ill, 2])[int(AT_HOME * (~mild).sum())])


def lines(
    vectorizer: TfidfVectorizer, models: Sequence[LogisticRegression], bounds: tuple[float, float, float]
) -> Iterable[str]:
    """Yield the lines of the table."""
    yield "\t".join(("intercepts", *(f"{model.intercept_[0]:.4f}" for model in models)))
    yield "\t".join(("bounds", *(f"{bound:.3f}" for bound in bounds)))
    weights = zip(*(model.coef_[0] for model in models), strict=True)
    for term, rarity, of in zip(vectorizer.get_feature_names_out(), vectorizer.idf_, weights, strict=True):
        yield "\t".join((term, f"{rarity:.2f}", *(f"{each:.2f}" for each in of)))


def report(messages: Sequence[Message], found: np.ndarray, bounds: tuple[float, float, float]) -> None:
    """Print how well each level is told, and by file, kind and level what the second reading alone makes of the messages."""
    print(f"{len(messages)} messages; bounds " + " ".join(f"{bound:.3f}" for bound in bounds))
    for column, level in enumerate(JUDGED):
        print(
            f"  at least {level.value:10} area under the curve {roc_auc_score(at_least(level, messages), found[:, column]):.3f}"
        )
    emergency, today = found[:, 0] >= bounds[0], found[:, 1] >= bounds[1]
    home = (found[:, 2] < bounds[2]) & (found[:, 0] < HARMLESS_BELOW) & ~today & ~emergency
    print(f"  {'':16} {'how many':>8} {'emergency':>10} {'today':>6} {'left':>6} {'home':>6}   in per cent, by what they are")
    for name in ("level", "kind", "file"):
        for value in sorted({getattr(each, name) for each in messages}):
            for level in LEVELS:
                of = np.array([getattr(each, name) == value and each.level == level for each in messages])
                if of.any():
                    parts = (emergency, today & ~emergency, ~emergency & ~today & ~home, home)
                    said = " ".join(f"{100 * part[of].mean():6.1f}" for part in parts)
                    print(f"  {value:16} {of.sum():8} {said}   {level.value}")


def main() -> None:
    """Fit, report, and write when asked to."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--write", action="store_true", help="write the table into the library")
    arguments = parser.parse_args()
    messages = read_messages()
    found = impressions_left_out(messages)
    bounds = bounds_of(messages, found)
    report(messages, found, bounds)
    if arguments.write:
        TABLE.parent.mkdir(exist_ok=True)
        TABLE.write_text("".join(f"{line}\n" for line in lines(*fitted(messages), bounds)), "utf-8")


if __name__ == "__main__":
    main()
