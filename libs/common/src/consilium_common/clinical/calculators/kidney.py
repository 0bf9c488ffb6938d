"""The kidneys: eGFR by CKD-EPI 2021 and creatinine clearance by Cockcroft and Gault."""

from consilium_common.clinical.calculators.inputs import UMOL_L_PER_MG_DL, age, creatinine, sex, vital
from consilium_common.clinical.calculators.scoring import Band, Calculator, Population


def egfr_ckd_epi_2021(*, creatinine_umol_l: float, age_years: float, sex: str) -> float:
    """Return the estimated glomerular filtration rate in ml/min/1.73 m²: Inker 2021, the equation without race."""
    kappa, alpha = (0.7, -0.241) if sex == "f" else (0.9, -0.302)
    ratio = creatinine_umol_l / UMOL_L_PER_MG_DL / kappa
    rate = 142 * min(ratio, 1) ** alpha * max(ratio, 1) ** -1.200 * 0.9938**age_years
    return float(rate * 1.012 if sex == "f" else rate)


def cockcroft_gault(*, creatinine_umol_l: float, age_years: float, weight_kg: float, sex: str) -> float:
    """Return the creatinine clearance in ml/min: Cockcroft and Gault 1976."""
    clearance = (140 - age_years) * weight_kg / (72 * creatinine_umol_l / UMOL_L_PER_MG_DL)
    return clearance * 0.85 if sex == "f" else clearance


EGFR_CKD_EPI_2021 = Calculator(
    id="egfr-ckd-epi-2021",
    name="eGFR (CKD-EPI 2021)",
    about="how well the kidneys filter",
    inputs=(creatinine(lowers=True), age(possible=(18, 120), lowers=True), sex(lowest="f")),
    score=egfr_ckd_epi_2021,
    unit="ml/min/1.73 m²",
    bands=(
        Band("g5", 0, "G5: kidney failure"),
        Band("g4", 15, "G4: severely decreased"),
        Band("g3b", 30, "G3b: moderately to severely decreased"),
        Band("g3a", 45, "G3a: mildly to moderately decreased"),
        Band("g2", 60, "G2: mildly decreased, no kidney disease without other signs of damage"),
        Band("g1", 90, "G1: normal or high, no kidney disease without other signs of damage", reassures=True),
    ),
    population=Population(
        "adults with a stable creatinine, not in acute kidney injury, pregnancy or with extreme muscle mass",
        min_age_years=18,
        excluded={"dialysis": "it says nothing under dialysis"},
    ),
    sources=("ckd-epi-inker-2021", "kdigo-ckd-2024"),
)

COCKCROFT_GAULT = Calculator(
    id="cockcroft-gault",
    name="Creatinine clearance (Cockcroft-Gault)",
    about="the clearance that labels of medicines dose by",
    inputs=(
        creatinine(lowers=True),
        age(possible=(18, 120), lowers=True),
        vital("weight_kg", "weight", "How much do you weigh?", "kg", (20, 350), patient_knows=True),
        sex(lowest="f"),
    ),
    score=cockcroft_gault,
    unit="ml/min",
    bands=(
        Band("failure", 0, "under 15 ml/min: most renally cleared medicines need another dose or another medicine"),
        Band("severe", 15, "15 to 29 ml/min: look up the dose of every renally cleared medicine"),
        Band("moderate", 30, "30 to 59 ml/min: look up the dose of renally cleared medicines"),
        Band("mild", 60, "60 to 89 ml/min: few medicines need another dose"),
        Band("normal", 90, "90 ml/min or more: usual doses", reassures=True),
    ),
    population=Population(
        "adults with a stable creatinine; in obesity it is too high with the actual weight, in pregnancy not valid",
        min_age_years=18,
        excluded={"dialysis": "it says nothing under dialysis"},
    ),
    sources=("cockcroft-gault-1976",),
)
