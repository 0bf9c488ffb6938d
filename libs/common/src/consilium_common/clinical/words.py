"""The closed word classes of English that reading needs. Medical words are knowledge and live in the vocabulary, not here."""


def word_set(words: str) -> frozenset[str]:
    """Return the words of a text as a set."""
    return frozenset(words.split())


def one_of(*patterns: str) -> str:
    """Return a pattern that matches any of the patterns."""
    return f"(?:{'|'.join(patterns)})"


def _map(pairs: str) -> dict[str, str]:
    return {word: target for pair in pairs.split() for target, words in [pair.split("=")] for word in words.split(",")}


# Skipped everywhere, in phrases and in texts: they say who or which, not what.
ARTICLES = word_set("a an the my your his her hers their theirs our ours its this that these those some any own")
# Skipped where two telling words remain.
LIGHT = word_set(
    "i me we us you he him she it they them there am is are was were be been being have has having do does did will would "
    "get gets getting got feel feels feeling felt keep keeps kept"
)
LOCATIVE = word_set("in of on at to into onto from by for with within")
# Do not count as words in between.
INTENSIFIER = word_set(
    "really very so quite rather pretty extremely super just also too bit little kinda kind sort somewhat slightly totally "
    "completely absolutely terribly horribly awfully incredibly constantly always often still even almost again then now "
    "like well um uh bad severe mild horrible terrible awful new"
)
# A phrase that holds one of these means something only in its own order.
ORDERED = word_set(
    "when while after before during without not no cannot never if than since until like worse better because and or then "
    "off up down out over under all first last go come start stop can only old"
)

# Forms that stemming would not bring together: `target=word,word`.
SAME = _map(
    "cannot=cant,cannot,unable,can't,couldn't,couldnt,wont,won't "
    "not=isnt,arent,wasnt,werent,dont,doesnt,didnt,hasnt,havent,hadnt,aint,nt pain=pain,pains,painful,paining "
    "ache=ache,aches,aching,achy,ached hurt=hurt,hurts,hurting abdomen=abdomen,abdominal belly=belly tummy=tummy,tum "
    "urine=urine,urinate,urinates,urinating,urinated,urination pee=pee,peeing,peed,piss,pissing,wee,weeing "
    "poo=poo,poop,poos,pooping,pooing faeces=faeces,feces,faecal,fecal swell=swollen,swelled,swelling,swells,swell "
    "dizzy=dizzy,dizziness,dizzyness,dizzyspells fall=fall,falls,falling,fell,fallen wake=wake,wakes,woke,woken,waking "
    "break=break,breaks,broke,broken,breaking bleed=bleed,bleeds,bled,bleeding bite=bite,bites,bitten,biting "
    "lose=lose,loses,lost,losing,loss tear=tear,tears,tore,torn,tearing see=see,sees,saw,seen,seeing "
    "speak=speak,speaks,spoke,spoken,speaking breath=breath,breaths,breathe,breathes,breathing,breathed "
    "vomit=vomit,vomits,vomiting,vomited,vomitting,vomitted difficult=difficult,difficulty,difficulties "
    "shake=shake,shakes,shaking,shaky,shook burn=burn,burns,burning,burnt,burned sleep=sleep,sleeps,slept,sleeping,asleep "
    "throw=throw,throwing,threw,throws,thrown pass=pass,passes,passed,passing go=go,goes,going,went,gone "
    "come=come,comes,came,coming stand=stand,stands,stood,standing lie=lie,lies,lying,laying,lay run=run,runs,ran,running "
    "take=take,takes,took,taken,taking drink=drink,drinks,drank,drunk,drinking eat=eat,eats,ate,eaten,eating "
    "sting=sting,stings,stung,stinging cut=cut,cuts,cutting hit=hit,hits,hitting bend=bend,bends,bent,bending "
    "lasting=lasts,lasted,lasting get=get,gets,got,gotten,getting feel=feel,feels,felt,feeling "
    "keep=keep,keeps,kept,keeping freeze=freeze,frozen,froze,freezing child=child,children,kid,kids foot=foot,feet "
    "tooth=tooth,teeth worse=worse,worsen,worsens,worsening,worsened both=both,bilateral blood=blood,bloody "
    "diarrhea=diarrhea,diarrhoea,diarrhoeal,diarrheal evening=evening,evenings morning=morning,mornings hive=hive,hives "
    "sleepy=sleepy,sleepier,sleepiness spine=spine,spines teething=teething heroine=heroine,heroines crowning=crowning "
    "stabbed=stabbed winded=winded hiv=hiv 2=two 3=three 4=four 5=five 6=six 7=seven 8=eight 9=nine 10=ten"
)

# Words for the same thing inside a longer phrase; alone each means what it says.
SYNONYMS = _map(
    "pain=ache,hurt abdomen=stomach,belly,tummy urine=pee stool=poo,faeces speak=talk vision=sight,eyesight difficult=trouble"
)

