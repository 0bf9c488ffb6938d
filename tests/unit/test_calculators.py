"""Published test cases of every calculator, the boundary of each cut-off, and values that cannot be."""

import inspect
from collections.abc import Callable

import pytest

from consilium_common.clinical.calculators import CALCULATORS, CalculatorInputError, Value, evaluate, from_total
from consilium_common.clinical.calculators.atrial_fibrillation import cha2ds2_vasc, has_bled
from consilium_common.clinical.calculators.body_mass import body_mass_index
from consilium_common.clinical.calculators.chest_pain import (
    ECG_NORMAL,
    ECG_ST,
    ECG_UNSPECIFIC,
    HIGH,
    HIGHLY,
    MODERATELY,
    NORMAL,
    RAISED,
    SLIGHTLY,
    heart,
    timi,
)
from consilium_common.clinical.calculators.infection import crb65, curb65, fever_pain, mcisaac
from consilium_common.clinical.calculators.injury import canadian_c_spine, ottawa_ankle, ottawa_foot, ottawa_knee
from consilium_common.clinical.calculators.kidney import cockcroft_gault, egfr_ckd_epi_2021
from consilium_common.clinical.calculators.mood import BINGES, DRINKING_DAYS, DRINKS, HOW_OFTEN, audit_c, gad7, phq2, phq9
from consilium_common.clinical.calculators.qt import qtc_bazett, qtc_fridericia
from consilium_common.clinical.calculators.stroke import (
    EYES,
    FROM_HOUR,
    MOVES,
    NEITHER,
    SPEECH,
    UNDER_HOUR,
    UNDER_TEN,
    WEAKNESS,
    WORDS,
    abcd2,
    glasgow_coma_scale,
)
from consilium_common.clinical.calculators.thrombosis import perc, wells_dvt, wells_pe

Given = dict[str, Value]


def lowest(calculator: str, **changed: Value) -> float:
    """The score with every input at its lowest but those changed."""
    known = CALCULATORS[calculator]
    result = evaluate(known, {**{each.name: each.lowest for each in known.inputs}, **changed})
    assert result.value is not None
    return result.value


def noes(score: Callable[..., float], *answered: str) -> Given:
    """No to every question of a rule but to those answered."""
    return {name: False for name in inspect.signature(score).parameters if name not in answered}


def test_heart_item_by_item() -> None:
    """The five tables of Six, Backus, Kelder, Neth Heart J 2008;16:191-6, with three risk factors as 2 points."""
    nobody: Given = noes(heart, "history", "ecg", "age_years", "troponin") | {
        "history": SLIGHTLY,
        "ecg": ECG_NORMAL,
        "age_years": 44,
        "troponin": NORMAL,
    }
    assert heart(**nobody) == 0
    for changed, points in (
        ({"history": MODERATELY}, 1),
        ({"history": HIGHLY}, 2),
        ({"ecg": ECG_UNSPECIFIC}, 1),
        ({"ecg": ECG_ST}, 2),
        ({"age_years": 45}, 1),
        ({"age_years": 64}, 1),
        ({"age_years": 65}, 2),
        ({"troponin": RAISED}, 1),
        ({"troponin": HIGH}, 2),
        ({"smoking": True}, 1),
        ({"smoking": True, "diabetes": True}, 1),
        ({"smoking": True, "diabetes": True, "hypertension": True}, 2),
        ({"atherosclerosis": True}, 2),
    ):
        assert heart(**(nobody | changed)) == points, changed
    assert (
        heart(**(nobody | {"history": HIGHLY, "ecg": ECG_ST, "age_years": 80, "troponin": HIGH, "atherosclerosis": True})) == 10
    )


def test_timi_counts_its_seven_variables() -> None:
    """Table 2 of Antman, JAMA 2000;284:835-42: one point each; three of five risk factors make one of them."""
    nobody: Given = noes(timi, "age_years") | {"age_years": 64}
    assert timi(**nobody) == 0
    assert timi(**(nobody | {"age_years": 65})) == 1
    risks = {"hypertension": True, "diabetes": True}
    assert timi(**(nobody | risks)) == 0
    assert timi(**(nobody | risks | {"smoking": True})) == 1
    every: Given = dict.fromkeys(nobody, True) | {"age_years": 80}
    assert timi(**every) == 7
    assert "13.2%" in CALCULATORS["timi-ua-nstemi"].per_score[3]


