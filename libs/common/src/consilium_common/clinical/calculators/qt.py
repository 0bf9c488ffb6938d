"""The corrected QT interval, by Bazett and by Fridericia."""

from math import sqrt

from consilium_common.clinical.calculators.inputs import vital
from consilium_common.clinical.calculators.scoring import Band, Calculator, Population


def qtc_bazett(*, qt_ms: float, heart_rate_bpm: float) -> float:
    """Return the QT interval corrected by the square root of the RR interval in seconds, in ms: Bazett 1920."""
    return qt_ms / sqrt(60 / heart_rate_bpm)


def qtc_fridericia(*, qt_ms: float, heart_rate_bpm: float) -> float:
    """Return the QT interval corrected by the cube root of the RR interval in seconds, in ms: Fridericia 1920."""
    return float(qt_ms / (60 / heart_rate_bpm) ** (1 / 3))


_QT_INPUTS = (
    vital("qt_ms", "QT interval", "What is the QT interval on the ECG?", "ms", (150, 900)),
    vital("heart_rate_bpm", "heart rate", "What was the heart rate on the ECG?", "/min", (20, 250), patient_knows=True),
)
_QT_BANDS = (
    Band("not-prolonged", 0, "not prolonged", reassures=True),
    Band("men", 450, "prolonged in men, not in women"),
    Band("prolonged", 460, "prolonged"),
    Band(
        "dangerous", 500, "markedly prolonged: high risk of torsades de pointes, stop what prolongs it and correct electrolytes"
    ),
)
_QT_POPULATION = Population(
    "adults with a narrow QRS and no paced rhythm; a wide QRS prolongs QT by itself", min_age_years=18, in_pregnancy=True
)

QTC_BAZETT = Calculator(
    id="qtc-bazett",
    name="QTc by Bazett",
    about="the QT interval at a heart rate of 60; too long above 100 and too short below 60 beats a minute",
    inputs=_QT_INPUTS,
    score=qtc_bazett,
    unit="ms",
    bands=_QT_BANDS,
    population=_QT_POPULATION,
    sources=("qtc-bazett-1920", "aha-qt-2009"),
)

QTC_FRIDERICIA = Calculator(
    id="qtc-fridericia",
    name="QTc by Fridericia",
    about="the QT interval at a heart rate of 60, better than Bazett's away from 60 beats a minute",
    inputs=_QT_INPUTS,
    score=qtc_fridericia,
    unit="ms",
    bands=_QT_BANDS,
    population=_QT_POPULATION,
    sources=("qtc-fridericia-1920", "aha-qt-2009"),
)
