"""Infections of lungs and throat: CURB-65, CRB-65, Centor in McIsaac's form and FeverPAIN."""

from consilium_common.clinical.calculators.inputs import Origin, Value, age, number, vital, yes_no
from consilium_common.clinical.calculators.scoring import Band, Calculator, Population
from consilium_common.clinical.case_facts import CaseFacts

# 1 mg/dl of urea nitrogen is 0.357 mmol/l of urea.
_MMOL_L_PER_MG_DL_BUN = 0.357
_SOON_H = 72


def attended_soon(facts: CaseFacts) -> tuple[Value, str] | None:
    """Return whether a sore throat has lasted three days at most, when the case says since when."""
    hours = facts.duration_h.get("sore-throat")
    return None if hours is None else (hours <= _SOON_H, "sore-throat")


def crb65(
    *, confusion: bool, respiratory_rate_min: float, systolic_mmhg: float, diastolic_mmhg: float, age_years: float
) -> int:
    """Return the CRB-65 score, 0 to 4: Lim 2003, without urea."""
    pressure = systolic_mmhg < 90 or diastolic_mmhg <= 60
    return int(confusion) + int(respiratory_rate_min >= 30) + int(pressure) + int(age_years >= 65)


def curb65(
    *,
    confusion: bool,
    urea_mmol_l: float,
    respiratory_rate_min: float,
    systolic_mmhg: float,
    diastolic_mmhg: float,
    age_years: float,
) -> int:
    """Return the CURB-65 score, 0 to 5: Lim 2003."""
    rest = crb65(
        confusion=confusion,
        respiratory_rate_min=respiratory_rate_min,
        systolic_mmhg=systolic_mmhg,
        diastolic_mmhg=diastolic_mmhg,
        age_years=age_years,
    )
    return rest + int(urea_mmol_l > 7)


def mcisaac(*, fever: bool, cough: bool, tender_glands: bool, tonsils: bool, age_years: float) -> int:
    """Return the Centor score with McIsaac's points for age, -1 to 5: Centor 1981, McIsaac 1998."""
    years = 1 if age_years < 15 else (-1 if age_years >= 45 else 0)
    return int(fever) + int(not cough) + int(tender_glands) + int(tonsils) + years


def fever_pain(*, fever: bool, purulence: bool, attends_rapidly: bool, inflamed: bool, cough_or_cold: bool) -> int:
    """Return the FeverPAIN score, 0 to 5: Little 2013."""
    return int(fever) + int(purulence) + int(attends_rapidly) + int(inflamed) + int(not cough_or_cold)


_PNEUMONIA = (
    yes_no("confusion", "new confusion", "Is the person newly confused?", Origin(findings=("confusion",))),
    vital(
        "respiratory_rate_min",
        "respiratory rate",
        "How many breaths are taken in a minute?",
        "/min",
        (2, 90),
        patient_knows=True,
    ),
    vital(
        "systolic_mmhg", "systolic pressure", "What is the blood pressure?", "mmHg", (40, 300), lowers=True, patient_knows=True
    ),
    vital(
        "diastolic_mmhg",
        "diastolic pressure",
        "What is the blood pressure?",
        "mmHg",
        (20, 200),
        lowers=True,
        patient_knows=True,
    ),
    age(),
)
_ADULT_PNEUMONIA = Population(
    "adults with pneumonia acquired outside hospital; it does not make the diagnosis", min_age_years=16
)

CRB65 = Calculator(
    id="crb-65",
    name="CRB-65 score",
    about="the severity of pneumonia without any blood test",
    inputs=_PNEUMONIA,
    score=crb65,
    top=4,
    bands=(
        Band(
            "low",
            0,
            "low risk: home is possible if nothing speaks against it",
            "death within 30 days in 1.2%",
            reassures=True,
        ),
        Band("intermediate", 1, "intermediate risk: assessment in hospital to be considered", "death within 30 days in 8.2%"),
        Band("high", 3, "high risk: hospital at once", "death within 30 days in 31%"),
    ),
    population=_ADULT_PNEUMONIA,
    sources=("curb-lim-2003", "nice-cg191-pneumonia"),
)

