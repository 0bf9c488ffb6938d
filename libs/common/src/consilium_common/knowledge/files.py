"""One knowledge file: parsed strictly, or refused whole with the line that is wrong."""

from collections.abc import Iterator, Sequence
from importlib.resources.abc import Traversable
from typing import Any

import yaml
from pydantic import ValidationError

from consilium_common.contracts.knowledge import KnowledgeFile
from consilium_common.knowledge.errors import KnowledgeError


class _StrictLoader(yaml.CSafeLoader):
    """Refuses a key that stands twice in one mapping, where YAML would silently keep the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.constructor.ConstructorError(None, None, f"the key {key.value!r} stands twice", key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep=deep)


def yaml_files(folder: Traversable, name: str = "") -> Iterator[tuple[str, Traversable]]:
    """Yield the YAML files of a folder and its sub-folders with their relative names, sorted."""
    for entry in sorted(folder.iterdir(), key=lambda each: each.name):
        path = f"{name}{entry.name}"
        if entry.is_dir():
            yield from yaml_files(entry, f"{path}/")
        elif entry.name.endswith((".yaml", ".yml")):
            yield path, entry


def parse_file(name: str, content: bytes) -> KnowledgeFile:
    """Return the knowledge of one file.

    Raises:
        KnowledgeError: when it is not YAML, not a mapping, or has a field or value that the schema does not know.
    """
    try:
        data = yaml.load(content, Loader=_StrictLoader)  # noqa: S506 - a safe loader with one more check
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or str(error)
        raise KnowledgeError(name, f"this is not valid YAML: {problem}", mark.line + 1 if mark else None) from error
    except UnicodeDecodeError as error:
        raise KnowledgeError(name, f"this is not UTF-8 text: {error.reason} at byte {error.start}") from error
    if not isinstance(data, dict):
        raise KnowledgeError(
            name, f"a mapping with {', '.join(KnowledgeFile.model_fields)} is expected, not {type(data).__name__}"
        )
    try:
        return KnowledgeFile.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
        raise KnowledgeError(name, f"{where}: {first['msg']}{more}", _line_of(content, first["loc"])) from error


def _line_of(content: bytes, location: Sequence[int | str]) -> int | None:
    """Return the line of the innermost part of a location that exists in the file."""
    node = yaml.compose(content, Loader=yaml.CSafeLoader)
    for part in location:
        if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
        elif isinstance(node, yaml.MappingNode):
            inner = next((value for key, value in node.value if key.value == part), None)
            if inner is None:
                break
            node = inner
    return node.start_mark.line + 1 if node is not None else None


def line_of_word(content: bytes, entry: str, word: str) -> int | None:
    """Return the line on which an entry, known by its id, names a word; the line of its id where it does not."""
    for node in _entries(yaml.compose(content, Loader=yaml.CSafeLoader)):
        ids = [value for key, value in node.value if key.value == "id" and value.value == entry]
        if ids:
            named = (each for each in _scalars(node) if each.value == word and each is not ids[0])
            return int(next(named, ids[0]).start_mark.line) + 1
    return None


def _entries(document: yaml.Node | None) -> Iterator[yaml.MappingNode]:
    """Yield every entry of every list of a file."""
    lists = (value for _, value in document.value) if isinstance(document, yaml.MappingNode) else ()
    for entries in lists:
        if isinstance(entries, yaml.SequenceNode):
            yield from (each for each in entries.value if isinstance(each, yaml.MappingNode))


def _scalars(node: yaml.Node) -> Iterator[yaml.ScalarNode]:
    if isinstance(node, yaml.ScalarNode):
        yield node
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield key
            yield from _scalars(value)
    elif isinstance(node, yaml.SequenceNode):
        for each in node.value:
            yield from _scalars(each)
