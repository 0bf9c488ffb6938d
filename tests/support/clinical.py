"""A small vocabulary, rules and profiles with which reading, triage and routing are tested apart from the real knowledge."""

from functools import cache

from consilium_common.clinical.findings import FindingReader
from consilium_common.clinical.triage import Rules
from consilium_common.contracts.knowledge import FindingConcept, Medicine, RedFlagRule
from consilium_common.contracts.manifest import Manifest, Profile

_FINDINGS = (
    ("chest-pain", "symptom", (), ("chest pain", "chest hurts"), "Do you have pain in your chest?"),
    ("chest-pain-pressure", "symptom", ("chest-pain",), ("crushing chest pain", "chest tight"), "Does it feel like pressure?"),
    (
        "chest-pain-pleuritic",
        "symptom",
        ("chest-pain",),
        ("pain on breathing", "hurts to breathe"),
        "Is it worse on breathing in?",
    ),
    ("arm-heaviness", "symptom", (), ("left arm heavy",), "Does an arm feel heavy?"),
    ("sweating", "symptom", (), ("sweating", "sweaty"), "Are you sweating?"),
    ("fever", "sign", (), ("fever", "high temperature"), "Do you have a fever?"),
    ("cough", "symptom", (), ("cough", "coughing"), "Do you cough?"),
    ("rash", "sign", (), ("rash",), None),
    ("sore-throat", "symptom", (), ("sore throat", "throat hurts"), "Is your throat sore?"),
    ("headache", "symptom", (), ("headache", "head hurts"), "Do you have a headache?"),
    (
        "headache-worst-ever",
        "symptom",
        ("headache",),
        ("worst headache", "never had a headache like this"),
        "Is it the worst ever?",
    ),
    ("back-pain", "symptom", (), ("back pain", "pain in back"), None),
    ("knee-pain", "symptom", (), ("knee pain", "knee hurts"), None),
    ("knee-locking", "symptom", (), ("knee locks", "knee gets stuck"), "Does the knee lock?"),
    ("knee-swelling", "sign", (), ("knee swollen",), None),
    ("knee-stuck", "symptom", (), ("knee won't bend",), None),
    ("inability-to-bear-weight", "symptom", (), ("can't bear weight", "cannot walk"), "Can you put weight on it?"),
    ("facial-droop", "sign", (), ("face droops", "one side of face droops"), "Does one side of the face droop?"),
    ("unilateral-weakness", "symptom", (), ("weakness on one side",), "Is one side weak?"),
    ("confusion", "sign", (), ("confused",), None),
    ("seizure", "symptom", (), ("seizure",), None),
    ("vomiting", "symptom", (), ("vomiting", "throwing up"), "Are you vomiting?"),
    ("heartburn", "symptom", (), ("heartburn",), None),
    ("low-oxygen-reading", "measurement", (), ("low oxygen",), None),
    ("diabetes", "history", (), ("diabetes", "diabetic"), None),
    ("prior-mi", "history", (), ("had a heart attack",), None),
    ("family-history-heart-disease", "risk", (), ("father had a heart attack",), None),
    ("penicillin-allergy", "history", (), ("allergic to penicillin",), None),
    ("anticoagulant-use", "risk", (), ("blood thinner",), "Do you take a blood thinner?"),
    ("pregnancy", "context", (), ("pregnant",), "Could you be pregnant?"),
)

_MEDICINES = (
    ("warfarin", "Warfarin", ("coumadin",), ("anticoagulant",)),
    ("ibuprofen", "Ibuprofen", ("advil",), ("nsaid",)),
    ("penicillin", "Penicillin", (), ("penicillin",)),
)


def _rule(name: str, level: str, specialties: tuple[str, ...], when: dict[str, object]) -> RedFlagRule:
    return RedFlagRule.model_validate(
        {
            "id": name,
            "version": 1,
            "level": level,
            "within": "now" if level == "emergency" else "today",
            "when": when,
            "suspect": f"Something behind {name}.",
            "say": f"What to do for {name}.",
            "rationale": "A test needs it.",
            "specialties": specialties,
            "sources": ("a-source",),
        }
    )


def rules(*more: RedFlagRule) -> Rules:
    """Return a few rules of every kind."""
    base = (
        _rule("heart", "emergency", ("cardiology",), {"all": ["chest-pain", {"any": ["sweating", "arm-heaviness"]}]}),
        _rule(
            "stroke",
            "emergency",
            ("neurology",),
            {"any": ["facial-droop", {"all": ["unilateral-weakness"], "onset": "sudden"}]},
        ),
        _rule("worst-headache", "emergency", ("neurology",), {"all": ["headache-worst-ever"]}),
        _rule("bleeding-risk", "same-day", (), {"all": ["headache", "anticoagulant-use"]}),
        _rule("infant-fever", "emergency", ("gp",), {"all": ["fever"], "age_max": 0.25}),
        _rule("older-headache", "same-day", ("neurology",), {"all": ["headache"], "age_min": 60, "duration_max_h": 72}),
        _rule("low-oxygen", "emergency", ("cardiology",), {"vital": "spo2_pct", "below": 90}),
        _rule("cold", "self-care", (), {"all": ["sore-throat"], "none": ["fever", {"duration_min_h": 240}]}),
    )
    return Rules((*base, *more), concepts(), medicines())


@cache
def concepts() -> tuple[FindingConcept, ...]:
    """Return the small vocabulary."""
    return tuple(
        FindingConcept.model_validate(
            {"id": name, "name": name.replace("-", " "), "kind": kind, "is_a": is_a, "lay": lay, "ask": ask}
        )
        for name, kind, is_a, lay, ask in _FINDINGS
    )


@cache
def medicines() -> tuple[Medicine, ...]:
    """Return the medicines."""
    return tuple(
        Medicine.model_validate({"id": medicine, "name": name, "lay": lay, "classes": classes, "sources": ("a-source",)})
        for medicine, name, lay, classes in _MEDICINES
    )


@cache
def reader() -> FindingReader:
    """Return a reader of the small vocabulary."""
    return FindingReader(concepts(), medicines())


def profile(name: str, weights: dict[str, float], *, fallback: bool = False, **scope: tuple[str, ...]) -> Profile:
    """Return what a specialist would publish of itself."""
    manifest = Manifest.model_validate(
        {"name": name, "version": "1.0.0", "title": name.title(), "scope": {"fallback": fallback, **scope}}
    )
    return Profile(manifest=manifest, knowledge_version="test", weights=weights, conditions={})


def profiles() -> list[Profile]:
    """Return four specialists, of which the last is the one for everything."""
    everything = {
        "sore-throat": 0.8,
        "cough": 0.7,
        "fever": 0.6,
        "chest-pain": 0.3,
        "headache": 0.3,
        "vomiting": 0.6,
        "knee-pain": 0.2,
    }
    return [
        profile(
            "cardiology",
            {"chest-pain": 0.8, "chest-pain-pressure": 0.9, "sweating": 0.4, "arm-heaviness": 0.6},
            body=("heart", "chest"),
        ),
        profile(
            "neurology", {"headache": 0.7, "facial-droop": 0.9, "unilateral-weakness": 0.9, "fever": 0.2}, topics=("stroke",)
        ),
        profile(
            "orthopedics", {"knee-pain": 0.8, "knee-locking": 0.9, "back-pain": 0.8}, examples=("my knee locks after a twist",)
        ),
        profile("gp", everything, fallback=True, topics=("throat",)),
    ]
