"""Reading: who the patient is, what was measured, since when and how badly."""

import pytest

from consilium_common.contracts.case import Finding, Reading
from support.clinical import reader


def read(text: str) -> Reading:
    return reader().read(text)


def finding(text: str, name: str) -> Finding:
    return next(each for each in read(text).findings if each.id == name)


@pytest.mark.parametrize(
    ("text", "age_years"),
    [
        ("I am 58. chest pain", 58),
        ("58-year-old with chest pain", 58),
        ("58yo M, chest pain", 58),
        ("I'm a fifty-eight year old with a cough", 58),
        ("aged 7, cough", 7),
        ("cough (34F)", 34),
        ("my 2 year old has a cough", 2),
        ("my 3 week old baby has a fever", pytest.approx(0.0575, abs=0.001)),
        ("my 18 month old has a rash", 1.5),
        ("I am in my 60s and cough", 65),
        ("my husband, 62, has chest pain", 62),
        ("my daughter is 14 and has a cough", 14),
        ("my baby is 5 weeks and has a cough", pytest.approx(0.0958, abs=0.001)),
        ("my baby is 5 weeks early and has a cough", None),
        ("my son is 3 days post op and has a fever", None),
        ("my partner is 6 foot and has a cough", None),
        ("no fever, I'm 30", 30),
        ("my father had a seizure when he was 58 years old", None),
        ("I am 20 weeks pregnant", None),
        ("chest pain for 58 minutes", None),
        ("I am 200 years old", None),
    ],
)
def test_age(text: str, age_years: float | None) -> None:
    assert read(text).patient.age_years == age_years


@pytest.mark.parametrize(
    ("text", "sex"),
    [
        ("I am a man of 40 with a cough", "m"),
        ("I'm a 40 year old woman", "f"),
        ("58yo M", "m"),
        ("25F with cough", "f"),
        ("I am pregnant", "f"),
        ("my son has a cough", "m"),
        ("my wife has a fever", "f"),
        ("She has a cough", "f"),
        ("temperature is 102 F and cough", None),
        ("I have a cough", None),
    ],
)
def test_sex(text: str, sex: str | None) -> None:
    assert read(text).patient.sex == sex


@pytest.mark.parametrize(
    ("text", "pregnant"),
    [
        ("I am 34 weeks pregnant", True),
        ("I am not pregnant", False),
        ("could I be pregnant?", None),
        ("my sister is pregnant and I have a cough", None),
        ("cough", None),
    ],
)
def test_pregnancy(text: str, pregnant: bool | None) -> None:
    assert read(text).patient.pregnant is pregnant


def test_medicines_and_allergies_are_told_apart() -> None:
    patient = read("I take warfarin. I'm allergic to penicillin. Can I take ibuprofen?").patient
    assert patient.medications == ("warfarin",)
    assert patient.allergies == ("penicillin",)


@pytest.mark.parametrize("text", ["I stopped warfarin", "I don't take warfarin", "my mother takes warfarin and I cough"])
def test_a_medicine_that_is_not_taken_is_not_listed(text: str) -> None:
    assert read(text).patient.medications == ()


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("bp 150/95", "systolic_mmhg", 150),
        ("blood pressure was 150 over 95", "diastolic_mmhg", 95),
        ("HR 120", "heart_rate_bpm", 120),
        ("pulse is about 44", "heart_rate_bpm", 44),
        ("temp 38.9 C", "temperature_c", 38.9),
        ("fever of 102 F", "temperature_c", 38.9),
        ("my temperature is 103", "temperature_c", 39.4),
        ("38,5°C", "temperature_c", 38.5),
        ("SpO2 91%", "spo2_pct", 91),
        ("oxygen level is 88", "spo2_pct", 88),
        ("RR 24", "respiratory_rate_min", 24),
        ("glucose 400 mg/dl", "glucose_mmol_l", 22.2),
        ("blood sugar 12.4", "glucose_mmol_l", 12.4),
        ("I weigh 180 lbs", "weight_kg", 81.6),
        ("peak flow 45%", "peak_flow_pct", 45),
        ("potassium 6.8 mmol/l", "potassium_mmol_l", 6.8),
        ("creatinine 180 µmol/l", "creatinine_umol_l", 180),
        ("creatinine of 1.2 mg/dl", "creatinine_umol_l", 106.1),
        ("creatinine 1.4", "creatinine_umol_l", 123.8),
        ("urea 9.2 mmol/l", "urea_mmol_l", 9.2),
        ("BUN 28 mg/dl", "urea_mmol_l", 10.0),
        ("I am 175 cm tall", "height_cm", 175),
        ("height 1.75 m", "height_cm", 175),
        ("QT interval 440 ms", "qt_ms", 440),
        ("GCS 14/15", "gcs_points", 14),
        ("PHQ-9 score of 17", "phq9_points", 17),
        ("GAD-7: 12", "gad7_points", 12),
        ("AUDIT-C 5", "auditc_points", 5),
    ],
)
def test_vitals_with_their_units(text: str, name: str, value: float) -> None:
    assert {vital.name: vital.value for vital in read(text).vitals}[name] == pytest.approx(value, abs=0.05)


