"""The shape of knowledge: findings, conditions, red-flag rules and medicines, as the YAML packs hold them.

Everything here is strict: a pack with a field that is not listed is refused whole, because a misspelt
`contraindicated` must never be read as "no contraindication".
"""

from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

ID_PATTERN = r"^[a-z0-9]+(-[a-z0-9]+)*$"


class TriageLevel(StrEnum):
    """How soon somebody must be seen. Ordered by `urgency`."""

    EMERGENCY = "emergency"
    SAME_DAY = "same-day"
    ROUTINE = "routine"
    SELF_CARE = "self-care"

    @property
    def urgency(self) -> int:
        """Return 3 for emergency down to 0 for self-care."""
        return 3 - list(TriageLevel).index(self)


class FindingKind(StrEnum):
    """What sort of statement a finding is; history, risk and context describe the person rather than the complaint."""

    SYMPTOM = "symptom"
    SIGN = "sign"
    HISTORY = "history"
    RISK = "risk"
    CONTEXT = "context"
    MEASUREMENT = "measurement"


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Source(_Strict):
    """A guideline, label or textbook that an entry relies on."""

    id: str = Field(pattern=ID_PATTERN)
    title: str
    publisher: str
    year: int = Field(ge=1900, le=2030)
    url: str | None = None


class FindingConcept(_Strict):
    """One finding of the vocabulary with the words that people use for it."""

    id: str = Field(pattern=ID_PATTERN)
    name: str
    kind: FindingKind = FindingKind.SYMPTOM
    body: tuple[str, ...] = ()
    is_a: tuple[str, ...] = ()
    lay: tuple[str, ...] = ()
    clinical: tuple[str, ...] = ()
    ask: str | None = Field(default=None, description="The question that asks a patient for this finding.")


class When(_Strict):
    """A condition over a case. All the fields that are given must hold.

    `finding` holds when that finding or one that `is_a` it is present; `absent` when it was explicitly denied.
    Ages are in years, durations in hours. `vital` compares a measured value, such as `spo2_pct`; an unmeasured one never holds.
    """

    finding: str | None = None
    absent: str | None = None
    all: tuple["When | str", ...] = ()
    any: tuple["When | str", ...] = ()
    none: tuple["When | str", ...] = ()
    at_least: int | None = Field(default=None, description="How many of `any` must hold; 1 when not given.")
    age_min: float | None = None
    age_max: float | None = None
    sex: Literal["m", "f"] | None = None
    pregnant: bool | None = None
    onset: Literal["sudden", "gradual"] | None = None
    duration_max_h: float | None = None
    duration_min_h: float | None = None
    severity_min: int | None = Field(default=None, ge=0, le=10)
    vital: str | None = None
    below: float | None = None
    above: float | None = None

    @model_validator(mode="after")
    def _vital_has_a_bound(self) -> "When":
        if self.vital and self.below is None and self.above is None:
            raise ValueError(f"vital {self.vital!r} needs 'below' or 'above'")
        return self


class RedFlagRule(_Strict):
    """One versioned triage rule. A bare string inside `when` means that finding is present."""

    id: str = Field(pattern=ID_PATTERN)
    version: int = Field(ge=1)
    level: TriageLevel
    within: str = Field(description="Time frame in plain words: 'now', 'within 4 hours', 'today'.")
    when: When
    suspect: str = Field(description="What must be excluded, in plain words.")
    say: str = Field(description="What the patient is told to do, one or two sentences.")
    rationale: str
    specialties: tuple[str, ...] = ()
    sources: tuple[str, ...] = Field(min_length=1)


class Weight(_Strict):
    """How often a finding is present in a condition, and elsewhere among people with the same kind of complaint (0 to 1)."""

    id: str
    present: float = Field(gt=0, lt=1)
    elsewhere: float = Field(gt=0, lt=1)


class Prevalence(_Strict):
    """New cases per 100,000 people a year, with multipliers by age band ('<18', '18-39', '40-64', '>64' …) and sex."""

    per_100k_year: float = Field(gt=0)
    age: dict[str, float] = Field(default_factory=dict)
    sex: dict[Literal["m", "f"], float] = Field(default_factory=dict)


class Step(_Strict):
    """One thing to do. The treatment check looks at `unless` and `drug`; `for_patient` says that a patient may be told it."""

    do: str
    kind: Literal["self-care", "test", "treatment", "referral", "monitoring"] = "treatment"
    urgency: Literal["now", "today", "soon", "routine"] = "routine"
    drug: str | None = None
    unless: tuple[str, ...] = ()
    for_patient: bool = True
    source: str