CURB65 = Calculator(
    id="curb-65",
    name="CURB-65 score",
    about="the severity of pneumonia in hospital",
    inputs=(
        number(
            "urea_mmol_l",
            "urea",
            "What was the urea in the blood test?",
            "mmol/l",
            (0.5, 100),
            Origin(vital="urea_mmol_l"),
            other_units=(("mg/dl urea nitrogen", _MMOL_L_PER_MG_DL_BUN),),
        ),
        *_PNEUMONIA,
    ),
    score=curb65,
    top=5,
    bands=(
        Band(
            "low",
            0,
            "low risk: home is possible if nothing speaks against it",
            "death within 30 days in 1.5%",
            reassures=True,
        ),
        Band(
            "intermediate", 2, "intermediate risk: short stay in hospital or close supervision", "death within 30 days in 9.2%"
        ),
        Band("high", 3, "high risk: hospital, from 4 points on intensive care to be considered", "death within 30 days in 22%"),
    ),
    population=_ADULT_PNEUMONIA,
    sources=("curb-lim-2003", "nice-cg191-pneumonia"),
)

# Whom NICE NG84 treats apart from any score.
_SORE_THROAT = Population(
    "people from three years on with an acute sore throat, without a weak immune system or rheumatic fever before",
    min_age_years=3,
    in_pregnancy=True,
    excluded={
        "immunosuppression": "with a weak immune system an antibiotic is decided on apart from a score",
        "chemotherapy": "with a weak immune system an antibiotic is decided on apart from a score",
        "rheumatic-fever-history": "after rheumatic fever streptococci are treated apart from a score",
    },
)

MCISAAC = Calculator(
    id="centor-mcisaac",
    name="Centor score (McIsaac)",
    about="how likely streptococci cause a sore throat",
    inputs=(
        age(possible=(0, 120), lowers=True),
        yes_no(
            "fever",
            "temperature over 38 °C",
            "Has the temperature been over 38 °C?",
            Origin(findings=("fever",), vital="temperature_c", above=38.0),
        ),
        yes_no("cough", "cough", "Do you have a cough?", Origin(findings=("cough",)), lowers=True),
        yes_no(
            "tender_glands",
            "tender glands at the front of the neck",
            "Are the glands at the front of the neck swollen and tender?",
            Origin(findings=("swollen-glands",)),
        ),
        yes_no(
            "tonsils",
            "swollen tonsils or exudate",
            "Are the tonsils swollen, or are there white spots on them?",
            Origin(findings=("tonsil-exudate", "swollen-tonsils")),
        ),
    ),
    score=mcisaac,
    top=5,
    bands=(
        Band("low", -1, "no test and no antibiotic", "streptococci in 1 to 10%", reassures=True),
        Band("intermediate", 2, "rapid test or culture, antibiotic only if positive", "streptococci in 11 to 35%"),
        Band("high", 4, "test, or antibiotic after weighing it", "streptococci in 51 to 53%"),
    ),
    population=_SORE_THROAT,
    sources=("centor-1981", "mcisaac-1998"),
)

FEVER_PAIN = Calculator(
    id="fever-pain",
    name="FeverPAIN score",
    about="how likely streptococci cause a sore throat",
    inputs=(
        yes_no(
            "fever", "fever in the last 24 hours", "Did you have a fever in the last 24 hours?", Origin(findings=("fever",))
        ),
        yes_no(
            "purulence", "pus on the tonsils", "Are there white spots on the tonsils?", Origin(findings=("tonsil-exudate",))
        ),
        yes_no(
            "attends_rapidly",
            "seen within three days",
            "Has the throat been sore for three days or less?",
            Origin(judge=attended_soon),
        ),
        yes_no(
            "inflamed",
            "severely inflamed tonsils",
            "Are the tonsils very red and swollen?",
            Origin(findings=("tonsils-severely-inflamed",)),
        ),
        yes_no(
            "cough_or_cold",
            "cough or cold",
            "Do you have a cough or a runny nose?",
            Origin(findings=("cough", "runny-nose")),
            lowers=True,
        ),
    ),
    score=fever_pain,
    top=5,
    bands=(
        Band(
            "low",
            0,
            "no antibiotic",
            "streptococci in 13 to 18%",
            patient="The FeverPAIN rule for sore throats finds an antibiotic unlikely to help with what was described. "
            "That changes if it lasts over a week, one side becomes much worse, or swallowing or breathing becomes hard.",
            reassures=True,
        ),
        Band("intermediate", 2, "no antibiotic, or one kept back for three to five days", "streptococci in 34 to 40%"),
        Band("high", 4, "antibiotic now or kept back, if there is no severe illness", "streptococci in 62 to 65%"),
    ),
    population=_SORE_THROAT,
    sources=("feverpain-little-2013", "nice-ng84-sore-throat"),
)
