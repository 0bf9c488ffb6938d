"""Chest pain and coronary disease: HEART and TIMI."""

from consilium_common.clinical.calculators.inputs import Input, Origin, Value, age, choice, yes_no
from consilium_common.clinical.calculators.scoring import Band, Calculator, Population
from consilium_common.clinical.case_facts import CaseFacts

# What makes a history of chest pain specific for the heart, and what speaks for something else (Six 2008).
SPECIFIC = (
    "chest-pain-pressure",
    "arm-radiation",
    "left-arm-pain",
    "arm-heaviness",
    "jaw-radiation",
    "jaw-pain",
    "chest-pain-exertional",
    "chest-pain-relieved-by-nitrate",
    "chest-pain-relieved-by-rest",
    "sweating",
    "cold-sweat",
)
UNSPECIFIC = (
    "chest-pain-pleuritic",
    "chest-pain-sharp",
    "chest-pain-localised",
    "chest-pain-on-movement",
    "chest-pain-positional",
    "chest-wall-tenderness",
    "chest-pain-brief",
)
SLIGHTLY, MODERATELY, HIGHLY = "slightly suspicious", "moderately suspicious", "highly suspicious"
NORMAL, RAISED, HIGH = "normal", "one to three times the limit", "more than three times the limit"
ECG_NORMAL, ECG_UNSPECIFIC, ECG_ST = "normal", "unspecific change", "significant ST deviation"
OTHER_RISKS = "no-other-heart-risk-factors"


def suspicion(facts: CaseFacts) -> tuple[Value, str] | None:
    """Return how suspicious the history is: only unspecific, both, or only specific elements; None when neither was said."""
    specific = [finding for finding in SPECIFIC if finding in facts.present]
    unspecific = [finding for finding in UNSPECIFIC if finding in facts.present]
    if not specific and not unspecific:
        return None
    value = HIGHLY if not unspecific else (MODERATELY if specific else SLIGHTLY)
    return value, ", ".join((*specific, *unspecific))


def takes_aspirin(facts: CaseFacts) -> tuple[Value, str] | None:
    """Return yes for who takes aspirin now."""
    return (True, "aspirin") if "aspirin" in facts.medications else None


def heart(
    *,
    history: str,
    ecg: str,
    age_years: float,
    troponin: str,
    atherosclerosis: bool,
    hypertension: bool,
    high_cholesterol: bool,
    diabetes: bool,
    obesity: bool,
    smoking: bool,
    family_history: bool,
) -> int:
    """Return the HEART score, 0 to 10: Six, Backus, Kelder 2008; troponin as in Backus 2013."""
    factors = sum((hypertension, high_cholesterol, diabetes, obesity, smoking, family_history))
    risk = 2 if atherosclerosis or factors >= 3 else min(factors, 1)
    years = 2 if age_years >= 65 else int(age_years >= 45)
    return (
        (SLIGHTLY, MODERATELY, HIGHLY).index(history)
        + (ECG_NORMAL, ECG_UNSPECIFIC, ECG_ST).index(ecg)
        + (NORMAL, RAISED, HIGH).index(troponin)
        + years
        + risk
    )


def timi(
    *,
    age_years: float,
    hypertension: bool,
    high_cholesterol: bool,
    diabetes: bool,
    smoking: bool,
    family_history: bool,
    coronary_stenosis: bool,
    aspirin_last_week: bool,
    two_attacks_in_a_day: bool,
    st_deviation: bool,
    troponin_raised: bool,
) -> int:
    """Return the TIMI risk score for unstable angina and NSTEMI, 0 to 7: Antman 2000."""
    factors = sum((hypertension, high_cholesterol, diabetes, smoking, family_history))
    single = (coronary_stenosis, aspirin_last_week, two_attacks_in_a_day, st_deviation, troponin_raised)
    return int(age_years >= 65) + int(factors >= 3) + sum(single)


def _risk(name: str, label: str, ask: str, *findings: str) -> Input:
    return yes_no(name, label, ask, Origin(findings=findings, none_else=OTHER_RISKS))


_CORONARY_RISKS = (
    _risk("hypertension", "hypertension", "Have you been told that you have high blood pressure?", "hypertension"),
    _risk("high_cholesterol", "high cholesterol", "Have you been told that your cholesterol is high?", "high-cholesterol"),
    _risk("diabetes", "diabetes", "Do you have diabetes?", "diabetes"),
    _risk("smoking", "smoking", "Do you smoke, or did you until three months ago?", "smoking"),
    _risk(
        "family_history",
        "family history of early coronary disease",
        "Did a parent, brother or sister have heart disease before the age of 65?",
        "family-history-heart-disease",
    ),
)
_ST_ELEVATION = {"ecg-st-elevation": "ST elevation needs reperfusion at once, whatever a score says"}