def test_cha2ds2_vasc_of_published_patients() -> None:
    """Lip, Chest 2010;137:263-72 (points of table 3), and a published case: 68-year-old man with hypertension, heart failure
    and diabetes, 4 points.
    """
    nobody: Given = noes(cha2ds2_vasc, "age_years", "sex") | {"age_years": 64, "sex": "m"}
    assert cha2ds2_vasc(**nobody) == 0
    assert cha2ds2_vasc(**(nobody | {"age_years": 68, "hypertension": True, "heart_failure": True, "diabetes": True})) == 4
    assert cha2ds2_vasc(**(nobody | {"age_years": 72, "hypertension": True, "diabetes": True, "sex": "f"})) == 4
    for changed, points in (({"age_years": 65}, 1), ({"age_years": 74}, 1), ({"age_years": 75}, 2), ({"stroke": True}, 2)):
        assert cha2ds2_vasc(**(nobody | changed)) == points
    assert cha2ds2_vasc(**(dict.fromkeys(nobody, True) | {"age_years": 80, "sex": "f"})) == 9


def test_has_bled_points() -> None:
    """Pisters, Chest 2010;138:1093-100, table 1: nine single points; over 65, not from 65."""
    nobody: Given = noes(has_bled, "age_years") | {"age_years": 65}
    assert has_bled(**nobody) == 0
    assert has_bled(**(nobody | {"age_years": 66})) == 1
    assert has_bled(**(dict.fromkeys(nobody, True) | {"age_years": 66})) == 9


@pytest.mark.parametrize(
    ("qt", "rate", "bazett", "fridericia"),
    [
        (400, 60, 400, 400),  # at 60 a minute both leave QT as it is, by definition
        (360, 100, 465, 427),  # QT 360 at 100/min, a common teaching example of Bazett's overcorrection
        (440, 50, 402, 414),
    ],
)
def test_corrected_qt(qt: float, rate: float, bazett: float, fridericia: float) -> None:
    assert round(qtc_bazett(qt_ms=qt, heart_rate_bpm=rate)) == bazett
    assert round(qtc_fridericia(qt_ms=qt, heart_rate_bpm=rate)) == fridericia


def test_wells_scores() -> None:
    """Wells, NEJM 2003;349:1227-35, table 1, and Wells, Thromb Haemost 2000;83:416-20, table 2."""
    assert wells_dvt(**noes(wells_dvt)) == 0
    assert wells_dvt(**(noes(wells_dvt) | {"other_as_likely": True})) == -2
    assert wells_dvt(**(dict.fromkeys(noes(wells_dvt), True) | {"other_as_likely": False})) == 9
    nobody: Given = noes(wells_pe, "heart_rate_bpm") | {"heart_rate_bpm": 100}
    assert wells_pe(**nobody) == 0
    for changed, points in (
        ({"heart_rate_bpm": 101}, 1.5),
        ({"dvt_signs": True}, 3),
        ({"embolism_likeliest": True}, 3),
        ({"immobile_or_surgery": True}, 1.5),
        ({"clot_before": True}, 1.5),
        ({"haemoptysis": True}, 1),
        ({"active_cancer": True}, 1),
    ):
        assert wells_pe(**(nobody | changed)) == points
    calculator = CALCULATORS["wells-pe"]
    assert (calculator.band(4).id, calculator.band(4.5).id) == ("unlikely", "likely")  # likely above 4, van Belle 2006


def test_perc_needs_all_eight() -> None:
    """Kline, J Thromb Haemost 2004;2:1247-55: under 50, pulse under 100, saturation 95% or more, and five times no."""
    nobody: Given = noes(perc, "age_years", "heart_rate_bpm", "spo2_pct") | {
        "age_years": 49,
        "heart_rate_bpm": 99,
        "spo2_pct": 95,
    }
    assert perc(**nobody) == 0
    assert (
        perc(**(nobody | {"age_years": 50}))
        == perc(**(nobody | {"heart_rate_bpm": 100}))
        == perc(**(nobody | {"spo2_pct": 94}))
        == 1
    )
    assert perc(**(dict.fromkeys(nobody, True) | {"age_years": 50, "heart_rate_bpm": 100, "spo2_pct": 94})) == 8


