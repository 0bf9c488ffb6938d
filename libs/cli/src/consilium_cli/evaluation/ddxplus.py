"""DDXPlus patients are answered questionnaires. Here they become what such a patient would write, by fixed rules."""

import ast
import re
from collections.abc import Mapping
from typing import Any

_YES = "True"
_NOTHING = {"no", "nowhere", "na", "0", "false", ""}
# The onset is asked from 0, slow, to 10, at once.
_SUDDEN_FROM, _GRADUAL_TO = 8, 2
_SENTENCES = {
    "Characterize your pain:": "The pain feels like {}.",
    "Do you feel pain somewhere?": "Pain in the {}.",
    "How intense is the pain?": "The pain is {} out of 10.",
    "Does the pain radiate to another location?": "The pain spreads to the {}.",
    "Where is the swelling located?": "Swelling of the {}.",
    "What color is the rash?": "The rash is {}.",
    "Where is the affected region located?": "The rash is on the {}.",
    "Have you traveled out of the country in the last 4 weeks?": "I have travelled to {}.",
}
_ONSET = "How fast did the pain appear?"
_SIDED = re.compile(r"^(?P<part>.*)\((?P<side>[LR])\)$")
_OPENINGS = (
    (re.compile(r"^(?:Do|Does) (?:you|the person) (?:currently |regularly |ever )?"), "I "),
    (re.compile(r"^Have you (?:ever |recently )?"), "I have "),
    (re.compile(r"^Did you (?:previously, or do you currently, )?"), "I did "),
    (re.compile(r"^Are you (?:currently )?"), "I am "),
    (re.compile(r"^Were you "), "I was "),
    (re.compile(r"^Is (your \w+) "), r"\1 is "),
    (re.compile(r"^Are (your \w+) "), r"\1 are "),
    (re.compile(r"^(?:Is|Are|Did|Does|Do|Have) (?:any of |there )?"), ""),
)
_PERSONS = (
    (re.compile(r"\byour\b", re.IGNORECASE), "my"),
    (re.compile(r"\byou[’']re\b"), "I am"),
    (re.compile(r"\b(?:do|have|did|are) you (?:ever |currently |recently )?"), ""),
    (re.compile(r"\bwere you\b"), "I was"),
    (re.compile(r"\bwake you\b"), "wake me"),
    (re.compile(r"\byou (?:are|were)\b"), "I am"),
    (re.compile(r"\byou\b"), "I"),
)


def told(record: Mapping[str, Any]) -> str:
    """Return one patient as sentences: age, sex and every question that was answered with yes or a value."""
    answers = _literal(record["english_evidences"])
    who = {"M": "man", "F": "woman"}.get(str(record.get("sex", "")), "person")
    said = [f"I am a {record['age']} year old {who}."] if "age" in record else []
    said += [sentence for question, answer in answers.items() if (sentence := _said(question, answer))]
    return " ".join(said)


def codes(text: str) -> tuple[str, ...]:
    """Return the ICD-10 codes of a text such as `J10 or J11`."""
    return tuple(re.findall(r"[A-Z]\d[0-9A-Z](?:\.[0-9A-Z]{1,4})?", text))


def _said(question: str, answer: object) -> str:
    values = [_value(each) for each in (answer if isinstance(answer, list) else [answer])]
    values = [value for value in values if value.lower() not in _NOTHING]
    if values == [_YES]:
        return _stated(question)
    if question == _ONSET and values and values[0].isdigit():
        pace = int(values[0])
        return "The pain came on suddenly." if pace >= _SUDDEN_FROM else _gradual(pace)
    return _SENTENCES[question].format(" and ".join(values)) if values and question in _SENTENCES else ""


def _gradual(pace: int) -> str:
    return "The pain came on gradually." if pace <= _GRADUAL_TO else ""


def _value(raw: object) -> str:
    sided = _SIDED.match(str(raw))
    if sided is None:
        return str(raw)
    return f"{'left' if sided['side'] == 'L' else 'right'} {sided['part'].strip()}"


def _stated(question: str) -> str:
    sentence = question.rstrip("?: ")
    for opening, statement in _OPENINGS:
        if opening.match(sentence):
            sentence = opening.sub(statement, sentence, count=1)
            break
    for pattern, replacement in _PERSONS:
        sentence = pattern.sub(replacement, sentence)
    return f"{sentence[:1].upper()}{sentence[1:]}."


def _literal(text: object) -> dict[str, object]:
    answers = ast.literal_eval(text) if isinstance(text, str) else text
    if not isinstance(answers, dict):
        raise TypeError(f"english_evidences must be a mapping of questions to answers, not {type(answers).__name__}")
    return answers
