"""Fit the weights of the second reading to the messages beside this file, say how well they do, and write them.

    python training/fit.py            figures only
    python training/fit.py --write    the table, too

Each figure is of messages whose file was left out when the weights were fitted: another writer, other topics. Deterministic.
"""

import argparse
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from consilium_common.clinical.findings import FindingReader
from consilium_common.clinical.second_reading import emergency_probability, parse, terms, undenied
from consilium_common.knowledge import load_shared

MESSAGES = Path(__file__).parent / "messages"
TABLE = Path(__file__).parents[1] / "libs/common/src/consilium_common/knowledge/second_reading/words.tsv"
LEAST_MESSAGES = 3  # a term that fewer hold says nothing
STRENGTH = 5.0  # inverse regularisation; between 1 and 20 the figures hardly change
SPECIFICITY = 0.97  # the share of what needs no doctor today that the second reading must leave alone


@dataclass(frozen=True)
class Message:
    """One written message: whether it tells of an emergency, and which file it is from."""

    text: str
    level: str
    kind: str
    file: str

    @property
    def emergency(self) -> bool:
        """Return whether it is one."""
        return self.level == "emergency"


def read_messages(folder: Path = MESSAGES) -> list[Message]:
    """Return every message, in the order of files and lines."""
    return [
        Message(record["text"], record["level"], record["kind"], file.stem)
        for file in sorted(folder.glob("*.jsonl"))
        for record in map(json.loads, file.read_text("utf-8").splitlines())
    ]


def fitted(messages: Sequence[Message]) -> tuple[TfidfVectorizer, LogisticRegression]:
    """Return the terms with their rarity, and the weights."""
    vectorizer = TfidfVectorizer(
        analyzer=lambda text: [term for term, _ in terms(text)], min_df=LEAST_MESSAGES, sublinear_tf=True
    )
    shares = vectorizer.fit_transform(each.text for each in messages)
    model = LogisticRegression(C=STRENGTH, max_iter=3000).fit(shares, [each.emergency for each in messages])
    return vectorizer, model


def probabilities_left_out(messages: Sequence[Message]) -> np.ndarray:
    """Return for each message what it gets from weights that were fitted without its file, without what it denies."""
    shared = load_shared()
    reader = FindingReader(shared.findings.values(), shared.medicines.values())
    said = [undenied(each.text, reader.read(each.text)) for each in messages]
    files = np.array([each.file for each in messages])
    found = np.zeros(len(messages))
    for file in sorted(set(files)):
        vectorizer, model = fitted([each for each in messages if each.file != file])
        weights = parse(lines(vectorizer, model, 1.0), "left out")
        for at in np.flatnonzero(files == file):
            found[at] = emergency_probability(said[at], weights)
    return found


def lines(vectorizer: TfidfVectorizer, model: LogisticRegression, emergency_from: float) -> Iterable[str]:
    """Yield the lines of the table."""
    yield f"intercept\t{model.intercept_[0]:.4f}"
    yield f"emergency-from\t{emergency_from:.3f}"
    for term, rarity, weight in zip(vectorizer.get_feature_names_out(), vectorizer.idf_, model.coef_[0], strict=True):
        yield f"{term}\t{rarity:.2f}\t{weight:.3f}"


def report(messages: Sequence[Message], found: np.ndarray, emergency_from: float) -> None:
    """Print how many emergencies are found and how many others are left alone, by file and by kind."""
    right = np.array([each.emergency for each in messages])
    flagged = found >= emergency_from
    print(
        f"{len(messages)} messages, {right.sum()} emergencies; AUC {roc_auc_score(right, found):.3f}; from {emergency_from:.3f}"
    )
    for name in ("file", "kind", "level"):
        for value in sorted({getattr(each, name) for each in messages}):
            of = np.array([getattr(each, name) == value for each in messages])
            ill, others = of & right, of & ~right
            shares = [
                f"{flagged[ill].mean():.2f} of {ill.sum()}" if ill.any() else "-",
                f"{1 - flagged[others].mean():.2f} of {others.sum()}" if others.any() else "-",
            ]
            print(f"  {value:16} found {shares[0]:14} left alone {shares[1]}")


def main() -> None:
    """Fit, report, and write when asked to."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--write", action="store_true", help="write the table into the library")
    arguments = parser.parse_args()
    messages = read_messages()
    found = probabilities_left_out(messages)
    mild = [each.level in {"routine", "self-care"} for each in messages]
    emergency_from = float(np.quantile(found[mild], SPECIFICITY))
    report(messages, found, emergency_from)
    if arguments.write:
        TABLE.parent.mkdir(exist_ok=True)
        TABLE.write_text("".join(f"{line}\n" for line in lines(*fitted(messages), emergency_from)), "utf-8")


if __name__ == "__main__":
    main()
