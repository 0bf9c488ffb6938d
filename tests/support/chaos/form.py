"""The short form, which CI runs within minutes, and the whole."""

from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Form:
    """Gives of two sizes the one that is wanted."""

    whole: bool

    def __call__(self, short: T, whole: T) -> T:
        return whole if self.whole else short
