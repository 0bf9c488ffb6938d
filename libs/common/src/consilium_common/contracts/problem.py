"""A problem as RFC 9457 has it, over HTTP and inside events."""

from consilium_common.contracts.base import Contract


class Problem(Contract):
    """What was wrong, in words that are safe to show. `code` is stable, `detail` says what would be right."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    code: str
    retryable: bool = False
    instance: str | None = None
