"""Harmless messages as people word them: everyday complaints, requests, what is over, denied, feared or imagined.

Nothing of it may send anybody to hospital or ask for a doctor today, or people stop listening. What can be looked after at home
says so.
"""

import pytest

from consilium_common.contracts.case import Patient
from consilium_common.contracts.knowledge import TriageLevel
from support.wordings import level, triage

# Left alone: an appointment at most.
BENIGN: dict[str, tuple[str, ...]] = {
    "requests": (
        "Can you help me set a reminder for my medication?",
        "I need a refill of my blood pressure tablets",
        "could you tell me how to reschedule my physiotherapy appointment?",
        "please explain what an ECG is",
        "Where do I find my vaccination record?",
        "I'd like to understand my lab results, can you explain what HDL means?",
        "can I get a sick note for last week's cold",
        "how do I order a repeat prescription for my contraceptive pill?",
        "my insurance wants a letter about my asthma, who writes that?",
        "thank you, the cream worked well",
        "what is the best time of day to take vitamin D?",
        "how much water should I drink a day?",
        "when is the flu vaccine due?",
        "can you help me find a parking spot at the clinic?",
        "my lab portal does not load",
        "can you recommend exercises for a desk worker?",
        "I found something about side effects online, can you go through it with me?",
        "my doctor started me on amlodipine, should I take it in the morning or at night?",
        "please cancel my appointment on Thursday",
        "how long is my driving licence affected, who can I ask?",
    ),
    "questions about illness": (
        "what are the symptoms of a heart attack?",
        "what is the difference between a stroke and a TIA?",
        "how do doctors treat appendicitis?",
        "can stress cause high blood pressure?",
        "is diabetes hereditary?",
        "how can I prevent a heart attack?",
        "what causes anaphylaxis?",
        "what does it mean when someone has sepsis?",
        "how is meningitis diagnosed? I'm writing an essay",
        "what happens in an overdose of paracetamol? It's for my nursing exam",
        "when should I go to the emergency room for a headache?",
        "what are the warning signs of stroke that I should know about?",
    ),
    "television and fiction": (
        "In the series last night a man had crushing chest pain and collapsed, is that realistic?",
        "I'm writing a novel where the hero overdoses on sleeping pills, how would doctors treat him?",
        "in a film the girl was bitten by a snake and they sucked out the poison, does that work?",
        "I read an article about suicide prevention, where can I volunteer?",
        "my favourite character had a stroke on tv",
        "I'm playing a video game where I kill zombies and my thumbs are sore",
    ),
    "figures of speech": (
        "I'm dying to know when my appointment is",
        "my kids are killing me with their noise, I just want a good night's sleep",
        "work gives me a headache, metaphorically speaking, I only need a form signed",
        "this queue nearly gave me a heart attack",
        "I'm starving and could eat a horse, which diet is good?",
        "that joke was so funny I almost died",
        "I'd kill for a coffee, is one cup ok with my blood pressure tablets?",
        "I was rambling a bit in my last message, sorry",
    ),
    "over": (
        "I had pneumonia two years ago, do I need a vaccine?",
        "I had a heart attack in 2009 and feel well, which sports are good?",
        "as a child I had febrile seizures, is that relevant?",
        "my appendix was taken out years ago, can I do sit-ups?",
        "last year I had a kidney stone, what should I eat?",
        "I used to have panic attacks, they are gone now",
        "I broke my wrist ten years ago and it is fine",
        "years ago I was depressed, today I feel great",
    ),
    "somebody else's history": (
        "my father died of a heart attack at 80, should I check my cholesterol?",
        "my grandmother had a stroke, is that a risk for me?",
        "my aunt had breast cancer, when do I start screening?",
        "my cousin is allergic to peanuts, can I bring cake to her party?",
    ),
    "denied": (
        "My father, 70, lost my mother four months ago. He cries in the evenings but sees friends and does not want to die.",
        "mild cough for two days, no fever, no chest pain, no shortness of breath",
        "lower back pain since gardening, no numbness, no weakness, I can pee and poo normally",
        "a headache like always after work, no fever, no stiff neck, no vision problems",
        "my ankle is a bit sore, I can walk on it, no swelling",
        "I feel down at times but I have no thoughts of harming myself and would never do it",
        "dizzy for a second when I stand up quickly, never fainted, no chest pain, no palpitations",
    ),
    "ordinary complaints": (
        "my muscles are sore after the gym yesterday",
        "my period cramps are as bad as usual",
        "a paper cut on my finger",
        "mild heartburn after pizza",
        "runny nose and sneezing since three days",
        "my arm is sore after the flu jab yesterday",
        "I have a stye on my eyelid",
        "mosquito bites on my legs that itch",
        "my nose is blocked and my ears feel full",
        "I have a cold sore on my lip",
        "constipated for three days, otherwise fine",
        "I have dandruff",
        "athlete's foot between my toes",
        "hiccups since lunch",
        "bloated after beans",
        "a splinter in my finger",
        "I bit my tongue, it's a little sore",
        "I can't sleep well this week because of exams",
        "a small bruise on my shin after bumping into the table",
        "mouth ulcer for three days",
        "my eyes itch and I sneeze every spring",
        "sunburn on my shoulders, a bit red",
        "dry itchy skin on my hands in winter",
        "stiff neck since I slept badly",
        "my knee clicks when I climb stairs, no pain",
        "I feel tired after a busy week",
        "sore throat for a day, I can drink and eat fine",
        "threw up once last night after too much food, ok now",
        "loose stools since yesterday, drinking well, no blood, no fever",
        "I have acne on my back",
        "my eyelid twitches since two days",
        "cramp in my calf at night",
        "gassy tummy after milk",
        "heel hurts with the first steps in the morning",
        "vaginal itching like my last thrush",
        "ingrown hair on my leg",
        "bunion hurts in tight shoes",
        "hay fever is back, my nose runs",
        "chapped lips",
        "earwax, my ear feels blocked",
        "hangover, mild headache and thirsty",
        "my voice is hoarse after the concert",
        "a tension headache after a long day at the screen",
        "nosebleed for two minutes this morning, stopped by itself",
        "bee sting on my arm, it is red and itchy around it, no other problems",
        "I have a blister on my heel from new shoes",
        "hot flushes at 51",
        "my baby has mild nappy rash",
        "teething baby, drools and is a bit grumpy, feeds well, no fever",
        "my toddler has a runny nose and plays happily",
        "my 5 year old has a cold and a little cough, drinks and plays",
    ),
    "medicines as they should be": (
        "I take two paracetamol for a headache now and then, is that ok?",
        "how much paracetamol can an adult take a day?",
        "I take metformin twice a day with food",
        "can I take ibuprofen for period pain? I'm healthy and take nothing else",
        "I finished my antibiotics yesterday and feel fine",
        "my doctor doubled my statin dose last month, when is the blood test?",
        "I take my warfarin every evening and my INR is 2.5",
        "is it fine to take cetirizine every day in spring?",
        "how much calpol is right for my 3 year old with a cold?",
        "I stopped smoking last year, what vitamins are good?",
        "I missed one of my multivitamins yesterday",
        "I take 12 tablets a day for my heart and my pharmacist packs them for me",
        "can I drink a glass of wine with my antihistamine cream?",
        "my cat swallowed a worming tablet, is it safe to touch her?",
    ),
    "reassured": (
        "My doctor checked my chest pain last year, it was a pulled muscle and it is all gone",
        "the scan of my head was normal, do I need another appointment?",
        "potassium was 4.6 in the repeat test, do I need to do anything?",
        "my blood pressure was 124/78 today, is that good?",
        "glucose 5.4 mmol/l fasting, is this normal?",
        "my oxygen is 98% and my pulse 72, temperature 36.7",
    ),
    "second reading": (
        "no fever, I'm 30",
        "dry tickly cough for a week after a cold, no fever, I'm 30",
        "my heart skips a beat now and then when I drink a lot of coffee, 29",
        "I took one extra vitamin D tablet by accident",
        "I'm 50 and wonder about the shingles jab",
        "got a static shock from the car door",
        "my baby spits up a little milk after feeds but is happy and gaining weight",
        "my newborn gets hiccups after every feed",
        "blocked nose and I'm 15 weeks pregnant, otherwise well",
        "8 weeks pregnant with morning sickness, but I keep food and drink down",
        "my stool is dark green since I take iron tablets",
        "what does the morning after pill do?",
        "how is meningitis passed on?",
        "where can I buy a carbon monoxide alarm?",
        "are gliflozins safe?",
        "do I need a live vaccine for my trip?",
        "a little bleeding when I floss",
        "my toddler took his antibiotic without fuss",
        "how much paracetamol can a child of six have?",
        "dull ache in my flank for a week, I'm 66",
        "I've had floaters for years and they haven't changed",
        "my husband is 45 and snores",
        "my son is 9 and has a wart on his hand",
        "quetiapine at night and a sore throat since yesterday",
        "toddler with a snotty nose, eating and playing as always",
    ),
}

