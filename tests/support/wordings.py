"""Messages in people's own words, judged by the shipped rules alone: no second reading covers up what a rule misses."""

from consilium_common.clinical.findings import FindingReader
from consilium_common.clinical.triage import Rules, assess
from consilium_common.contracts.case import Patient, Triage
from consilium_common.contracts.knowledge import TriageLevel
from consilium_common.knowledge import load_shared

SHARED = load_shared()
READER = FindingReader(SHARED.findings.values(), SHARED.medicines.values())
RULES = Rules(SHARED.red_flags, SHARED.findings.values(), SHARED.medicines.values())


def triage(text: str, patient: Patient | None = None) -> Triage:
    """Return what the rules make of a message; of its sender is known what it says, unless a patient is given."""
    reading = READER.read(text)
    return assess(reading, patient or reading.patient, RULES, text)


def level(text: str) -> TriageLevel:
    """Return how urgent the rules find a message."""
    return triage(text).level
