"""Mood, worry and alcohol: PHQ-9, PHQ-2, GAD-7 and AUDIT-C. Items are paraphrased here; the forms themselves ask them."""

from consilium_common.clinical.calculators.inputs import Input, Origin, choice
from consilium_common.clinical.calculators.scoring import Band, Calculator, Population, Stated

HOW_OFTEN = ("not at all", "several days", "more than half the days", "nearly every day")
NEVER = "never"
DRINKING_DAYS = (
    NEVER,
    "monthly or less",
    "two to four times a month",
    "two to three times a week",
    "four or more times a week",
)
DRINKS = ("one or two", "three or four", "five or six", "seven to nine", "ten or more")
BINGES = (NEVER, "less than monthly", "monthly", "weekly", "daily or almost daily")


def _sum(answers: dict[str, str]) -> int:
    return sum(HOW_OFTEN.index(answer) for answer in answers.values())


def phq2(*, interest: str, mood: str) -> int:
    """Return the PHQ-2, 0 to 6: Kroenke 2003."""
    return _sum({"interest": interest, "mood": mood})


def phq9(
    *,
    interest: str,
    mood: str,
    sleep: str,
    energy: str,
    appetite: str,
    guilt: str,
    concentration: str,
    slowed_or_restless: str,
    self_harm: str,
) -> int:
    """Return the PHQ-9, 0 to 27: Kroenke 2001."""
    every = (interest, mood, sleep, energy, appetite, guilt, concentration, slowed_or_restless, self_harm)
    return sum(HOW_OFTEN.index(answer) for answer in every)


def gad7(*, nervous: str, uncontrolled: str, worrying: str, relaxing: str, restless: str, irritable: str, afraid: str) -> int:
    """Return the GAD-7, 0 to 21: Spitzer 2006."""
    every = (nervous, uncontrolled, worrying, relaxing, restless, irritable, afraid)
    return sum(HOW_OFTEN.index(answer) for answer in every)


def audit_c(*, drinking_days: str, drinks: str, binges: str) -> int:
    """Return the AUDIT-C, 0 to 12: Bush 1998."""
    return DRINKING_DAYS.index(drinking_days) + DRINKS.index(drinks) + BINGES.index(binges)


def _item(name: str, label: str, words: str, *findings: str) -> Input:
    ask = f"In the last two weeks, how often were you bothered by {words}?"
    return choice(name, label, ask, HOW_OFTEN, Origin(findings=findings), patient_knows=False)


_TWO = (
    _item("interest", "little interest or pleasure", "little interest or pleasure in things", "loss-of-interest"),
    _item("mood", "feeling down or hopeless", "feeling down or hopeless", "low-mood"),
)

PHQ2 = Calculator(
    id="phq-2",
    name="PHQ-2",
    about="a first screen for depression",
    inputs=_TWO,
    score=phq2,
    top=6,
    stated=Stated("phq2_points", (0, 6), "What is the PHQ-2 total (0 to 6)?"),
    bands=(
        Band("negative", 0, "negative screen", reassures=True),
        Band(
            "positive",
            3,
            "positive screen: go on to PHQ-9 and an interview",
            "sensitivity 83%, specificity 92% for major depression",
        ),
    ),
    population=Population("people from 12 years on; it screens and does not diagnose", min_age_years=12, in_pregnancy=True),
    sources=("phq2-kroenke-2003",),
)

PHQ9 = Calculator(
    id="phq-9",
    name="PHQ-9",
    about="the severity of depressive symptoms",
    inputs=(
        *_TWO,
        _item("sleep", "sleep", "trouble with sleep, or too much of it", "insomnia"),
        _item("energy", "tiredness", "tiredness or little energy", "fatigue"),
        _item("appetite", "appetite", "poor appetite or overeating"),
        _item("guilt", "feeling a failure", "feeling bad about yourself"),
        _item("concentration", "concentration", "trouble with concentrating", "concentration-difficulty"),
        _item("slowed_or_restless", "slowed or restless", "being slowed down or restless, so that others noticed"),
        _item(
            "self_harm",
            "thoughts of death or self-harm",
            "thoughts of being better off dead or of hurting yourself",
            "suicidal-thoughts",
        ),
    ),
    score=phq9,
    top=27,
    stated=Stated("phq9_points", (0, 27), "What is the PHQ-9 total (0 to 27)?"),
    bands=(
        Band("minimal", 0, "minimal symptoms", reassures=True),
        Band("mild", 5, "mild symptoms: watch and repeat"),
        Band(
            "moderate",
            10,
            "moderate symptoms: treatment plan",
            "from 10 points on sensitivity 88%, specificity 88% for major depression",
        ),
        Band("moderately-severe", 15, "moderately severe symptoms: active treatment"),
        Band("severe", 20, "severe symptoms: treatment at once, specialist if it does not help"),
    ),
    population=Population(
        "people from 12 years on; it does not diagnose, and any point for self-harm needs an interview whatever the total",
        min_age_years=12,
        in_pregnancy=True,
    ),
    sources=("phq9-kroenke-2001",),
)

GAD7 = Calculator(
    id="gad-7",
    name="GAD-7",
    about="the severity of anxiety",
    inputs=(
        _item("nervous", "nervous or on edge", "feeling nervous or on edge", "anxiety"),
        _item("uncontrolled", "cannot stop worrying", "worry that you could not stop"),
        _item("worrying", "worrying too much", "worrying too much about many things"),
        _item("relaxing", "cannot relax", "trouble with relaxing"),
        _item("restless", "restless", "being too restless to sit still"),
        _item("irritable", "irritable", "being easily annoyed", "irritability"),
        _item("afraid", "afraid of something awful", "fear that something awful might happen", "impending-doom"),
    ),
    score=gad7,
    top=21,
    stated=Stated("gad7_points", (0, 21), "What is the GAD-7 total (0 to 21)?"),
    bands=(
        Band("minimal", 0, "minimal anxiety", reassures=True),
        Band("mild", 5, "mild anxiety"),
        Band(
            "moderate",
            10,
            "moderate anxiety: assess further",
            "from 10 points on sensitivity 89%, specificity 82% for generalised anxiety disorder",
        ),
        Band("severe", 15, "severe anxiety: treatment"),
    ),
    population=Population("people from 12 years on; it does not diagnose", min_age_years=12, in_pregnancy=True),
    sources=("gad7-spitzer-2006",),
)

AUDIT_C = Calculator(
    id="audit-c",
    name="AUDIT-C",
    about="risky drinking",
    inputs=(
        choice("drinking_days", "how often", "How often do you drink alcohol?", DRINKING_DAYS, Origin(), patient_knows=False),
        choice("drinks", "how much", "How many drinks on a drinking day?", DRINKS, Origin(), patient_knows=False),
        choice("binges", "six or more at once", "How often six or more drinks at once?", BINGES, Origin(), patient_knows=False),
    ),
    score=audit_c,
    top=12,
    stated=Stated("auditc_points", (0, 12), "What is the AUDIT-C total (0 to 12)?"),
    bands=(
        Band("lower", 0, "lower risk", reassures=True),
        Band("women", 3, "positive screen in women, not in men: go on to the full AUDIT"),
        Band("positive", 4, "positive screen: go on to the full AUDIT"),
    ),
    population=Population("adults; in pregnancy no amount is safe", min_age_years=18),
    sources=("auditc-bush-1998", "auditc-bradley-2003"),
)