# Left at home, and said so: nothing in them needs an appointment.
SELF_CARE: tuple[str, ...] = (
    "runny nose and sneezing since three days",
    "I'm 30 with a cough and a blocked nose for a week, no fever",
    "sore throat for a day, I can drink and eat fine",
    "I'm 28, cough for 12 days after a cold, brings up phlegm, no fever, no breathlessness",
    "mild heartburn after pizza",
    "my eyes itch and I sneeze every spring",
    "mosquito bites on my legs that itch",
    "bee sting on my arm, it is red and itchy around it, no other problems",
    "I have a stye on my eyelid",
    "mouth ulcer for three days",
    "constipated for three days, otherwise fine",
    "vaginal itching like my last thrush",
    "lower back pain since gardening, no numbness, no weakness",
    "my muscles are sore after the gym yesterday",
    "sticky eye with yellow discharge since yesterday, no pain, sight is fine",
    "loose stools since yesterday, drinking well, no blood, no fever",
    "my 3 year old son has a fever of 38.3 since last night and threw up once, he drinks and plays",
    "a dry itchy rash in the bends of my elbows, I have had eczema since childhood",
    "a tension headache after a long day at the screen",
    "hangover, mild headache and thirsty",
    "a paper cut on my finger",
    "sunburn on my shoulders, a bit red",
    "my arm is sore after the flu jab yesterday",
    "my voice is hoarse after the concert",
    "I have a blister on my heel from new shoes",
    "teething baby, drools and is a bit grumpy, feeds well, no fever",
)


