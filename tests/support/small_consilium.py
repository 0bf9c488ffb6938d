"""Two small specialists and a few rules: a consilium whose every judgement can be seen through."""

from collections.abc import Sequence

from consilium_cli.evaluation.consilium import Consilium
from consilium_common.contracts.knowledge import Condition, FindingConcept, RedFlagRule
from consilium_common.contracts.manifest import Manifest, Scope
from consilium_common.knowledge import Pack, SharedKnowledge
from consilium_common.specialist import Specialist

SENTENCE = "This sentence stands where a real pack would tell something that is true and long enough to be cited."
STEP = {"do": "Have it looked at.", "kind": "referral", "source": "a-source"}


def _finding(name: str, *lay: str) -> FindingConcept:
    return FindingConcept(id=name, name=name.replace("-", " "), lay=lay)


FINDINGS = (
    _finding("chest-pain", "chest pain", "chest hurts"),
    _finding("sweating", "sweating"),
    _finding("arm-heaviness", "left arm heavy", "arm feels heavy"),
    _finding("sore-throat", "sore throat", "throat hurts"),
    _finding("runny-nose", "runny nose"),
    _finding("cough", "cough", "coughing"),
    _finding("fever", "fever"),
    _finding("knee-pain", "knee pain"),
)


def _rule(name: str, level: str, *findings: str) -> RedFlagRule:
    return RedFlagRule.model_validate(
        {
            "id": name,
            "version": 1,
            "level": level,
            "within": "now",
            "when": {"all": list(findings)},
            "suspect": "Something.",
            "say": "Do something.",
            "rationale": "A test needs it.",
            "sources": ["a-source"],
        }
    )


RULES = (
    _rule("heart", "emergency", "chest-pain", "sweating"),
    _rule("feverish", "same-day", "fever"),
    _rule("mild-cold", "self-care", "runny-nose"),
)


def condition(
    name: str, title: str, findings: Sequence[str], triage: str, icd10: str = "J00", lay: Sequence[str] = ()
) -> Condition:
    """Return a condition that shows with these findings."""
    return Condition.model_validate(
        {
            "id": name,
            "name": title,
            "lay": list(lay),
            "icd10": icd10,
            "prevalence": {"per_100k_year": 1000},
            "findings": [{"id": each, "present": 0.8, "elsewhere": 0.1} for each in findings],
            "triage": triage,
            **dict.fromkeys(("about", "presentation", "tests", "treatment", "seek_help"), SENTENCE),
            "workup": [STEP],
            "management": [STEP],
            "sources": ["a-source"],
        }
    )


HEART = condition(
    "heart-attack",
    "Heart attack (myocardial infarction)",
    ("chest-pain", "sweating", "arm-heaviness"),
    "emergency",
    "I21.9",
    ["mi"],
)
COLD = condition("common-cold", "Common cold", ("sore-throat", "runny-nose", "cough"), "self-care")
FLU = condition("influenza", "Influenza", ("fever", "cough", "sore-throat"), "routine", "J11.1", ["flu"])


def _specialist(name: str, conditions: tuple[Condition, ...], scope: Scope) -> Specialist:
    manifest = Manifest(name=name, version="1.0.0", title=name, scope=scope)
    return Specialist(manifest, Pack(conditions=conditions, findings={}, medicines={}, sources={}, version=f"{name}-1"))


def small_consilium() -> Consilium:
    """Return a cardiologist who knows heart attacks and a generalist who knows colds and influenza."""
    shared = SharedKnowledge(
        findings={each.id: each for each in FINDINGS}, red_flags=RULES, medicines={}, sources={}, version="shared-1"
    )
    specialists = (
        _specialist("cardiology", (HEART,), Scope(body=("chest",), topics=("heart",))),
        _specialist("gp", (COLD, FLU), Scope(topics=("fever", "cough"), fallback=True)),
    )
    return Consilium(specialists, shared)
