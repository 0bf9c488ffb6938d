"""Emergencies as people word them: plain, panicked, understated, for somebody else, misspelt. Rules alone must find each."""

import pytest

from consilium_common.clinical.findings import FindingReader
from consilium_common.clinical.triage import Rules, assess
from consilium_common.contracts.knowledge import TriageLevel
from consilium_common.knowledge import load_shared

SHARED = load_shared()
READER = FindingReader(SHARED.findings.values(), SHARED.medicines.values())
RULES = Rules(SHARED.red_flags, SHARED.findings.values(), SHARED.medicines.values())

EMERGENCIES: dict[str, tuple[str, ...]] = {
    "chest": (
        "I'm 54 and have a heavy weight on my chest since an hour, it goes into my jaw",
        "my dad is clutching his chest and has gone grey and sweaty",
        "chest feels like someone is standing on it, I keep sweating and feel sick",
        "probably nothing but my chest has felt tight all morning and now my left arm is heavy too. im 60",
        "crushing chest pian and cant catch my breath",
        "husband 67 has indigestion that won't shift with antacids, he is clammy and pale and says his arm aches",
        "tearing pain between my shoulder blades that came on suddenly, I have high blood pressure",
        "I get chest pressure when I walk, but since tonight it comes even when I lie in bed. I had a stent two years ago",
        "he collapsed and isn't breathing",
        "chest pain after taking cocaine",
        "I have a sharp chest pain when I breathe in, my calf is swollen and I flew home from Australia last week",
        "heart racing at 170 and I nearly passed out, chest hurts",
    ),
    "breath": (
        "I can't get my breath and can only say a few words at a time",
        "my asthma is really bad, the blue inhaler does nothing anymore",
        "My daughter is struggling to breathe, her ribs are sucking in and her lips look blue",
        "suddenly short of breath and coughing up blood",
        "mum woke up gasping for air with pink frothy spit",
        "he's choking on a piece of meat and can't cough",
        "my toddler swallowed a peanut the wrong way and is now wheezing and going blue",
        "sats are 86% on my oximeter and I feel breathless",
    ),
    "head": (
        "worst headache of my life hit me like a hammer ten minutes ago",
        "sudden explosive headache during sex",
        "I have a fever, my neck is so stiff and the light hurts my eyes",
        "headache and fever, he's confused and there are purple spots on his legs",
        "terrible headache and I'm 34 weeks pregnant, seeing flashing lights",
        "my gran hit her head yesterday and takes apixaban, now she has a headache and is sleepy",
        "fell off my bike, was knocked out and now keep throwing up",
        "he banged his head and clear fluid is dripping from his nose",
        "headache in my temple, jaw hurts when I chew and my eyesight just went blurry on one side. I'm 74",
    ),
    "stroke": (
        "my wife's face has dropped on one side",
        "mum suddenly cannot talk properly, the words come out jumbled",
        "I woke up and my right arm and leg don't work",
        "left side went numb an hour ago",
        "my dad had slurred speach for ten minutes this morning but its gone now",
        "suddenly can't see out of one eye",
        "I'm seeing double, can't walk straight and everything spins since this morning",
        "can't really feel my fingers on one hand, and half my mouth feels like after the dentist",
        "everything on my right side went tingly and my words sounded drunk for a quarter of an hour, fine now",
        "grandad can't lift his arm and his smile is crooked",
        "a curtain came down over my vision in the left eye",
        "my husband is talking gibberish and doesn't know where he is",
    ),
    "fits and consciousness": (
        "my son is having a seizure and it's been six minutes",
        "I can't wake him up",
        "she had a fit for the first time today",
        "my mum is really drowsy and won't wake up properly",
        "my diabetic brother is sweating, shaking and not making sense",
        "he passed out and when he came to he was confused, he has never fainted before and he bit his tongue",
        "I blacked out while running",
        "my father is suddenly very confused and has a temperature",
    ),
    "back, cord, limb": (
        "my back pain is bad and now I can't feel myself when I wipe",
        "back pain with numbness between my legs and I wet myself",
        "lower back pain and can't pee since yesterday, both legs are weak",
        "legs getting weaker by the hour, tingling started in my feet and is moving up",
        "my leg is cold, white and numb and it came on suddenly",
        "calf is rock hard and the pain is unbearable after a kick, my toes are numb",
        "bone is sticking out of my leg",
        "fell off a ladder from the roof and can't feel my legs",
        "I cut off the tip of my finger with the saw and it's pumping blood",
        "my knee is hot, swollen and I have a fever and cannot bend it",
        "74 year old mum fell, her leg is turned out and she can't stand",
    ),
    "belly": (
        "worst stomach pain ever, belly is hard as a board",
        "throwing up blood",
        "vomit looks like coffee grounds",
        "my poo is black and tarry and I feel faint",
        "pain started round my belly button and moved to the lower right, I feel sick and have a temp",
        "belly swollen, throwing up green stuff and can't pass wind",
        "I'm 72 with sudden tummy and back pain and I feel faint",
        "my eyes are yellow, I'm shivering with fever and have pain under my right ribs",
        "my hernia is stuck out, hard and really painful and I keep vomiting",
        "loads of blood pouring out of my bottom and I'm dizzy",
        "stabbing pain from my side into my groin, I'm writhing around and being sick, worst pain ever",
        "severe upper belly pain going through to my back, can't stop vomiting",
    ),
    "urine and testicle": (
        "my son's testicle suddenly hurts really bad and is swollen",
        "sudden terrible pain in one ball, feel sick",
        "I can't pee at all and my bladder is bursting",
        "erection that won't go down for five hours",
        "pain in my kidney, shaking chills and a fever of 39.5",
    ),
    "pregnancy and birth": (
        "I'm 7 weeks pregnant with bad pain on one side and spotting",
        "missed period, sudden sharp pain low down on the left and my shoulder tip hurts",
        "32 weeks pregnant, bleeding heavily",
        "gave birth five days ago and I'm soaking a pad every half hour",
        "36 weeks pregnant, bad headache, blurry vision and swollen face",
        "the cord is coming out and my waters broke",
        "pregnant and I had a fit",
        "I had a baby ten days ago and now I'm breathless with chest pain",
        "my wife had our baby last week and thinks the baby is a demon, she talks to people who are not there",
        "baby hasn't moved all day and I'm 35 weeks, and I am bleeding",
        "had a c-section last week, fever 39, shivering, feel really ill and confused",
    ),
    "babies and children": (
        "my 6 week old has a temp of 38.4",
        "my newborn won't feed and is floppy",
        "baby is limp and grey",
        "2 month old, hot, won't wake for feeds",
        "my toddler has a rash that doesn't fade with a glass and a fever",
        "my 1 year old is breathing very fast, grunting and his chest is pulling in",
        "my baby has green vomit",
        "toddler is screaming with belly pain on and off, poo looks like red jelly",
        "my baby stopped breathing for half a minute and turned blue",
        "my child has a fever, won't wake up and her skin is blotchy",
        "my four year old is drooling, can't swallow and makes a harsh noise when he breathes in",
        "my 3 year old hasn't had a wet nappy for 14 hours and is really sleepy",
        "my newborn is bright yellow and too sleepy to feed",
        "our 5 day old feels cold and is not feeding",
        "my kid drank some of the drain opener",
        "a child had bloody diarrhea last week and now is pale, barely pees and is very tired",
    ),
    "swallowed": (
        "my toddler swallowed a button battery",
        "I think my son ate two magnets from his toy",
        "my two year old got into grandma's heart pills and some are missing",
        "toddler drank bleach",
        "daughter, 3, ate some of my antidepressants",
        "my baby swallowed a coin battery from the remote",
        "he drank antifreeze",
        "my 18 month old drank liquid from my vape",
        "my kid put a small battery in his nose",
        "my toddler ate some mushrooms from the garden",
    ),
    "overdose and poisoning": (
        "I took 30 paracetamol",
        "I swallowed all my sleeping tablets",
        "I've taken about 16 tylenol since yesterday for my toothache",
        "took too many paracetamol for my back, maybe 12 grams in a day, feel fine",
        "friend took heroin and is barely breathing",
        "he took oxys and drank a bottle of vodka and I can't wake him",
        "my carbon monoxide alarm went off and we all have headaches",
        "whole family has a headache and feels sick since we turned on the heater, better when we go outside",
        "I mixed bleach and another cleaner and now can't stop coughing and my chest is tight",
        "sprayed with weedkiller, now drooling, sweating and my muscles twitch",
        "I took my husband's methadone by mistake",
        "I've been taking my methotrexate every day instead of once a week",
        "I injected fifty units of rapid insulin instead of my long acting and feel shaky",
        "She took a whole box of amitriptyline",
        "I overdosed last night but I feel ok now and dont want to bother anyone",
        "my friend took something at a party, he's burning hot, stiff and confused",
    ),
    "self-harm": (
        "I want to die and I have the pills in front of me",
        "I don't want to be here anymore and I've written letters to my kids",
        "thinking about ending it tonight",
        "they would all be better off without me, I know how I'd do it",
        "my daughter texted goodbye to everyone and has locked herself in with a knife",
        "I'm standing on the bridge",
        "I cut my wrists and it's bleeding a lot",
        "im going to kill my self",
        "I just wanted it all to stop so I took a load of tablets",
        "I have been giving away my things and saved up my tablets",
        "the voices tell me to hurt my baby",
        "I want to kill my neighbour, I have a knife",
        "my teenage son said he'd hang himself",
        "I want to go to sleep and never wake up, I have got everything ready",
    ),
    "violence": (
        "my boyfriend strangled me last night and my voice is hoarse",
        "my husband is hitting me right now, I'm scared he will kill me",
        "I was stabbed in the side",
        "I've been shot in the leg",
        "he choked me until I blacked out",
    ),
    "allergy": (
        "ate prawns and my face is swelling and it's hard to breathe",
        "stung by a wasp, hives everywhere and feel faint",
        "my tongue is swelling up, I take ramipril",
        "my throat is closing after a new antibiotic",
        "son has a nut allergy, he ate a cookie and is now wheezing and covered in hives",
        "used my epipen twenty minutes ago and feel better, do I still need to go?",
        "lips and tounge swelling after bee sting",
    ),
    "infection": (
        "on chemo and my temperature is 38.2",
        "I had my spleen removed and have shivers and a fever",
        "cut on my leg is red, the skin is turning black and the pain is unbearable",
        "fever after coming back from Ghana",
        "dad has a chest infection and is now confused and his skin is mottled",
        "I can't open my jaw and my muscles spasm, cut myself on a rusty nail a week ago",
        "my mum has a urine infection, shaking uncontrollably and breathing fast, she's 81",
        "fever, headache and a spotted rash on wrists and ankles after a tick bite",
        "skin is peeling off in sheets and my mouth is full of sores after a new medicine",
        "eye is bulging, swollen shut and hurts to move, with fever",
    ),
    "sugar, hormones, salts": (
        "type 1 diabetic, throwing up, breath smells of pear drops",
        "blood sugar reads HI and I'm vomiting",
        "sugar is 2.1 and he can't swallow",
        "I have Addison's and can't keep my steroids down",
        "potassium came back 6.9",
        "my diabetic wife is unconscious",
        "blood sugar 28 with ketones of 4, stomach ache",
    ),
    "medicines": (
        "I take lithium, have had the runs for three days and ibuprofen, now I shake and am confused",
        "on warfarin and I can't stop a nosebleed for an hour",
        "I'm on xarelto and fell on my head",
        "started sertraline with tramadol, now I'm sweating, twitching, with a fever and agitated",
        "I take an MAOI and ate aged cheese, now a pounding headache",
        "my granddad took two days of digoxin at once, he sees yellow and his pulse is 40",
        "took viagra, then nitro spray, now I nearly pass out",
        "stopped drinking two days ago, shaking, sweating and seeing things",
        "stopped my xanax suddenly and had a seizure",
        "on blood thinners, my poo is black",
        "haldol was started, he is rigid, has a high fever and is confused",
        "he doubled his insulin and is now sweaty and confused",
    ),
    "accidents and surroundings": (
        "got a shock from the mains and my heart is fluttering",
        "my daughter was pulled out of the pool, she coughs and is sleepy",
        "burn on my face and hands from a gas explosion",
        "boiling water over my baby, blisters on the chest",
        "ran a marathon in the heat, he's confused and hot and stopped sweating",
        "found grandma on the cold floor, she's shivering no more and very drowsy",
        "chemical splashed in my eye, it burns",
        "my leg was trapped under a beam for hours and my pee is brown like cola",
        "snake bit my ankle",
        "blood is spurting out of my arm",
        "bleeding won't stop after half an hour of pressure",
        "nail went into my eye",
        "hit by a car, my belly hurts and I'm dizzy",
        "struck by lightning and my arm is numb",
        "cut my neck on glass and it's bleeding heavily",
    ),
    "eye": (
        "eye is agony, red, I see halos round lights and I'm vomiting",
        "sudden flashes and then a dark shadow over half my sight",
        "lost sight in one eye suddenly, no pain",
        "oven cleaner in my eye",
    ),
    "in a subordinate clause": (
        (
            "I've been stressed with the house move and the kids, and although I mostly put it down to that, the "
            "tight band across my chest that spreads to my left arm since breakfast makes me sweat, so I wondered"
            " about vitamins"
        ),
        (
            "We had a nice birthday for my mother, who is 70 and quite fit, and while she was cutting the cake "
            "she suddenly could not find her words and the knife slipped out of her right hand"
        ),
        (
            "Long story: new job, poor sleep, a cold last week, and my partner says I should mention that I "
            "fainted yesterday while running for the bus, otherwise I'm fine"
        ),
        (
            "I am asking about a better painkiller, since the two packets of paracetamol that I have swallowed "
            "since this morning did nothing for my tooth"
        ),
        ("It's about sleep advice really. I lie awake, the kids are loud, and I have decided that tomorrow I will end my life"),
        (
            "She has been a bit off her food since her operation, and today, apart from being grumpy, her skin is"
            " mottled and she is hard to wake, should I give her soup?"
        ),
    ),
    "second reading": (
        "I take rivaroxaban and slipped on ice and banged my head",
        "I swallowed 14 paracetamol over the whole day for my back",
        "taking 11 paracetamol a day since Monday",
        "I've been taking 12 paracetamol a day for four days for my toothache",
        "the carbon monoxide detector went off and we are still inside",
        "our carbon monoxide alarm is going off",
        "my newborn is one day old and his skin looks yellow",
        "36 weeks pregnant and bleeding a little",
        "25 weeks pregnant and bleeding slightly",
        "I take empagliflozin, I'm vomiting and my belly hurts",
        "I take dapagliflozin and have been vomiting and breathing fast",
        "diabetic, vomiting and breathing fast",
        "black tarry stools and I'm anaemic",
        "my ear sticks out, it's red and swollen behind it and I have a fever of 39",
        "three weeks old, throws up everything and hardly any wet nappies",
        "our 2 year old got into my blood pressure tablets",
        "the toddler ate some of grandad's heart pills",
        "my toddler drank half a bottle of calpol",
        "husband with Parkinson's has a fever and his body is stiff",
        "I take clozapine and have fever and chest pain",
        "my baby is 7 weeks and has a temperature of 38.3",
        "my baby is 5 weeks and feels feverish",
        "my leg is black and smells and I have diabetes",
        "three weeks after birth my wife hears voices telling her the baby is evil",
        "pain in my flank since an hour, suddenly, I'm 68",
        "baby keeps screaming and drawing up legs, goes pale between, vomiting",
        "my daughter is 14 and hasn't eaten properly for weeks, faints when standing",
        "he is hitting me right now",
    ),
}

