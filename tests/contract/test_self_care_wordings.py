"""Small complaints in own words: they stay at home with what belongs to them, and do not when one thing more is said."""

import pytest

from consilium_common.clinical.triage import assess
from consilium_common.contracts.knowledge import TriageLevel
from support.wordings import READER, RULES, level

AT_HOME = (
    "A 34-year-old has sneezing, an itchy nose and itchy eyes every May. The mucosa is pale and swollen. No fever.",
    (
        "A 52-year-old teacher has had a sore throat with a runny nose and hoarseness for three days. No rash. T 37.2. "
        "There are small tender lymph nodes in the neck."
    ),
    (
        "A 40-year-old felt a pull in the lower back while lifting a box yesterday. The muscles beside the spine are tender. "
        "Strength, reflexes and feeling in the legs are normal."
    ),
    "A 27-year-old has had pain across the lower back for two days. No numbness in the legs. He can walk and stand.",
    "A 21-year-old student has watery stools and mild cramps since yesterday. He drinks enough and has no fever or blood.",
    "A 4-year-old has had a runny nose and a cough for five days. Temperature 37.3. She is playing and eating.",
    "A 9-month-old has a red bottom under the nappy, the folds are free. He feeds well and has no fever.",
    "A 28-year-old woke with a sticky, slightly red left eye. No pain, no blurred vision, no contact lenses.",
    "A 7-year-old girl has an itchy scalp. Nits were found behind the ears. There are no crusts.",
    "A 20-year-old man has a headache, nausea and thirst after drinking eight beers last night. No head injury.",
    "A 55-year-old has brown wax in the left ear canal, no pain, no discharge.",
    "A 36-year-old got a splinter in his thumb and pulled it out. There is no fever and no spreading redness.",
    "A 12-year-old grazed her knee in the playground. The scab is dry.",
    "a 10 year old gets travel sick on winding roads, vomits in the car, well otherwise",
    "my lips are so chapped from the wind, what balm",
    "athletes foot again, which cream is best",
    "sore muscles after my first spin class, thighs mainly",
    "stiff neck from sleeping weird, no fever or headache, any stretches",
    "mozzie bite on my leg, itchy",
    "cramps on day one of my period, the usual, heat pack?",
)
NOT_AT_HOME = (
    "a wasp got me an hour ago and now I'm hoarse and itchy all over",
    "gnat bite on my arm, and there is a pink streak going up my arm",
    "mozzie bite near his eye and the upper lid is swollen",
    "shampoo got into my eye and now it hurts and I see blurred",
    "a little wax in my ear canal and I went deaf on that side this morning",
    "small splinter in my thumb, the finger is hot and full of pus",
    "an infected ingrown toenail",
    "athletes foot, I am diabetic and the skin is open",
    "cramps with every period, but I missed my period and could be pregnant",
    "knots in my shoulders and a pressure on my chest",
    "stiff neck since this morning with a fever and headache",
    "sore after the gym and my urine is like cola",
    "a bruise turning yellow, I take warfarin",
    "my 8 week old has a stuffy nose and a temperature of 38.2",
    "cold sore on my lip and my eye is red and hurts",
    "a bit of a cold, on chemotherapy",
    "loose stools and a pain low down on the right side that came on suddenly",
    "growing pains, he is 6, and he limps",
    "my tooth is knocked out",
)


@pytest.mark.parametrize("text", AT_HOME)
def test_a_small_complaint_stays_at_home_with_what_belongs_to_it(text: str) -> None:
    # Without the text: what else in it may keep somebody from home is not these rules' doing.
    reading = READER.read(text)
    assert assess(reading, reading.patient, RULES, "").level == TriageLevel.SELF_CARE


@pytest.mark.parametrize("text", NOT_AT_HOME)
def test_one_thing_more_and_it_does_not(text: str) -> None:
    assert level(text).urgency >= TriageLevel.ROUTINE.urgency


def test_a_hoarse_voice_after_a_sting_is_an_emergency() -> None:
    assert level("stung by a wasp half an hour ago, my voice is hoarse now") == TriageLevel.EMERGENCY
    assert level("stung by a wasp last week, hoarse since the concert yesterday") != TriageLevel.EMERGENCY
