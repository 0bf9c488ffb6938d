"""Published scores and rules as pure functions, with their inputs, bands, populations and sources; one file per field.

`CALCULATORS` has all of them by id. How to add one is in docs/knowledge.md.
"""

from collections.abc import Mapping
from types import MappingProxyType

from consilium_common.clinical.calculators.atrial_fibrillation import CHA2DS2_VASC, HAS_BLED
from consilium_common.clinical.calculators.body_mass import BODY_MASS_INDEX
from consilium_common.clinical.calculators.chest_pain import HEART, TIMI
from consilium_common.clinical.calculators.drawing import Case, Drawn, Worked, work_out
from consilium_common.clinical.calculators.infection import CRB65, CURB65, FEVER_PAIN, MCISAAC
from consilium_common.clinical.calculators.injury import CANADIAN_C_SPINE, OTTAWA_ANKLE, OTTAWA_FOOT, OTTAWA_KNEE
from consilium_common.clinical.calculators.inputs import CalculatorInputError, Input, Origin, Value, Values
from consilium_common.clinical.calculators.kidney import COCKCROFT_GAULT, EGFR_CKD_EPI_2021
from consilium_common.clinical.calculators.mood import AUDIT_C, GAD7, PHQ2, PHQ9
from consilium_common.clinical.calculators.qt import QTC_BAZETT, QTC_FRIDERICIA
from consilium_common.clinical.calculators.scoring import Band, Calculator, Population, Result, evaluate, from_total
from consilium_common.clinical.calculators.stroke import ABCD2, GLASGOW_COMA_SCALE
from consilium_common.clinical.calculators.thrombosis import PERC, WELLS_DVT, WELLS_PE

CALCULATORS: Mapping[str, Calculator] = MappingProxyType(
    {
        calculator.id: calculator
        for calculator in (
            HEART,
            TIMI,
            CHA2DS2_VASC,
            HAS_BLED,
            QTC_BAZETT,
            QTC_FRIDERICIA,
            WELLS_DVT,
            WELLS_PE,
            PERC,
            ABCD2,
            GLASGOW_COMA_SCALE,
            CRB65,
            CURB65,
            MCISAAC,
            FEVER_PAIN,
            OTTAWA_ANKLE,
            OTTAWA_FOOT,
            OTTAWA_KNEE,
            CANADIAN_C_SPINE,
            PHQ2,
            PHQ9,
            GAD7,
            AUDIT_C,
            EGFR_CKD_EPI_2021,
            COCKCROFT_GAULT,
            BODY_MASS_INDEX,
        )
    }
)

__all__ = [
    "CALCULATORS",
    "Band",
    "Calculator",
    "CalculatorInputError",
    "Case",
    "Drawn",
    "Input",
    "Origin",
    "Population",
    "Result",
    "Value",
    "Values",
    "Worked",
    "evaluate",
    "from_total",
    "work_out",
]
