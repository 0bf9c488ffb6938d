"""Clots in legs and lungs: the Wells scores and PERC."""

from consilium_common.clinical.calculators.inputs import Origin, age, vital, yes_no
from consilium_common.clinical.calculators.scoring import Band, Calculator, Population


def wells_dvt(
    *,
    active_cancer: bool,
    paralysis_or_plaster: bool,
    bed_or_surgery: bool,
    deep_vein_tenderness: bool,
    whole_leg_swollen: bool,
    calf_three_cm: bool,
    pitting: bool,
    collateral_veins: bool,
    clot_before: bool,
    other_as_likely: bool,
) -> int:
    """Return the Wells score for deep vein thrombosis, -2 to 9: Wells 2003."""
    signs = (
        active_cancer,
        paralysis_or_plaster,
        bed_or_surgery,
        deep_vein_tenderness,
        whole_leg_swollen,
        calf_three_cm,
        pitting,
        collateral_veins,
        clot_before,
    )
    return sum(signs) - 2 * other_as_likely


def wells_pe(
    *,
    dvt_signs: bool,
    embolism_likeliest: bool,
    heart_rate_bpm: float,
    immobile_or_surgery: bool,
    clot_before: bool,
    haemoptysis: bool,
    active_cancer: bool,
) -> float:
    """Return the Wells score for pulmonary embolism, 0 to 12.5: Wells 2000."""
    fast = heart_rate_bpm > 100
    return 3 * (dvt_signs + embolism_likeliest) + 1.5 * (fast + immobile_or_surgery + clot_before) + haemoptysis + active_cancer


def perc(
    *,
    age_years: float,
    heart_rate_bpm: float,
    spo2_pct: float,
    one_leg_swollen: bool,
    haemoptysis: bool,
    surgery_or_trauma: bool,
    clot_before: bool,
    oestrogen: bool,
) -> int:
    """Return how many of the eight PERC criteria are not met: Kline 2004. None rules embolism out where it is unlikely."""
    measured = (age_years >= 50, heart_rate_bpm >= 100, spo2_pct < 95)
    return sum((*measured, one_leg_swollen, haemoptysis, surgery_or_trauma, clot_before, oestrogen))


_ASK_CANCER = "Are you being treated for cancer, or were you in the last six months?"
_ASK_CLOT = "Have you had a blood clot in the leg or lung before?"
_CANCER = yes_no("active_cancer", "active cancer", _ASK_CANCER, Origin(findings=("active-cancer",)))
_CLOT = yes_no("clot_before", "DVT or PE before", _ASK_CLOT, Origin(findings=("prior-vte",)))
_HAEMOPTYSIS = yes_no("haemoptysis", "haemoptysis", "Have you coughed up blood?", Origin(findings=("haemoptysis",)))
_PULSE = vital("heart_rate_bpm", "heart rate", "What is the pulse?", "/min", (20, 250), patient_knows=True)
_NOT_PREGNANT = "adults who are not pregnant and take no anticoagulant"
_ANTICOAGULATED = {"anticoagulant-use": "it was not tested in people who take an anticoagulant"}

WELLS_DVT = Calculator(
    id="wells-dvt",
    name="Wells score for deep vein thrombosis",
    about="how likely a deep vein thrombosis is before any test",
    inputs=(
        yes_no(
            "other_as_likely",
            "another diagnosis at least as likely",
            "Is another cause, such as a torn muscle or a skin infection, at least as likely as a clot?",
            Origin(findings=("other-cause-likelier-than-clot",)),
            lowers=True,
            patient_knows=False,
        ),
        yes_no(
            "calf_three_cm",
            "calf at least 3 cm thicker",
            "Is the calf at least 3 cm thicker than the other, measured 10 cm below the knee?",
            Origin(findings=("calf-three-cm-thicker",)),
        ),
        yes_no(
            "deep_vein_tenderness",
            "tenderness along the deep veins",
            "Does it hurt to press along the inner side of the calf or thigh?",
            Origin(findings=("deep-vein-tenderness",)),
        ),
        yes_no("whole_leg_swollen", "whole leg swollen", "Is the whole leg swollen?", Origin(findings=("whole-leg-swollen",))),
        yes_no(
            "pitting",
            "pitting oedema of that leg only",
            "Does a dent stay on that leg only when you press on the swelling?",
            Origin(findings=("pitting-oedema",)),
        ),
        yes_no(
            "collateral_veins",
            "collateral superficial veins (not varicose)",
            "Have new veins come up under the skin of that leg?",
            Origin(findings=("collateral-leg-veins",)),
        ),
        yes_no(
            "bed_or_surgery",
            "in bed for three days or major surgery within 12 weeks",
            "Were you in bed for three days, or had an operation in the last three months?",
            Origin(findings=("immobility", "recent-surgery")),
        ),
        yes_no(
            "paralysis_or_plaster",
            "paralysis, paresis or plaster of the leg",
            "Is the leg weak, paralysed or lately in plaster?",
            Origin(findings=("leg-weakness", "leg-in-plaster")),
        ),
        _CLOT,
        _CANCER,
    ),
    score=wells_dvt,
    top=9,
    bands=(
        Band("unlikely", -2, "DVT unlikely: D-dimer decides on imaging", "DVT in 5.5%", reassures=True),
        Band("likely", 2, "DVT likely: ultrasound of the proximal leg veins", "DVT in 27.9%"),
    ),
    population=Population(_NOT_PREGNANT, min_age_years=18, excluded=_ANTICOAGULATED),
    sources=("wells-dvt-2003", "nice-ng158"),
)

