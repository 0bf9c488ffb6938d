"""Atrial fibrillation: CHA2DS2-VASc and HAS-BLED."""

from consilium_common.clinical.calculators.inputs import Origin, age, sex, yes_no
from consilium_common.clinical.calculators.scoring import Band, Calculator, Population


def cha2ds2_vasc(
    *,
    heart_failure: bool,
    hypertension: bool,
    age_years: float,
    diabetes: bool,
    stroke: bool,
    vascular_disease: bool,
    sex: str,
) -> int:
    """Return the CHA2DS2-VASc score, 0 to 9: Lip 2010."""
    years = 2 if age_years >= 75 else int(age_years >= 65)
    return heart_failure + hypertension + years + diabetes + 2 * stroke + vascular_disease + (sex == "f")


def has_bled(
    *,
    uncontrolled_hypertension: bool,
    renal: bool,
    liver: bool,
    stroke: bool,
    bleeding: bool,
    labile_inr: bool,
    age_years: float,
    bleeding_medicines: bool,
    alcohol: bool,
) -> int:
    """Return the HAS-BLED score, 0 to 9: Pisters 2010."""
    single = (uncontrolled_hypertension, renal, liver, stroke, bleeding, labile_inr, bleeding_medicines, alcohol)
    return sum(single) + int(age_years > 65)


_HYPERTENSION = yes_no(
    "hypertension", "hypertension", "Have you been told that you have high blood pressure?", Origin(findings=("hypertension",))
)
_DIABETES = yes_no("diabetes", "diabetes", "Do you have diabetes?", Origin(findings=("diabetes",)))
_STROKE = yes_no(
    "stroke",
    "stroke, TIA or embolism before",
    "Have you ever had a stroke or a mini-stroke?",
    Origin(findings=("prior-stroke", "prior-tia")),
)
# Ischaemic strokes per year without anticoagulation, by score: Friberg 2012.
_STROKES = (0.2, 0.6, 2.2, 3.2, 4.8, 7.2, 9.7, 11.2, 10.8, 12.2)
CHA2DS2_VASC = Calculator(
    id="cha2ds2-vasc",
    name="CHA2DS2-VASc score",
    about="the risk of stroke in atrial fibrillation",
    inputs=(
        age(),
        _STROKE,
        yes_no(
            "heart_failure",
            "heart failure or low ejection fraction",
            "Have you been told that your heart is weak (heart failure)?",
            Origin(findings=("heart-failure-history", "low-ejection-fraction")),
        ),
        _HYPERTENSION,
        _DIABETES,
        yes_no(
            "vascular_disease",
            "vascular disease (infarction, peripheral artery disease, aortic plaque)",
            "Have you had a heart attack or narrowed leg arteries?",
            Origin(findings=("prior-mi", "stent-history", "bypass-history", "peripheral-artery-disease-history")),
        ),
        sex(lowest="m"),
    ),
    score=cha2ds2_vasc,
    top=9,
    bands=(
        Band("zero", 0, "low risk, no anticoagulant for the stroke risk", reassures=True),
        Band("one", 1, "anticoagulant to be considered in men; in women the point is their sex, which alone is low risk"),
        Band("two", 2, "anticoagulant recommended in men, to be considered in women"),
        Band("more", 3, "anticoagulant recommended"),
    ),
    per_score={
        points: f"ischaemic stroke in {percent}% a year without anticoagulant" for points, percent in enumerate(_STROKES)
    },
    population=Population(
        "adults with atrial fibrillation, not with mechanical valves or moderate to severe mitral stenosis",
        min_age_years=18,
        excluded={
            "prosthetic-valve": "with a mechanical valve an anticoagulant is needed whatever the score",
            "mitral-stenosis-sounds": "in mitral stenosis an anticoagulant is needed whatever the score",
        },
    ),
    sources=("chads-vasc-lip-2010", "chads-vasc-friberg-2012", "esc-af-2024"),
)

_BLEEDS = (1.13, 1.02, 1.88, 3.74, 8.70, 12.50)
HAS_BLED = Calculator(
    id="has-bled",
    name="HAS-BLED score",
    about="the risk of major bleeding under an anticoagulant in atrial fibrillation",
    inputs=(
        age(),
        yes_no(
            "uncontrolled_hypertension",
            "systolic pressure over 160 mmHg",
            "What is the blood pressure?",
            Origin(findings=("very-high-blood-pressure-reading",), vital="systolic_mmhg", above=160),
        ),
        yes_no(
            "renal",
            "dialysis, kidney transplant or creatinine of 200 µmol/l or more",
            "Are you on dialysis, or what was the last creatinine?",
            Origin(findings=("dialysis",), vital="creatinine_umol_l", least=200),
        ),
        yes_no(
            "liver",
            "cirrhosis or clearly abnormal liver values",
            "Have you been told that your liver is scarred?",
            Origin(findings=("cirrhosis",)),
        ),
        yes_no("stroke", "stroke before", "Have you ever had a stroke?", Origin(findings=("prior-stroke",))),
        yes_no(
            "bleeding",
            "major bleeding or a tendency to bleed",
            "Have you ever had a severe bleeding, or a condition that makes you bleed?",
            Origin(findings=("major-bleeding-history", "bleeding-disorder", "brain-haemorrhage-history")),
        ),
        yes_no(
            "labile_inr",
            "labile INR (under warfarin)",
            "Do you take warfarin, and do the values go up and down?",
            Origin(findings=("labile-inr",)),
        ),
        yes_no(
            "bleeding_medicines",
            "antiplatelet or NSAID",
            "Do you take aspirin, clopidogrel or painkillers such as ibuprofen?",
            Origin(findings=("antiplatelet-use", "nsaid-use")),
        ),
        yes_no(
            "alcohol",
            "eight or more drinks a week",
            "Do you have eight or more alcoholic drinks a week?",
            Origin(findings=("alcohol-use",)),
        ),
    ),
    score=has_bled,
    top=9,
    bands=(
        Band("low", 0, "low to moderate bleeding risk"),
        Band("high", 3, "high bleeding risk: correct what can be corrected and look closely; no reason alone to withhold"),
    ),
    per_score={points: f"{percent} major bleeds per 100 patients a year" for points, percent in enumerate(_BLEEDS)},
    population=Population("adults with atrial fibrillation who take or may take an anticoagulant", min_age_years=18),
    sources=("has-bled-pisters-2010", "esc-af-2024"),
)
