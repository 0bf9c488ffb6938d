"""What can be wrong with a knowledge file."""

from consilium_common.errors import ConsiliumError


class KnowledgeError(ConsiliumError):
    """A knowledge file is refused whole; the message names the file, the line where it is known, and the reason."""

    def __init__(self, file: str, reason: str, line: int | None = None) -> None:
        place = f"{file}, line {line}" if line is not None else file
        super().__init__("knowledge_refused", f"{place}: {reason}")
        self.file = file
        self.line = line
        self.reason = reason
