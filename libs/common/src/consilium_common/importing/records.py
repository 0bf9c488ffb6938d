"""What a reader yields for each record of a file: something to load, a reason why not, or that it is not wanted here."""

from dataclasses import dataclass, field
from typing import Literal

Label = Literal["Condition", "Finding", "BodyPart", "Drug"]
Section = Literal["about", "presentation", "tests", "treatment", "causes", "outlook", "prevention", "other"]
Kind = Literal["PRESENTS", "AFFECTS", "TREATED_BY", "INTERACTS_WITH", "KIND_OF", "RESEMBLES"]


@dataclass(frozen=True)
class Ref:
    """One thing as its source names it; `key` is the source's own and stays the same between releases."""

    label: Label
    key: str
    name: str


@dataclass(frozen=True)
class Concept:
    """A thing with the other words for it; `xref` is an identifier that other sources use, too."""

    ref: Ref
    synonyms: tuple[str, ...] = ()
    xref: str = ""


@dataclass(frozen=True)
class Relation:
    """How two things are related; `key` tells apart several between the same two, `properties` are kept with it."""

    kind: Kind
    start: Ref
    end: Ref
    key: str = ""
    properties: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Article:
    """A text on one thing (`focus`) that answers one question (`title`); `publisher` wrote it.

    A few texts have no focus and are found by their words alone.
    """

    key: str
    focus: str
    section: Section
    title: str
    text: str
    publisher: str


@dataclass(frozen=True)
class Reject:
    """A record that should be usable and is not; `where` is file and line."""

    where: str
    reason: str


@dataclass(frozen=True)
class PassedOver:
    """A record that is well and not wanted here, such as an edge between genes."""

    reason: str


Read = Concept | Relation | Article | Reject | PassedOver