class Condition(_Strict):
    """One condition. `about`, `presentation`, `tests`, `treatment` and `seek_help` become the passages that answers cite."""

    id: str = Field(pattern=ID_PATTERN)
    name: str
    lay: tuple[str, ...] = ()
    icd10: str = Field(pattern=r"^[A-Z][0-9][0-9A-Z](\.[0-9A-Z]{1,4})?$")
    body: tuple[str, ...] = ()
    prevalence: Prevalence
    findings: tuple[Weight, ...] = Field(min_length=3)
    against: tuple[str, ...] = ()
    risk: tuple[str, ...] = ()
    onset: Literal["sudden", "gradual", "either"] = "either"
    course: Literal["acute", "recurrent", "chronic"] | None = None
    triage: TriageLevel
    about: str = Field(min_length=80)
    presentation: str = Field(min_length=80)
    tests: str = Field(min_length=40)
    treatment: str = Field(min_length=40)
    seek_help: str = Field(min_length=40)
    workup: tuple[Step, ...] = Field(min_length=1)
    management: tuple[Step, ...] = Field(min_length=1)
    sources: tuple[str, ...] = Field(min_length=1)


class WrittenCase(_Strict):
    """A case as somebody tells it, written for this project: which condition it is, how urgent, and in what manner it is told.

    `level` is None where a careful clinician would be torn between two.
    """

    condition: str = Field(pattern=ID_PATTERN)
    level: TriageLevel | None = None
    kind: Literal["vignette", "chat", "letter", "notes", "dialogue"]
    text: str = Field(min_length=20)


class Contraindication(_Strict):
    """When a medicine must not be used (`absolute`) or only with a clinician's word (`caution`)."""

    when: str
    severity: Literal["absolute", "caution"]
    why: str


class Interaction(_Strict):
    """An interaction with another medicine or class, by id."""

    with_: str = Field(alias="with")
    severity: Literal["critical", "significant", "minor"]
    effect: str


class Medicine(_Strict):
    """A medicine with the classes, contraindications and interactions that the treatment check uses."""

    id: str = Field(pattern=ID_PATTERN)
    name: str
    lay: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    contraindicated: tuple[Contraindication, ...] = ()
    interacts: tuple[Interaction, ...] = ()
    pregnancy: Literal["safe", "caution", "avoid", "unknown"] = "unknown"
    min_age_years: float | None = None
    sources: tuple[str, ...] = Field(min_length=1)


class CalculatorUse(_Strict):
    """When a specialist uses one of the calculators: everything that is given must hold, and something must be given.

    One of `findings` is present, one of `conditions` is among the possibilities that are shown, one of `vitals` was measured.
    """

    calculator: str = Field(pattern=ID_PATTERN)
    findings: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    vitals: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _has_a_reason(self) -> "CalculatorUse":
        if not (self.findings or self.conditions or self.vitals):
            raise ValueError(f"calculator {self.calculator!r} needs 'findings', 'conditions' or 'vitals' that call for it")
        return self

    @property
    def id(self) -> str:
        """Return the calculator: a pack says once when it is used."""
        return self.calculator


class KnowledgeFile(_Strict):
    """One YAML file. A file may hold any of the lists; most hold one."""

    sources: tuple[Source, ...] = ()
    findings: tuple[FindingConcept, ...] = ()
    conditions: tuple[Condition, ...] = ()
    red_flags: tuple[RedFlagRule, ...] = ()
    medicines: tuple[Medicine, ...] = ()
    calculators: tuple[CalculatorUse, ...] = ()


class Passage(_Strict):
    """One citable section of a condition. `locator` is `<specialist>/<condition>#<section>`; `sources` maps ids to titles.

    Passages of packs are `curated`. Imported ones name the `source` that they were taken from and its `licence`; their locator
    begins with `import/`, and their condition is empty when no pack describes it.
    """

    locator: str
    specialist: str
    condition: str
    section: Literal[
        "about", "presentation", "tests", "treatment", "seek-help", "causes", "outlook", "prevention", "other"
    ]  # the last four in imported passages only
    title: str
    text: str
    sources: dict[str, str]
    source: str = "consilium"
    trust: Literal["curated", "imported"] = "curated"
    licence: str = "as Consilium itself"