def test_abcd2_points() -> None:
    """Johnston, Lancet 2007;369:283-92, table 3."""
    nobody: Given = {
        "age_years": 59,
        "systolic_mmhg": 139,
        "diastolic_mmhg": 89,
        "features": NEITHER,
        "duration": UNDER_TEN,
        "diabetes": False,
    }
    assert abcd2(**nobody) == 0
    for changed, points in (
        ({"age_years": 60}, 1),
        ({"systolic_mmhg": 140}, 1),
        ({"diastolic_mmhg": 90}, 1),
        ({"features": SPEECH}, 1),
        ({"features": WEAKNESS}, 2),
        ({"duration": UNDER_HOUR}, 1),
        ({"duration": FROM_HOUR}, 2),
        ({"diabetes": True}, 1),
    ):
        assert abcd2(**(nobody | changed)) == points


def test_glasgow_coma_scale_runs_from_three_to_fifteen() -> None:
    """Teasdale, Jennett, Lancet 1974;2:81-4, with the sixth motor step of 1976: four, five and six steps."""
    assert glasgow_coma_scale(eyes=EYES[0], words=WORDS[0], moves=MOVES[0]) == 3
    assert glasgow_coma_scale(eyes=EYES[1], words=WORDS[2], moves=MOVES[4]) == 2 + 3 + 5
    assert glasgow_coma_scale(eyes=EYES[-1], words=WORDS[-1], moves=MOVES[-1]) == 15


def test_curb65_and_crb65() -> None:
    """Lim, Thorax 2003;58:377-82: urea over 7, 30 breaths or more, under 90 systolic or 60 or less diastolic, 65 or more."""
    nobody: Given = {
        "confusion": False,
        "respiratory_rate_min": 29,
        "systolic_mmhg": 90,
        "diastolic_mmhg": 61,
        "age_years": 64,
    }
    assert crb65(**nobody) == 0
    assert curb65(**nobody, urea_mmol_l=7) == 0
    assert curb65(**nobody, urea_mmol_l=7.1) == 1
    for changed in (
        {"confusion": True},
        {"respiratory_rate_min": 30},
        {"systolic_mmhg": 89},
        {"diastolic_mmhg": 60},
        {"age_years": 65},
    ):
        assert crb65(**(nobody | changed)) == 1
    assert crb65(**(nobody | {"systolic_mmhg": 80, "diastolic_mmhg": 40})) == 1  # low pressure counts once


def test_sore_throat_scores() -> None:
    """McIsaac, CMAJ 1998;158:75-83, and Little, BMJ 2013;347:f5806 (both with their tables of points)."""
    textbook: Given = {"fever": True, "cough": False, "tender_glands": True, "tonsils": True}
    assert mcisaac(**textbook, age_years=10) == 5
    assert mcisaac(**textbook, age_years=15) == mcisaac(**textbook, age_years=44) == 4
    assert mcisaac(**textbook, age_years=45) == 3
    assert mcisaac(fever=False, cough=True, tender_glands=False, tonsils=False, age_years=45) == -1
    assert fever_pain(fever=True, purulence=True, attends_rapidly=True, inflamed=True, cough_or_cold=False) == 5
    assert fever_pain(fever=False, purulence=False, attends_rapidly=False, inflamed=False, cough_or_cold=True) == 0


def test_rules_for_x_rays() -> None:
    """Stiell, JAMA 1993;269:1127-32 (ankle, foot) and Ann Emerg Med 1995;26:405-13 (knee): one sign is enough."""
    assert ottawa_ankle(**noes(ottawa_ankle)) == ottawa_foot(**noes(ottawa_foot)) == 0
    knee: Given = noes(ottawa_knee, "age_years")
    assert (ottawa_knee(**knee, age_years=54), ottawa_knee(**knee, age_years=55)) == (0, 1)
    for rule in (ottawa_ankle, ottawa_foot):
        for sign in noes(rule):
            assert rule(**(noes(rule) | {sign: True})) == 1


def test_canadian_c_spine_in_its_three_steps() -> None:
    """Stiell, JAMA 2001;286:1841-8, figure: high risk, then low risk, then turning the head."""
    sore: Given = noes(canadian_c_spine, "age_years") | {"age_years": 64, "midline_tenderness": True, "can_turn": True}
    assert canadian_c_spine(**sore) == 1  # no low-risk factor, so movement is not tested
    walking = sore | {"walked": True}
    assert canadian_c_spine(**walking) == 0
    assert canadian_c_spine(**(walking | {"can_turn": False})) == 1
    for high in ({"age_years": 65}, {"dangerous_mechanism": True}, {"tingling_limbs": True}):
        assert canadian_c_spine(**(walking | high)) == 1


