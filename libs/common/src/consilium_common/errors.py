"""The base of every error that a user or another service can meet."""


class ConsiliumError(Exception):
    """An error with a stable code and a message that is safe to show: no patient data, no secrets, no stack.

    `retryable` says whether the same call may succeed later.
    """

    def __init__(self, code: str, message: str, retryable: bool = False) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.retryable = retryable
