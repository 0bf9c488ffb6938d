"""A specialist's manifest: all that a deployment needs to know of it, and what it publishes about itself."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

DataScope = Literal[
    "demographics", "conditions", "medications", "allergies", "vitals", "labs", "labs.cardiac", "events", "documents", "imaging"
]


class Scope(BaseModel):
    """What a specialist feels responsible for: body parts, topics and example sentences in a patient's words."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    body: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    fallback: bool = Field(default=False, description="Called when nobody else owns the question.")


class Limits(BaseModel):
    """How long one assessment may take, in seconds, and how many run at once in one process."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    deadline_s: float = Field(default=8, gt=0, le=120)
    concurrency: int = Field(default=16, ge=1, le=1024)


class Manifest(BaseModel):
    """The contents of a specialist's manifest.yaml."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    name: str = Field(pattern=r"^[a-z][a-z0-9_]{1,40}$")
    version: str = Field(pattern=r"^\d+\.\d+\.\d+$")
    title: str
    scope: Scope
    data: tuple[DataScope, ...] = ()
    limits: Limits = Limits()
    vectors: bool = Field(
        default=True, description="Whether it retrieves passages, so that the question must be embedded for it."
    )


class Profile(BaseModel):
    """What a running specialist publishes in the registry: its manifest and what its packs let it recognise.

    `weights` maps a finding id to how strongly it speaks for this specialist (0 to 1), computed from its packs, so that
    routing needs no change when a specialist or a condition is added. `words` maps the stem of a word to the share of its cases
    that hold it.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")
    manifest: Manifest
    knowledge_version: str
    weights: dict[str, float] = Field(default_factory=dict)
    conditions: dict[str, str] = Field(
        default_factory=dict, description="Condition id to name, for routing by a named condition."
    )
    words: dict[str, float] = Field(default_factory=dict)
