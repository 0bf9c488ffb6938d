"""A pack's written cases: one JSON object a line, in `cases.jsonl` beside its YAML files."""

from collections.abc import Container
from importlib.resources.abc import Traversable
from pathlib import Path

from pydantic import ValidationError

from consilium_common.contracts.knowledge import WrittenCase
from consilium_common.knowledge.errors import KnowledgeError

CASES = "cases.jsonl"


def read_cases(folder: Path | Traversable, conditions: Container[str] | None = None) -> tuple[WrittenCase, ...]:
    """Return the cases of a pack's folder, none where it has none; of these conditions only, when they are given.

    Raises:
        KnowledgeError: with the line, when one is no case, stands twice, or is of a condition that the pack does not hold.
    """
    file = folder / CASES
    cases: dict[str, WrittenCase] = {}
    for number, line in enumerate(file.read_bytes().splitlines() if file.is_file() else (), start=1):
        case = _case(line, number)
        if conditions is not None and case.condition not in conditions:
            raise KnowledgeError(CASES, f"this is a case of {case.condition!r}, which the pack does not hold", number)
        if case.text in cases:
            raise KnowledgeError(CASES, "this case stands twice", number)
        cases[case.text] = case
    return tuple(cases.values())


def _case(line: bytes, number: int) -> WrittenCase:
    try:
        return WrittenCase.model_validate_json(line)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise KnowledgeError(CASES, f"{where + ': ' if where else ''}{first['msg']}", number) from error
