"""What can go wrong with a store, in words that are safe to show: no query, no document, no driver text."""

from consilium_common.errors import ConsiliumError


class StoreError(ConsiliumError):
    """A store did not do what was asked. `store` names it; `retryable` says that it was away, slow or busy."""

    def __init__(self, store: str, message: str, retryable: bool = True) -> None:
        super().__init__("store", message, retryable)
        self.store = store


class ConflictError(ConsiliumError):
    """The same key was used before for something else."""

    def __init__(self, message: str) -> None:
        super().__init__("conflict", message)