# What is no emergency yet, but harms when it is done or when nobody hears of it: seen or asked about today at the latest.
HAZARDS: dict[str, tuple[str, ...]] = {
    "stopping": (
        "I ran out of my apixaban four days ago, can I wait until payday?",
        "I want to stop my warfarin because of the bruises, is that ok?",
        "I'm going to stop taking my blood thinner before the dentist",
        "thinking of quitting my prednisone cold turkey after a year on it",
        "I've decided to stop my epilepsy tablets because I feel fine",
        "can I just stop clonazepam, I've had it daily for two years",
        "my mum stopped taking her heart failure pills last week",
        "I skipped my insulin for two days because I can't afford it",
        "should I stop my clopidogrel? I got a stent two months ago",
        "dad stopped his eliquis on his own",
    ),
    "too much": (
        "I took my blood pressure tablet twice this morning",
        "accidentally took a double dose of metoprolol",
        "I injected 40 units of lantus instead of 20",
        "can I take 10 paracetamol a day for my knee?",
        "can I double my dose of oxycodone, it doesn't work anymore",
        "I've been taking 8 ibuprofen a day for two weeks",
        "I took two warfarin today by accident",
        "can I crush my extended release oxycodone?",
        "about 5 grams of paracetamol a day for my back",
        "my methotrexate bottle says weekly but I took it daily this week",
        "is it fine to take more lithium than prescribed?",
    ),
    "children": (
        "can I give my 4 month old baby adult ibuprofen?",
        "my baby has a cold, can I give her half of my codeine tablet?",
        "can I give my toddler aspirin for the fever?",
        "gave my 2 year old a double dose of calpol",
        "my three year old ate some of my iron tablets",
        "is it ok to give my baby of 3 months honey and cough syrup?",
        "can I give my toddler some of my sleeping pill so he sleeps on the plane?",
    ),
    "combining": (
        "can I take ibuprofen with my warfarin?",
        "can I drink alcohol with my oxycodone and xanax?",
        "is it safe to use viagra with my nitroglycerin spray?",
        "I take phenelzine, can I have sudafed?",
        "I'm on sertraline, can I take St John's wort or tramadol as well?",
        "taking lithium and started ibuprofen, is that bad?",
        "methotrexate and trimethoprim were both given to me, is it fine?",
        "I take spironolactone and potassium supplements, my potassium was high",
        "simvastatin with clarithromycin ok?",
        "is it safe to take ibuprofen with kidney disease?",
        "I'm allergic to penicillin but was given amoxicillin, should I take it?",
        "my dad takes aspirin, naproxen and eliquis together",
    ),
    "pregnant": (
        "I'm pregnant and still taking isotretinoin",
        "just found out I'm pregnant and I'm on valproate",
        "6 weeks pregnant and on lisinopril, is it ok?",
        "pregnant, can I take ibuprofen in the third trimester?",
        "pregnant and on warfarin, what now?",
    ),
    "waiting and hiding": (
        "I had chest pain last night, can I wait until Monday to see someone?",
        "I think I had a mini stroke last week, but I'm fine",
        "my potassium was high last visit but I keep taking spironolactone",
        "my INR was 6 yesterday, do I keep taking my warfarin?",
        "can I drive after my seizure yesterday?",
        "I use my husband's leftover antibiotics for my fever of 39 and flank pain",
        "my kidney function is bad and I take naproxen every day",
        "I'm scared of my partner, he checks my phone and hit me last week",
        "I think about not being here any more sometimes",
        "I make myself sick after every meal and feel faint",
        "my mother is being slapped by her carer",
        "I was raped last night",
        "a bat bit me",
    ),
    "second reading": (
        "I've been on prednisolone for a year and can't stop throwing up",
        "taking steroid tablets for lupus and vomiting since last night",
        "the condom split last night",
        "I had unprotected sex yesterday and need the morning after pill",
        "I pricked myself with a used needle on the ward",
        "contact with someone with meningitis at my son's nursery",
        "my baby has a fever",
        "our baby feels hot and is a bit grumpy",
        "I take azathioprine and have a sore throat and a fever",
        "I'm on methotrexate and have mouth ulcers and a sore throat",
        "12 weeks pregnant and light bleeding, no pain",
        "new flashes at the edge of my sight since yesterday",
        "empagliflozin user, vomiting since this morning",
        "red hot breast with chills and a fever of 38.8, four weeks after giving birth",
        "since the birth I have no hope any more",
        "I want to stop living sometimes",
        "my 10 month old has diarrhoea and only one wet nappy today",
        "I can't keep any fluids down for 24 hours",
        "my newborn is ten days old and yellow",
        "lump in groin that hurts",
    ),
}


def level(text: str) -> TriageLevel:
    reading = READER.read(text)
    return assess(reading, reading.patient, RULES).level


@pytest.mark.parametrize("text", [text for texts in EMERGENCIES.values() for text in texts])
def test_an_emergency_is_found_however_it_is_worded(text: str) -> None:
    assert level(text) == TriageLevel.EMERGENCY


@pytest.mark.parametrize("text", [text for texts in HAZARDS.values() for text in texts])
def test_a_hazard_is_seen_today(text: str) -> None:
    assert level(text).urgency >= TriageLevel.SAME_DAY.urgency


def test_every_emergency_says_which_words_and_which_rule() -> None:
    for texts in EMERGENCIES.values():
        for text in texts:
            reading = READER.read(text)
            triage = assess(reading, reading.patient, RULES)
            assert any(flag.level == TriageLevel.EMERGENCY and flag.words for flag in triage.red_flags), text
