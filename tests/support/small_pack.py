"""A small pack of chest complaints with which ranking, opinions and merging are tested apart from the real packs."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache

from consilium_common.clinical.case_facts import CaseFacts, gather_facts
from consilium_common.clinical.pack import CompiledPack, compile_pack
from consilium_common.contracts.case import CaseView, Finding, Patient, Reading, RedFlag, Triage
from consilium_common.contracts.commands import Audience
from consilium_common.contracts.knowledge import Condition, FindingConcept, FindingKind, Medicine, Source, TriageLevel

NOBODY_KNOWN = Patient()

_FINDINGS = (
    ("chest-pain", "symptom", ()),
    ("chest-pain-pressure", "symptom", ("chest-pain",)),
    ("chest-pain-burning", "symptom", ("chest-pain",)),
    ("chest-wall-tenderness", "sign", ()),
    ("sweating", "symptom", ()),
    ("arm-heaviness", "symptom", ()),
    ("heartburn", "symptom", ()),
    ("palpitations", "symptom", ()),
    ("fear", "symptom", ()),
    ("sore-toe", "symptom", ()),
    ("smoking", "risk", ()),
    ("diabetes", "history", ()),
    ("pregnancy", "context", ()),
    ("nsaid-use", "risk", ()),
    ("active-bleeding", "sign", ()),
    ("kidney-disease", "history", ()),
    ("drug-allergy", "history", ()),
    ("nsaid-allergy", "history", ("drug-allergy",)),
    ("aspirin-allergy", "history", ("nsaid-allergy",)),
    ("penicillin-allergy", "history", ("drug-allergy",)),
)
_MEDICINES: tuple[dict[str, object], ...] = (
    {
        "id": "aspirin",
        "name": "Aspirin",
        "classes": ["nsaid", "antiplatelet"],
        "contraindicated": [{"when": "active-bleeding", "severity": "absolute", "why": "bleeding gets worse"}],
        "min_age_years": 16,
        "pregnancy": "caution",
    },
    {
        "id": "ibuprofen",
        "name": "Ibuprofen",
        "classes": ["nsaid"],
        "contraindicated": [{"when": "kidney-disease", "severity": "caution", "why": "it strains the kidneys"}],
        "interacts": [{"with": "anticoagulant", "severity": "critical", "effect": "severe bleeding"}],
        "pregnancy": "avoid",
    },
    {"id": "warfarin", "name": "Warfarin", "classes": ["anticoagulant"]},
    {"id": "paracetamol", "name": "Paracetamol", "classes": ["analgesic"], "pregnancy": "safe"},
    {"id": "amoxicillin", "name": "Amoxicillin", "classes": ["penicillin"], "pregnancy": "safe"},
    {"id": "phenoxymethylpenicillin", "name": "Penicillin V", "classes": ["penicillin"], "pregnancy": "safe"},
)


def condition(id: str, findings: Mapping[str, tuple[float, float]], **fields: object) -> Condition:
    """Return a condition; each finding has how often it is present in it, and elsewhere."""
    name = fields.setdefault("name", id.replace("-", " ").capitalize())
    base: dict[str, object] = {
        "id": id,
        "icd10": "R07.4",
        "prevalence": {"per_100k_year": 1000},
        "findings": [{"id": f, "present": p, "elsewhere": e} for f, (p, e) in findings.items()],
        "triage": "routine",
        "about": f"{name} is one of the conditions that tests are written with. It does no harm here.",
        "presentation": f"{name} often shows with {', '.join(findings)}. Some people notice nothing.",
        "tests": f"A short examination tells {name} from the others. No other test is needed.",
        "treatment": f"Rest helps most people with {name}. Medicines are rarely needed.",
        "seek_help": f"See a doctor for {name} when it lasts longer than a week. Call for help when it gets worse.",
        "workup": [{"do": f"Have {name} examined", "kind": "test", "urgency": "soon", "source": "guide"}],
        "management": [{"do": f"Rest with {name}", "kind": "self-care", "source": "guide"}],
        "sources": ["guide"],
    }
    return Condition.model_validate(base | fields)


_ASPIRIN = {
    "do": "Chew one aspirin tablet of 300 mg",
    "kind": "treatment",
    "urgency": "now",
    "drug": "aspirin",
    "unless": ["aspirin-allergy", "active-bleeding"],
    "source": "guide",
}
_IBUPROFEN = {"do": "Take ibuprofen with food", "kind": "self-care", "drug": "ibuprofen", "source": "guide"}


@cache
def conditions() -> tuple[Condition, ...]:
    """Return an emergency and three everyday conditions of the chest."""
    common = {"chest-pain": (0.9, 0.4)}
    return (
        condition(
            "heart-attack",
            {**common, "chest-pain-pressure": (0.7, 0.15), "sweating": (0.5, 0.1), "arm-heaviness": (0.4, 0.05)},
            icd10="I21.9",
            prevalence={"per_100k_year": 250, "age": {"<35": 0.05, "35-54": 0.8, ">54": 2.5}, "sex": {"m": 1.5, "f": 0.7}},
            against=["chest-wall-tenderness"],
            risk=["smoking", "diabetes"],
            onset="sudden",
            course="acute",
            triage="emergency",
            workup=[{"do": "An ECG at once", "kind": "test", "urgency": "now", "source": "guide"}],
            management=[
                {"do": "Call the emergency number", "kind": "referral", "urgency": "now", "source": "guide"},
                _ASPIRIN,
                {"do": "Clopidogrel loading", "kind": "treatment", "urgency": "now", "for_patient": False, "source": "guide"},
            ],
        ),
        condition(
            "chest-wall-pain",
            {**common, "chest-wall-tenderness": (0.8, 0.1), "sweating": (0.05, 0.15)},
            icd10="M94.0",
            triage="self-care",
            management=[_IBUPROFEN],
        ),
        condition(
            "reflux",
            {"heartburn": (0.9, 0.1), "chest-pain-burning": (0.6, 0.1), "chest-pain": (0.4, 0.4)},
            icd10="K21.9",
            prevalence={"per_100k_year": 5000},
            triage="self-care",
            course="chronic",
        ),
        condition("panic", {"fear": (0.9, 0.1), "palpitations": (0.8, 0.2), "chest-pain": (0.4, 0.4)}, icd10="F41.0"),
    )


@cache
def concepts() -> tuple[FindingConcept, ...]:
    """Return the vocabulary, with a question for each finding."""
    return tuple(
        FindingConcept.model_validate(
            {"id": id, "name": id.replace("-", " ").capitalize(), "kind": kind, "is_a": is_a, "ask": f"Is there {id}?"}
        )
        for id, kind, is_a in _FINDINGS
    )


@cache
def medicines() -> tuple[Medicine, ...]:
    """Return the medicines."""
    return tuple(Medicine.model_validate({**fields, "sources": ["guide"]}) for fields in _MEDICINES)


@cache
def pack(specialist: str = "cardiology") -> CompiledPack:
    """Return the compiled pack."""
    return compiled(*conditions(), specialist=specialist)


def compiled(*listed: Condition, specialist: str = "cardiology") -> CompiledPack:
    """Return a pack of the given conditions with the small vocabulary."""
    source = Source(id="guide", title="A guide to the chest", publisher="Testers", year=2024)
    return compile_pack(specialist, listed, concepts(), medicines=medicines(), sources=(source,), version="v1")


def finding(id: str, *, present: bool = True, **fields: object) -> Finding:
    """Return a finding of the vocabulary as it is read from text."""
    concept = next((c for c in concepts() if c.id == id), None)
    base = {"id": id, "name": id, "kind": concept.kind if concept else FindingKind.SYMPTOM, "words": id, "start": 0, "end": 1}
    return Finding.model_validate(base | {"present": present} | fields)


def reading(*findings: Finding | str, denied: tuple[str, ...] = (), patient: Patient = NOBODY_KNOWN) -> Reading:
    """Return a reading of present and denied findings."""
    present = (f if isinstance(f, Finding) else finding(f) for f in findings)
    return Reading(findings=(*present, *(finding(f, present=False) for f in denied)), patient=patient)


def facts(*findings: Finding | str, denied: tuple[str, ...] = (), patient: Patient = NOBODY_KNOWN) -> CaseFacts:
    """Return the facts of a case."""
    return gather_facts(reading(*findings, denied=denied, patient=patient), patient, pack().ancestors, pack().medicines)


def triage(level: TriageLevel = TriageLevel.ROUTINE, *flags: RedFlag) -> Triage:
    """Return what the rules would have said."""
    advice = flags[0].say if flags else f"Advice for {level}."
    return Triage(level=level, within="soon", advice=advice, red_flags=flags, rules_version="r1")


def red_flag(rule: str = "heart", level: TriageLevel = TriageLevel.EMERGENCY, specialties: tuple[str, ...] = ()) -> RedFlag:
    """Return a rule that fired."""
    return RedFlag(
        rule=rule,
        version=2,
        level=level,
        within="now",
        suspect=f"a {rule} problem",
        say=f"Act on {rule}.",
        specialties=specialties,
    )


def case_view(
    case: Reading, level: Triage | None = None, audience: Audience = "patient", specialist: str = "cardiology"
) -> CaseView:
    """Return a specialist's view of a case."""
    return CaseView(
        view_id="v1",
        snapshot_id="s1",
        consult_id="c1",
        specialist=specialist,
        question="What is it?",
        reading=case,
        patient=case.patient,
        triage=level or triage(),
        audience=audience,
        expires_at=datetime(2030, 1, 1, tzinfo=UTC),
    )
