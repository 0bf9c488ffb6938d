"""Transient ischaemic attack and consciousness: ABCD2 and the Glasgow coma scale."""

from consilium_common.clinical.calculators.inputs import Origin, Value, age, choice, vital, yes_no
from consilium_common.clinical.calculators.scoring import Band, Calculator, Population, Stated
from consilium_common.clinical.case_facts import CaseFacts

NEITHER, SPEECH, WEAKNESS = "neither", "speech without weakness", "weakness of one side"
UNDER_TEN, UNDER_HOUR, FROM_HOUR = "under 10 minutes", "10 to 59 minutes", "60 minutes or more"
_WEAK = ("unilateral-weakness", "arm-weakness", "facial-droop")
_SPEECH = ("speech-difficulty", "slurred-speech")

EYES = ("none", "to pain", "to voice", "open by themselves")
WORDS = ("none", "sounds", "single words", "confused", "oriented")
MOVES = ("none", "extension", "abnormal flexion", "withdrawal", "localises pain", "obeys")


def lasted(facts: CaseFacts) -> tuple[Value, str] | None:
    """Return how long weakness or trouble with speech lasted, when the case says it."""
    found = [finding for finding in (*_WEAK, *_SPEECH) if finding in facts.duration_h]
    if not found:
        return None
    hours = max(facts.duration_h[finding] for finding in found)
    value = FROM_HOUR if hours >= 1 else (UNDER_HOUR if hours * 60 >= 10 else UNDER_TEN)
    return value, ", ".join(found)


def abcd2(
    *, age_years: float, systolic_mmhg: float, diastolic_mmhg: float, features: str, duration: str, diabetes: bool
) -> int:
    """Return the ABCD2 score after a transient ischaemic attack, 0 to 7: Johnston 2007."""
    pressure = systolic_mmhg >= 140 or diastolic_mmhg >= 90
    signs = (NEITHER, SPEECH, WEAKNESS).index(features) + (UNDER_TEN, UNDER_HOUR, FROM_HOUR).index(duration)
    return int(age_years >= 60) + int(pressure) + signs + int(diabetes)


def glasgow_coma_scale(*, eyes: str, words: str, moves: str) -> int:
    """Return the Glasgow coma scale, 3 to 15: Teasdale and Jennett 1974, with the six motor steps of 1976."""
    return EYES.index(eyes) + WORDS.index(words) + MOVES.index(moves) + 3


ABCD2 = Calculator(
    id="abcd2",
    name="ABCD2 score",
    about="the risk of stroke within two days of a transient ischaemic attack",
    inputs=(
        choice(
            "features",
            "clinical features",
            "Was one side of face, arm or leg weak, or only the speech disturbed?",
            (NEITHER, SPEECH, WEAKNESS),
            Origin(options={SPEECH: _SPEECH, WEAKNESS: _WEAK}),
        ),
        choice(
            "duration",
            "duration",
            "How long did it last: under ten minutes, under an hour, or longer?",
            (UNDER_TEN, UNDER_HOUR, FROM_HOUR),
            Origin(judge=lasted),
        ),
        age(),
        vital("systolic_mmhg", "systolic pressure", "What is the blood pressure?", "mmHg", (40, 300), patient_knows=True),
        vital("diastolic_mmhg", "diastolic pressure", "What is the blood pressure?", "mmHg", (20, 200), patient_knows=True),
        yes_no("diabetes", "diabetes", "Do you have diabetes?", Origin(findings=("diabetes",))),
    ),
    score=abcd2,
    top=7,
    # NICE NG128 (2022) advises against deciding by it: everybody is seen within 24 hours.
    bands=(
        Band(
            "low",
            0,
            "still to be seen by a specialist within 24 hours (NICE NG128: not decided by a score)",
            "stroke within two days in 1.0%",
        ),
        Band("moderate", 4, "to be seen by a specialist within 24 hours", "stroke within two days in 4.1%"),
        Band("high", 6, "to be seen by a specialist at once", "stroke within two days in 8.1%"),
    ),
    population=Population("adults whose symptoms of a suspected transient ischaemic attack are over", min_age_years=18),
    sources=("abcd2-johnston-2007", "nice-ng128-stroke"),
)

GLASGOW_COMA_SCALE = Calculator(
    id="glasgow-coma-scale",
    name="Glasgow coma scale",
    about="the level of consciousness",
    inputs=(
        choice("eyes", "eye opening", "When do the eyes open?", EYES, Origin(), patient_knows=False),
        choice("words", "best verbal response", "What does the person say?", WORDS, Origin(), patient_knows=False),
        choice("moves", "best motor response", "How does the person move?", MOVES, Origin(), patient_knows=False),
    ),
    score=glasgow_coma_scale,
    top=15,
    stated=Stated("gcs_points", (3, 15), "What is the Glasgow coma scale (3 to 15)?"),
    bands=(
        Band("severe", 3, "coma or severe impairment: protect the airway"),
        Band("moderate", 9, "moderate impairment"),
        Band("mild", 13, "mild impairment"),
        Band("full", 15, "fully conscious", reassures=True),
    ),
    population=Population(
        "people from five years on; sedation, a tube or swollen eyes make it unreliable", min_age_years=5, in_pregnancy=True
    ),
    sources=("gcs-teasdale-1974", "gcs-teasdale-1976"),
)