HEART = Calculator(
    id="heart",
    name="HEART score",
    about="the risk of a heart attack, a coronary procedure or death within six weeks in adults with chest pain",
    inputs=(
        choice(
            "troponin",
            "troponin",
            "What was the first troponin, compared with the laboratory's limit?",
            (NORMAL, RAISED, HIGH),
            Origin(
                options={
                    NORMAL: ("troponin-normal",),
                    RAISED: ("raised-troponin",),
                    HIGH: ("troponin-over-three-times",),
                }
            ),
            patient_knows=False,
        ),
        choice(
            "ecg",
            "ECG",
            "What does the ECG show: normal, unspecific changes, or ST deviation?",
            (ECG_NORMAL, ECG_UNSPECIFIC, ECG_ST),
            Origin(
                options={
                    ECG_NORMAL: ("ecg-normal",),
                    ECG_UNSPECIFIC: ("ecg-unspecific-change",),
                    ECG_ST: ("ecg-ischaemia",),
                },
                # 'No ST depression' does not say that the rest of the ECG is normal.
                only_said=True,
            ),
            patient_knows=False,
        ),
        choice(
            "history",
            "history",
            "Is it a pressure, does it spread to arm or jaw, does it come with effort and go with rest?",
            (SLIGHTLY, MODERATELY, HIGHLY),
            Origin(judge=suspicion),
        ),
        age(),
        yes_no(
            "atherosclerosis",
            "known atherosclerotic disease",
            "Have you ever had a heart attack, a stent, a bypass, a stroke or narrowed leg arteries?",
            Origin(
                findings=("coronary-disease-history", "prior-stroke", "prior-tia", "peripheral-artery-disease-history"),
                none_else=OTHER_RISKS,
            ),
        ),
        *_CORONARY_RISKS,
        _risk("obesity", "obesity (BMI over 30)", "Is your body mass index over 30?", "obesity"),
    ),
    score=heart,
    top=10,
    bands=(
        Band("low", 0, "low risk", "a major cardiac event within six weeks in 1.7%", reassures=True),
        Band("moderate", 4, "moderate risk: observe and repeat troponin", "a major cardiac event within six weeks in 16.6%"),
        Band("high", 7, "high risk: early invasive work-up", "a major cardiac event within six weeks in 50.1%"),
    ),
    population=Population(
        "adults with chest pain in an emergency department, without ST elevation or shock",
        min_age_years=18,
        excluded=_ST_ELEVATION,
    ),
    sources=("heart-six-2008", "heart-backus-2013"),
)

TIMI = Calculator(
    id="timi-ua-nstemi",
    name="TIMI score for unstable angina and NSTEMI",
    about="the risk of death, infarction or urgent revascularisation within 14 days in a proven acute coronary syndrome",
    inputs=(
        age(),
        yes_no(
            "troponin_raised",
            "raised troponin",
            "Is troponin above the limit?",
            Origin(findings=("raised-troponin",), contrary=("troponin-normal",)),
            patient_knows=False,
        ),
        yes_no(
            "st_deviation",
            "ST deviation of 0.5 mm or more",
            "Does the ECG show ST deviation of 0.5 mm or more?",
            Origin(findings=("ecg-ischaemia",), contrary=("ecg-normal",)),
            patient_knows=False,
        ),
        yes_no(
            "coronary_stenosis",
            "known coronary stenosis of 50% or more",
            "Has a narrowing of a heart artery been found, or do you have a stent or bypass?",
            Origin(findings=("stent-history", "bypass-history")),
        ),
        yes_no(
            "aspirin_last_week",
            "aspirin in the last seven days",
            "Have you taken aspirin in the last week?",
            Origin(findings=("aspirin-last-week",), judge=takes_aspirin),
        ),
        yes_no(
            "two_attacks_in_a_day",
            "two or more attacks of angina in 24 hours",
            "Did the pain come at least twice in the last 24 hours?",
            Origin(findings=("angina-twice-in-a-day",)),
        ),
        *_CORONARY_RISKS,
    ),
    score=timi,
    top=7,
    bands=(
        Band("low", 0, "low risk", reassures=True),
        Band("intermediate", 3, "intermediate risk: early invasive strategy is worth it from 3 points on"),
        Band("high", 5, "high risk: early invasive strategy"),
    ),
    per_score={
        points: f"death, infarction or urgent revascularisation within 14 days in {percent}%"
        for points, percent in enumerate((4.7, 4.7, 8.3, 13.2, 19.9, 26.2, 40.9, 40.9))
    },
    population=Population(
        "adults in whom unstable angina or NSTEMI is established, not undifferentiated chest pain",
        min_age_years=18,
        excluded=_ST_ELEVATION,
    ),
    sources=("timi-antman-2000",),
)
