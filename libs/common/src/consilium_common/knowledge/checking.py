"""A pack that does not hold together is refused whole before it is published, so that the version in use stays."""

from importlib.resources.abc import Traversable
from pathlib import Path

from consilium_common.knowledge.errors import KnowledgeError
from consilium_common.knowledge.files import line_of_word, yaml_files
from consilium_common.knowledge.lint import Complaint, lint
from consilium_common.knowledge.loading import Pack, SharedKnowledge, load_pack


def load_checked_pack(folder: Path | Traversable, specialist: str, shared: SharedKnowledge) -> Pack:
    """Return a specialist's pack in which everything that is named exists.

    Raises:
        KnowledgeError: with file, line and reason, when a file is broken or a reference leads nowhere.
    """
    pack = load_pack(folder)
    complaints = [each for each in lint(shared, {specialist: pack}) if each.where == specialist]
    if complaints:
        raise _refusal(folder, complaints)
    return pack


def _refusal(folder: Path | Traversable, complaints: list[Complaint]) -> KnowledgeError:
    first = complaints[0]
    more = f" (and {len(complaints) - 1} more)" if len(complaints) > 1 else ""
    reason = f"{first.entry}: {first.problem}{more}"
    for name, file in yaml_files(folder):
        line = line_of_word(file.read_bytes(), first.entry, first.word)
        if line is not None:
            return KnowledgeError(name, reason, line)
    return KnowledgeError(str(folder), reason)