# A complaint that an 'and' or a comma ends; adjectives (swollen, sore) may wait for their noun.
HEAD_NOUNS = word_set(
    "pain pains ache aches swelling numbness weakness stiffness tenderness discomfort fever rash cough nausea bleeding "
    "redness itching breath shortness difficulty vomiting headache dizziness tingling fatigue tightness pressure heaviness "
    "burning bruising"
)
# Forms that alone mean something else than the word they come from.
OWN_MEANING = word_set("burning trip trips spotted spot spots")

BODY_PARTS = word_set(
    "head face eye ear nose mouth tongue tooth teeth gum jaw throat neck shoulder arm elbow wrist hand finger thumb chest "
    "breast heart rib back spine lung abdomen stomach belly tummy groin hip pelvis bottom buttock leg thigh knee kneecap "
    "calf shin ankle foot heel toe skin nail scalp hair muscle joint bone tendon nerve brain kidney liver bladder bowel "
    "womb vagina penis testicle prostate vein artery"
)
MEDICAL = BODY_PARTS | word_set(
    "pain ache hurt sore sick ill unwell fever cough rash itch swelling swell bleed blood numb weak dizzy faint vomit "
    "nausea tired fatigue infection virus injury wound cut burn bruise lump symptom doctor hospital nurse gp clinic "
    "medicine medication tablet pill dose drug antibiotic painkiller prescription vaccine vaccination allergy allergic "
    "pregnant pregnancy period baby disease condition diagnosis diagnose treatment therapy surgery operation scan xray mri "
    "ecg test cancer diabetes asthma stroke epilepsy seizure migraine arthritis depression anxiety panic suicide suicidal "
    "overdose poison blood pressure pulse cholesterol headache breath breathe health medical side-effect hurting injured "
    "discharge urine stool diarrhea constipation heartburn sprain fracture"
)

# Common words of ordinary English that are one slip away from a medical word: never corrected.
NOT_MISSPELT = word_set(
    "threat threats strike strikes striking stoke breeding blending smelling dwelling sweeping spelling shelling selling "
    "crashing brushing painted pointed planted panting parting printing counting burying turning running ruining weekend "
    "weekends weekly staffing stuffing breast breadth bread bearing beating hearing heading healing leading reading healthy "
    "wealthy patent parents present property connection logger literal header strings backed public parsed inspect indent "
    "shared manager sorted permission trailing reader contract writer insert create creates creating center render addition "
    "prints conversion consulting learning listed expiration finder waiting listing formatting constraint chance chances "
    "sending liability declaration binding catching tables stores saying construction coding topics directives responsible "
    "couldn wouldn copying african inspection neighbors displayed closer charge charges charged charging convention "
    "regression contiguous storing disposition joined tuning translated stride parenthesis protective delegation "
    "conversions collecting lining living inches seeking extracting fractional derive deletion activation picked friend "
    "friends calculation relaxed deterioration microscopic macroscopic understood losses international complete waiters "
    "indian thirty nearby manipulate indication electronic butter driven milder racial importance distinction deriving "
    "migrate migrated migrating expectation resent radical qualify intern camping tangles shaken correction shells mistaken "
    "multiplier conduction stacks movies homeless contracting violet degenerate thorough slated shipped meditation deceased "
    "necrotizing inspecting finders aggregated station sparing denial cropped crises clearer wherever suction spoiled "
    "position mining looser spanning seeding elimination busting balance sewing pretending multiplies initiating halves "
    "farmer distributing spacer neatly messing linens hinting hanging freeing explanatory constructions compressing warner "
    "shirts reusing retirement regained reacting proceeding funding external engagement defeat clutter cluttering "
    "alternation walter timers stomped slashed sitter shipping postal polled plates minimal lessons erased dedication "
    "conclusion conclusive circulating buried borrows branch biased based beaming baking albert wondering wander wandering "
    "unsuitable titled swapping struck staves spares slides slider shaker sailing prison planet peeking missed manila "
    "grasping drafts dosing crutches bondage bedside awaken electrolyte electrolytes physician physicians whole matter "
    "bottle battle cattle settle father mother bother brother another rather gather lather water waiter winter whether "
    "weather feather leather daughter laughter brought bought fought caught taught though through trough bright fright "
    "flight slight straight strait trait sharper sprinter string strong stranger stronger strange walking talking making "
    "taking shaving shaping sharing saving having giving moving loving hiking liking biking staring sparks sister softer "
    "sooner former farther further faster master plaster poster posted pasted tasted wasted coasts roasts boasts course "
    "coarse source sources causes clause pauses cruise bruise braise praise phrase please grease candle handle bundle "
    "middle muddle saddle riddle cradle needle noodle sunday monday friday holiday birthday yesterday tomorrow"
)

PAST = word_set("previously formerly past prior")
COPULA = word_set("is are was were am be been has have had feels feel felt gets got keeps started starts went goes")
SUBJECT_PRONOUNS = word_set("i he she it they we you there my his her")
BOUNDARY_WORDS = word_set("but however although though except yet whereas nevertheless nonetheless apart otherwise")

ENGLISH = word_set(
    "the a an and i my is it of to in for on with have has had was am are be been not no but or so me that this when at "
    "do does can since feel pain you he she his her they we if from after days day week what how should been there like "
    "get got"
)