def test_questionnaires_add_up() -> None:
    """The forms of Kroenke 2001 and 2003, Spitzer 2006 and Bush 1998: every item from 0 to 3, AUDIT-C from 0 to 4."""
    for score, most in ((phq2, 6), (phq9, 27), (gad7, 21)):
        names = inspect.signature(score).parameters
        assert score(**dict.fromkeys(names, HOW_OFTEN[0])) == 0
        assert score(**dict.fromkeys(names, HOW_OFTEN[3])) == most
    assert audit_c(drinking_days=DRINKING_DAYS[0], drinks=DRINKS[0], binges=BINGES[0]) == 0
    assert audit_c(drinking_days=DRINKING_DAYS[-1], drinks=DRINKS[-1], binges=BINGES[-1]) == 12
    assert audit_c(drinking_days=DRINKING_DAYS[2], drinks=DRINKS[1], binges=BINGES[1]) == 2 + 1 + 1


@pytest.mark.parametrize(
    ("creatinine_mg_dl", "age_years", "sex", "rate"),
    [
        # The equation of Inker, NEJM 2021;385:1737-49, table S10, worked by hand: at the knot the first factors are 1.
        (0.9, 50, "m", 104),  # 142 x 0.9938^50
        (0.7, 50, "f", 105),  # 142 x 0.9938^50 x 1.012
        (1.8, 50, "m", 45),  # 142 x 2^-1.2 x 0.9938^50
        (1.4, 50, "f", 46),
        (0.45, 50, "m", 128),  # 142 x 0.5^-0.302 x 0.9938^50
        (0.35, 50, "f", 124),
    ],
)
def test_egfr_by_ckd_epi_2021(creatinine_mg_dl: float, age_years: float, sex: str, rate: float) -> None:
    assert round(egfr_ckd_epi_2021(creatinine_umol_l=creatinine_mg_dl * 88.4, age_years=age_years, sex=sex)) == rate


@pytest.mark.parametrize(
    ("age_years", "weight_kg", "creatinine_mg_dl", "sex", "clearance"),
    [
        (50, 80, 1.0, "m", 100.0),  # theprimecalculator.com: 90 x 80 / 72
        (30, 50, 10, "m", 7.64),  # wpcalc.com: 110 x 50 / 720
        (70, 75, 1.0, "m", 72.9),  # published teaching case: 5,250 / 72
        (45, 65, 0.9, "f", 81.0),  # superglobalcalculator.com, which rounds 81.00 down to 80.9
    ],
)
def test_clearance_by_cockcroft_and_gault(
    age_years: float, weight_kg: float, creatinine_mg_dl: float, sex: str, clearance: float
) -> None:
    value = cockcroft_gault(creatinine_umol_l=creatinine_mg_dl * 88.4, age_years=age_years, weight_kg=weight_kg, sex=sex)
    assert value == pytest.approx(clearance, abs=0.05)


def test_body_mass_index() -> None:
    """WHO technical report 894 (2000), table 2.1: the limits of the classes at 1.70 m."""
    assert body_mass_index(weight_kg=70, height_cm=175) == pytest.approx(22.86, abs=0.01)
    for value, band in (
        (18.4, "under"),
        (18.5, "normal"),
        (24.9, "normal"),
        (25, "over"),
        (30, "obese-1"),
        (35, "obese-2"),
        (40, "obese-3"),
    ):
        assert CALCULATORS["bmi"].band(value).id == band


