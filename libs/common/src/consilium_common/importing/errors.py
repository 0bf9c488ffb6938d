"""What can go wrong with an import as a whole; what is wrong with one record is a `Reject`."""

from consilium_common.errors import ConsiliumError


class ImportRefusedError(ConsiliumError):
    """A file is not what it should be, so nothing of it is loaded; the message says what is wrong and what to do."""

    def __init__(self, message: str) -> None:
        super().__init__("import-refused", message)


class ImportStoppedError(ConsiliumError):
    """An import cannot go on now. What it has done stays, and the same command goes on from there."""

    def __init__(self, message: str) -> None:
        super().__init__("import-stopped", message)