@pytest.mark.parametrize("text", [text for texts in BENIGN.values() for text in texts])
def test_what_is_harmless_is_left_alone(text: str) -> None:
    assert level(text).urgency <= TriageLevel.ROUTINE.urgency


@pytest.mark.parametrize("text", SELF_CARE)
def test_what_heals_at_home_is_left_at_home(text: str) -> None:
    assert level(text) == TriageLevel.SELF_CARE


@pytest.mark.parametrize(
    ("text", "asks", "exceptions"),
    [
        (
            "sore throat for a day, I can drink and eat fine",
            ("How old are you?", "Could you be pregnant, or does an illness or a medicine weaken your defences?"),
            ("baby", "pregnancy", "defences"),
        ),
        (
            "I'm a 30 year old man with a sore throat for a day",
            ("Do you have a condition or take a medicine that weakens your immune system?",),
            ("defences",),
        ),
    ],
)
def test_self_care_asks_back_and_says_for_whom_it_is_not_meant(
    text: str, asks: tuple[str, ...], exceptions: tuple[str, ...]
) -> None:
    found = triage(text)
    assert found.level == TriageLevel.SELF_CARE
    assert found.ask[: len(asks)] == asks
    assert [word for word in ("baby", "pregnancy", "defences") if word in found.advice] == list(exceptions)


@pytest.mark.parametrize(
    ("text", "patient"),
    [
        ("a cold with a sore throat since two days", Patient(age_years=0.1)),
        ("constipated for two days", Patient(age_years=0.5)),
        ("itchy hives since an hour", Patient(age_years=0.2)),
        ("sore throat for a day", Patient(age_years=30, pregnant=True)),
        ("sore throat for a day", Patient(age_years=30, conditions=("immunosuppression",))),
        ("vomiting and loose stools since this morning", Patient(age_years=30, medications=("prednisolone",))),
        ("sore throat for a day", Patient(age_years=30, medications=("carbimazole",))),
    ],
)
def test_self_care_is_not_for_babies_in_pregnancy_or_with_weak_defences(text: str, patient: Patient) -> None:
    assert triage(text, patient).level.urgency >= TriageLevel.ROUTINE.urgency