def test_an_impossible_value_is_dropped_and_said() -> None:
    reading = read("HR 900 and a cough")
    assert reading.vitals == ()
    assert "HR 900" in reading.assumptions[0]
    assert "between 15 and 320" in reading.assumptions[0]


def test_a_duration_is_no_temperature() -> None:
    assert read("fever for 38 hours").vitals == ()


@pytest.mark.parametrize(
    "text", ["creatinine clearance 45", "QTc 440 ms", "if your creatinine is over 200", "I saw 3 tall men"]
)
def test_what_only_looks_like_a_laboratory_value_is_none(text: str) -> None:
    assert read(text).vitals == ()


def test_a_laboratory_value_never_passes_for_glucose() -> None:
    names = {vital.name for vital in read("urea 9.2 mmol/l, creatinine 1.2 mg/dl, potassium 4.1 mmol/l").vitals}
    assert names == {"urea_mmol_l", "creatinine_umol_l", "potassium_mmol_l"}
    assert read("urine protein 360 mg/dl, protein to creatinine ratio 37").vitals == ()
    assert [vital.name for vital in read("I am shaking, my meter says 2.4 mmol/l").vitals] == ["glucose_mmol_l"]


def test_a_measured_value_speaks_for_itself() -> None:
    assert [each.id for each in read("temperature 36.8, bp 120/80").findings] == []
    assert [each.id for each in read("temperature 39.1").findings] == ["fever"]


@pytest.mark.parametrize(
    ("text", "name", "hours"),
    [
        ("chest pain for 20 minutes, my left arm is heavy", "chest-pain", 1 / 3),
        ("sore throat for two days", "sore-throat", 48),
        ("I have had a cough, fever and headache for 3 days", "cough", 72),
        ("For the last 2 weeks I have had back pain", "back-pain", 336),
        ("the headache started 3 hours ago", "headache", 3),
        ("headache since yesterday", "headache", 24),
        ("I have a cough. It has lasted for 5 days.", "cough", 120),
        ("cough x 3 days", "cough", 72),
        ("half an hour of chest pain", "chest-pain", 0.5),
        ("chest pain every 4 hours", "chest-pain", None),
        ("my 3 day old baby has a rash", "rash", None),
        ("cough 3 times a day", "cough", None),
    ],
)
def test_durations(text: str, name: str, hours: float | None) -> None:
    assert finding(text, name).duration_h == (None if hours is None else pytest.approx(hours, abs=0.01))


@pytest.mark.parametrize(
    ("text", "name", "onset"),
    [
        ("sudden weakness on one side and my face droops", "facial-droop", "sudden"),
        ("I have a headache. It came on suddenly.", "headache", "sudden"),
        ("the back pain came on gradually", "back-pain", "gradual"),
        ("the headache was not sudden", "headache", None),
        ("a headache", "headache", None),
    ],
)
def test_onset(text: str, name: str, onset: str | None) -> None:
    assert finding(text, name).onset == onset


@pytest.mark.parametrize(
    ("text", "severity"),
    [
        ("headache 8/10", 8),
        ("a headache, 7 out of 10", None),
        ("mild headache", 2),
        ("excruciating headache", 10),
        ("headache", None),
    ],
)
def test_severity_belongs_to_its_statement(text: str, severity: int | None) -> None:
    assert finding(text, "headache").severity == severity


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("my left knee hurts", "left"),
        ("knee pain on the right", "right"),
        ("both knees hurt", "both"),
        ("knee pain right now", None),
    ],
)
def test_side(text: str, side: str | None) -> None:
    assert finding(text, "knee-pain").side == side


@pytest.mark.parametrize("text", ["I can't turn my head, I'm 28", "I can’t lift my arm, 30 years old"])
def test_the_end_of_a_contraction_is_no_temperature(text):
    assert not [vital for vital in read(text).vitals if vital.name == "temperature_c"]


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("pulse 112/min", "heart_rate_bpm", 112),
        ("heart rate is 88 / minute", "heart_rate_bpm", 88),
        ("respirations are 24/min", "respiratory_rate_min", 24),
    ],
)
def test_a_rate_may_say_per_minute_with_a_slash(text, name, value):
    assert [(vital.name, vital.value) for vital in read(text).vitals] == [(name, value)]


@pytest.mark.parametrize("text", ["no fever, I'm 30", "cough and no fever, aged 31", "no fever, he is 32"])
def test_an_age_after_the_word_fever_is_no_temperature(text: str) -> None:
    assert read(text).vitals == ()


def test_a_fever_with_its_number_is_a_temperature() -> None:
    (vital,) = read("fever of 39.5 since yesterday").vitals
    assert (vital.name, vital.value) == ("temperature_c", 39.5)