# For every calculator, the published limits: a score just under and at each of them.
CUT_OFFS = [
    ("heart", 3, "low"), ("heart", 4, "moderate"), ("heart", 6, "moderate"), ("heart", 7, "high"),
    ("timi-ua-nstemi", 2, "low"), ("timi-ua-nstemi", 3, "intermediate"), ("timi-ua-nstemi", 5, "high"),
    ("cha2ds2-vasc", 0, "zero"), ("cha2ds2-vasc", 1, "one"), ("cha2ds2-vasc", 2, "two"), ("cha2ds2-vasc", 3, "more"),
    ("has-bled", 2, "low"), ("has-bled", 3, "high"),
    ("qtc-bazett", 449, "not-prolonged"), ("qtc-bazett", 450, "men"), ("qtc-fridericia", 460, "prolonged"),
    ("qtc-fridericia", 499, "prolonged"), ("qtc-fridericia", 500, "dangerous"),
    ("wells-dvt", 1, "unlikely"), ("wells-dvt", 2, "likely"), ("perc", 0, "negative"), ("perc", 1, "positive"),
    ("abcd2", 3, "low"), ("abcd2", 4, "moderate"), ("abcd2", 5, "moderate"), ("abcd2", 6, "high"),
    ("glasgow-coma-scale", 8, "severe"), ("glasgow-coma-scale", 9, "moderate"), ("glasgow-coma-scale", 13, "mild"),
    ("glasgow-coma-scale", 15, "full"),
    ("crb-65", 0, "low"), ("crb-65", 1, "intermediate"), ("crb-65", 3, "high"),
    ("curb-65", 1, "low"), ("curb-65", 2, "intermediate"), ("curb-65", 3, "high"),
    ("centor-mcisaac", 1, "low"), ("centor-mcisaac", 2, "intermediate"), ("centor-mcisaac", 4, "high"),
    ("fever-pain", 1, "low"), ("fever-pain", 2, "intermediate"), ("fever-pain", 4, "high"),
    ("phq-2", 2, "negative"), ("phq-2", 3, "positive"), ("phq-9", 4, "minimal"), ("phq-9", 5, "mild"),
    ("phq-9", 10, "moderate"), ("phq-9", 15, "moderately-severe"), ("phq-9", 20, "severe"),
    ("gad-7", 4, "minimal"), ("gad-7", 5, "mild"), ("gad-7", 10, "moderate"), ("gad-7", 15, "severe"),
    ("audit-c", 2, "lower"), ("audit-c", 3, "women"), ("audit-c", 4, "positive"),
    ("egfr-ckd-epi-2021", 14, "g5"), ("egfr-ckd-epi-2021", 15, "g4"), ("egfr-ckd-epi-2021", 30, "g3b"),
    ("egfr-ckd-epi-2021", 45, "g3a"), ("egfr-ckd-epi-2021", 60, "g2"), ("egfr-ckd-epi-2021", 90, "g1"),
    ("cockcroft-gault", 29, "severe"), ("cockcroft-gault", 30, "moderate"), ("cockcroft-gault", 60, "mild"),
]  # fmt: skip


@pytest.mark.parametrize(("calculator", "score", "band"), CUT_OFFS)
def test_each_cut_off(calculator: str, score: float, band: str) -> None:
    assert CALCULATORS[calculator].band(score).id == band


def test_a_score_that_is_just_under_a_limit_before_rounding_is_banded_as_it_is_shown() -> None:
    """449.6 ms is reported as 450 ms, and a reader must not find two bands for it."""
    result = evaluate(CALCULATORS["qtc-bazett"], {"qt_ms": 449.6, "heart_rate_bpm": 60})
    assert (result.value, result.band.id if result.band else None) == (450, "men")


@pytest.mark.parametrize(
    ("calculator", "given", "says"),
    [
        (
            "egfr-ckd-epi-2021",
            {"creatinine_umol_l": 1.2},
            r"1.2 µmol/l is not possible.*between 15 and 2500.*1.2 mg/dl would be 106.1",
        ),
        ("curb-65", {"urea_mmol_l": 0.1}, "urea: 0.1 mmol/l is not possible"),
        ("bmi", {"height_cm": 1.8}, "1.8 m would be 180 cm"),
        ("heart", {"age_years": 214}, "age: 214 years is not possible, it must be between 0 and 120 years"),
        ("heart", {"age_years": "old"}, "a number in years is expected, not 'old'"),
        ("heart", {"age_years": True}, "a number in years is expected, not True"),
        ("heart", {"age_years": float("nan")}, "not possible"),
        ("heart", {"diabetes": 1}, "yes or no is expected, not 1"),
        ("heart", {"ecg": "odd"}, "'odd' is none of normal, unspecific change"),
        ("heart", {"shoe_size": 43}, "has no input 'shoe_size'; it takes troponin"),
    ],
)
def test_what_cannot_be_is_refused_with_what_would_be_right(calculator: str, given: Given, says: str) -> None:
    with pytest.raises(CalculatorInputError, match=says):
        evaluate(CALCULATORS[calculator], given)


@pytest.mark.parametrize(("calculator", "total"), [("phq-9", 28), ("phq-9", -1), ("gad-7", 10.5), ("heart", 5)])
def test_a_total_that_cannot_be_is_refused(calculator: str, total: float) -> None:
    with pytest.raises(CalculatorInputError):
        from_total(CALCULATORS[calculator], total)


def test_every_score_can_be_reached_from_its_lowest() -> None:
    assert lowest("heart", diabetes=True) == 1
    assert lowest("centor-mcisaac", age_years=10) == 1