WELLS_PE = Calculator(
    id="wells-pe",
    name="Wells score for pulmonary embolism",
    about="how likely a pulmonary embolism is before any test",
    inputs=(
        yes_no(
            "embolism_likeliest",
            "embolism at least as likely as anything else",
            "Is an embolism the likeliest explanation, in your judgement?",
            Origin(findings=("embolism-likeliest",)),
            patient_knows=False,
        ),
        yes_no(
            "dvt_signs",
            "signs of DVT (swelling and tenderness of a leg)",
            "Is one leg swollen and tender?",
            Origin(findings=("leg-swelling-unilateral",)),
        ),
        _PULSE,
        yes_no(
            "immobile_or_surgery",
            "in bed for three days or surgery within four weeks",
            "Were you in bed for three days, or had an operation in the last four weeks?",
            Origin(findings=("immobility", "surgery-within-four-weeks")),
        ),
        _CLOT,
        _HAEMOPTYSIS,
        _CANCER,
    ),
    score=wells_pe,
    digits=1,
    top=12.5,
    bands=(
        Band("unlikely", 0, "PE unlikely: D-dimer decides on imaging", "PE in 12.1%", reassures=True),
        Band("likely", 4.5, "PE likely: CT pulmonary angiography, anticoagulant until then", "PE in 37.1%"),
    ),
    population=Population(_NOT_PREGNANT, min_age_years=18, excluded=_ANTICOAGULATED),
    sources=("wells-pe-2000", "christopher-2006"),
)

PERC = Calculator(
    id="perc",
    name="PERC rule",
    about="whether pulmonary embolism can be ruled out without D-dimer where it is judged unlikely (under 15%)",
    inputs=(
        age(),
        _PULSE,
        vital(
            "spo2_pct", "oxygen saturation", "What is the oxygen saturation?", "%", (30, 100), lowers=True, patient_knows=True
        ),
        yes_no("one_leg_swollen", "swelling of one leg", "Is one leg swollen?", Origin(findings=("leg-swelling-unilateral",))),
        _HAEMOPTYSIS,
        yes_no(
            "surgery_or_trauma",
            "surgery or trauma within four weeks",
            "Did you have an operation or a severe injury in the last four weeks?",
            Origin(findings=("surgery-within-four-weeks", "high-energy-injury")),
        ),
        _CLOT,
        yes_no(
            "oestrogen",
            "oestrogen use",
            "Do you take the pill or hormones with oestrogen?",
            Origin(findings=("oral-contraceptive-use", "hormone-therapy")),
        ),
    ),
    score=perc,
    top=8,
    bands=(
        Band(
            "negative",
            0,
            "PERC negative: no test for embolism is needed when it is judged unlikely",
            "embolism within 45 days in 1.0% of those also judged unlikely",
            reassures=True,
        ),
        Band("positive", 1, "PERC not met: it cannot rule embolism out, go on to D-dimer or imaging"),
    ),
    population=Population(
        "adults in whom embolism is judged unlikely (under 15%), not in pregnancy; it never makes embolism likelier",
        min_age_years=18,
        excluded={
            "thrombophilia-history": "it was not tested in people with thrombophilia",
            "active-cancer": "it was not tested in people with cancer",
            "rate-slowing-medicine-use": "a medicine that slows the heart hides a fast pulse",
        },
    ),
    sources=("perc-kline-2004", "perc-kline-2008"),
)
