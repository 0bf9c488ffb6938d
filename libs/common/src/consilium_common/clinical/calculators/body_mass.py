"""Body mass index."""

from consilium_common.clinical.calculators.inputs import Origin, number, vital
from consilium_common.clinical.calculators.scoring import Band, Calculator, Population


def body_mass_index(*, weight_kg: float, height_cm: float) -> float:
    """Return weight over height squared, in kg/m²: WHO 2000."""
    return weight_kg / (height_cm / 100) ** 2


BODY_MASS_INDEX = Calculator(
    id="bmi",
    name="Body mass index",
    about="weight for height",
    inputs=(
        vital("weight_kg", "weight", "How much do you weigh?", "kg", (20, 350), patient_knows=True),
        number(
            "height_cm",
            "height",
            "How tall are you?",
            "cm",
            (100, 250),
            Origin(vital="height_cm"),
            lowers=True,
            other_units=(("m", 100), ("inches", 2.54)),
            patient_knows=True,
        ),
    ),
    score=body_mass_index,
    unit="kg/m²",
    digits=1,
    bands=(
        Band("under", 0, "underweight"),
        Band("normal", 18.5, "normal range", reassures=True),
        Band("over", 25, "overweight"),
        Band("obese-1", 30, "obesity class I"),
        Band("obese-2", 35, "obesity class II"),
        Band("obese-3", 40, "obesity class III"),
    ),
    population=Population(
        "adults, not in pregnancy; from 27.5 instead of 30 in people of South and East Asian descent", min_age_years=18
    ),
    sources=("who-obesity-2000",),
)
