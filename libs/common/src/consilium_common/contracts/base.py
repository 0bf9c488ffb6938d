"""The base of every message: frozen, tolerant of fields it does not know, and named by an explicit versioned type."""

import secrets
import time
from typing import ClassVar

from pydantic import BaseModel, ConfigDict


class Contract(BaseModel):
    """A frozen value that travels between services. Unknown fields are ignored, so that a newer sender is understood."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Message(Contract):
    """The data of an envelope. `TYPE` is its versioned wire name, such as `consilium.case.assess.v1`."""

    TYPE: ClassVar[str]


def new_id(prefix: str) -> str:
    """Return `<prefix>_<12 hex of the time in ms><20 random hex>`: sortable by time, not guessable, safe in a subject."""
    return f"{prefix}_{time.time_ns() // 1_000_000:012x}{secrets.token_hex(10)}"
