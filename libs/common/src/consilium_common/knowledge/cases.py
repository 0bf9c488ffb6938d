"""A pack's written cases: one JSON object a line, in `cases.jsonl` beside its YAML files."""

from pydantic import ValidationError

from consilium_common.contracts.knowledge import WrittenCase
from consilium_common.knowledge.errors import KnowledgeError

CASES = "cases.jsonl"


def read_cases(content: bytes) -> tuple[WrittenCase, ...]:
    """Return the cases of a file.

    Raises:
        KnowledgeError: with the line, when one is no case.
    """
    cases = []
    for number, line in enumerate(content.splitlines(), start=1):
        try:
            cases.append(WrittenCase.model_validate_json(line))
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            where = ".".join(str(part) for part in first["loc"])
            raise KnowledgeError(CASES, f"{where + ': ' if where else ''}{first['msg']}", number) from error
    return tuple(cases)
