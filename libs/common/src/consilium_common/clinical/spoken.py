"""What people say in more ways than a list of phrases can hold: a blow and a part of the head, a number that is a week.

Each pattern is looked for only when one of its cue words stands in the text, so that a reading costs no more without it.
"""

# ruff: noqa: E501, ISC004 -- a pattern is read as one line, and the table has one pattern a row.
import re
from collections.abc import Iterator

from consilium_common.clinical.words import one_of

# Up to so many letters of the same sentence.
_NEAR, _WIDE = r"[^.!?\n]{0,30}?", r"[^.!?\n]{0,60}?"
_WHOSE = r"(?:my|his|her|the|their|our)"
_LIMB = r"(?:legs?|foot|feet|arms?|forearm|hands?|toes?|fingers?|calf|shin|thigh)"
_FALLEN = r"(?:fell|fall\w*|trip\w*|slip\w*|bang\w*|bump\w*|hit\w*|knock\w*|kick\w*|dropp?\w*|crash\w*|punch\w*)"
_PRIVATE = (
    r"(?:undercarriage|down below|down there|crotch|saddle|between (?:my|his|her) legs|privates?|private (?:parts|area)"
    r"|genitals|perineum|bum|backside|buttocks)"
)
_NO_FEELING = r"(?:numb\w*|pins and needles|tingl\w+|no feeling|can'?t feel|lost feeling)"
_ANIMALS = r"(?:rats|mice|bugs|insects|spiders|snakes|ants|cockroaches|strangers|dead \w+|ghosts?|demons?)"
_OPERATION = (
    r"(?:surgery|operation|op|bypass|gastric sleeve|c-?section|caesarean|hysterectomy|hernia repair|replacement|laparoscopy"
    r"|colonoscopy|endoscopy|biopsy|removed|taken out|appendectomy|cholecystectomy)"
)
_FEVERISH = r"(?:shiver\w*|chills?|rigors?|sweat\w*|feverish|shaking|chemo\w*|delivery|birth|operation|surgery|burning up|hot)"
_PREGNANT = r"(?:bp|baby|waters?|contraction\w*|bump|movements?|midwife|kicks?|leaking|itch\w*|cramps?|pregnan\w+|fit)"
_WEEKS = r"(?:2\d|3\d|4[0-2])(?:\+\d)? ?(?:weeks?|wks?|w)\b(?! (?:old|ago|post|after|since|later|of|into|now|out|off|on|sober))"

# finding, the words of which one must be there, and how it is said.
_SAID: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("late-pregnancy", ("w",), one_of(rf"^{_WEEKS}(?=\W)", rf"\b(?:i'm|i am|im|she's|she is|wife is|girlfriend is) {_WEEKS}")),
    ("late-pregnancy", ("w",), rf"\b{_PREGNANT}\b[^\n]{{0,80}}, {_WEEKS}"),
    (
        "fever",
        ("38", "39", "40", "41"),
        rf"\b{_FEVERISH}\b{_WIDE}\b(?:3[89]|4[01])[.,]\d\b(?! ?(?:%|kg|lbs?|cm|mm|weeks|years|mg|ml))",
    ),
    (
        "hallucinations",
        ("saw", "see"),
        rf"\b(?:saw|sees?|seeing) (?:\w+ ){{0,2}}{_ANIMALS} (?:crawl\w* |\w+ing )?(?:in|on|up|under)\b"
        r" (?:the|my|his|her) (?:wall|ceiling|bed|bedroom|room|curtains|floor|skin|blanket)",
    ),
    (
        "head-injury",
        ("head", "skull", "temple"),
        one_of(
            rf"\b(?:bang|bump|hit|knock|crack|smack|whack|thump|bash|split|struck|land|smash|slam)\w*\b(?! the nail){_NEAR}"
            rf"\b{_WHOSE} (?:\w+ )?(?:of (?:my|his|her|the) )?(?:head|skull|temple|forehead)\b",
            rf"\b{_FALLEN}\b[^\n]{{0,60}}\b(?:lump|bump|egg|bruise|swelling|gash|dent)\w* (?:on|to|over|above|behind|at) "
            r"(?:\w+ ){0,3}(?:temple|forehead|head|skull|scalp)\b",
        ),
    ),
    (
        "amputation",
        ("off", "sever"),
        one_of(
            rf"\b(?:saw|blade|mower|lawnmower|machine|knife|axe|door|cleaver|press|grinder)\b{_NEAR}"
            rf"\b(?:took|cut|chop\w*|slic\w+|rip\w*|tore|taken)\b{_NEAR}\b(?:fingers?|thumbs?|toes?|hand|foot|arm)\b[^.\n]{{0,10}}\boff\b",
            r"\b(?:fingers?|thumb|toes?|hand|foot|arm|fingertip) (?:is|was|were|has been|have been|got) "
            r"(?:completely |almost |nearly )?(?:severed|cut off|torn off|ripped off|chopped off|hanging off)\b",
        ),
    ),
    (
        "button-battery-swallowed",
        ("magnet", "battery", "batteries"),
        one_of(
            rf"\b(?:swallow\w*|ate|eaten|gulped)\b{_WIDE}\b(?:magnet\w*|batter(?:y|ies)|button cell)\b",
            rf"\b(?:magnet\w*|batter(?:y|ies)|button cell)\b{_WIDE}\b(?:swallowed|ate|eaten|gulped)\b",
        ),
    ),
    (
        "something-inhaled",
        ("breathed in", "inhaled", "wrong way", "wrong pipe", "choked on"),
        rf"\b(?:breathed in|inhaled|choked on)\b{_NEAR}\b(?:peanut|nut|carrot|grape|bead|piece|bit of|popcorn|apple|seed|sweet|toy"
        r"|lego|sausage|button|crayon)\b|\bwent down the wrong (?:way|pipe|hole)\b",
    ),
    (
        "vaginal-bleeding-heavy",
        ("clot",),
        rf"\b(?:period|miscarr\w+|birth|vagin\w+|pregnan\w+|postpartum|bleeding)\b{_WIDE}\bclots? (?:\w+ ){{0,3}}(?:the )?(?:size|big)\b"
        rf"|\bclots? (?:\w+ ){{0,2}}(?:the size|as big|bigger|like){_WIDE}\b(?:miscarr\w+|birth|period|pregnan\w+|delivery)\b",
    ),
    (
        "saddle-anaesthesia",
        ("numb", "needles", "tingl", "feel"),
        one_of(rf"\b{_NO_FEELING}\b{_NEAR}\b{_PRIVATE}\b", rf"\b{_PRIVATE} (?:\w+ ){{0,3}}{_NO_FEELING}\b"),
    ),
    (
        "bladder-control-loss",
        ("need to", "needing", "dribbl"),
        r"\b(?:can'?t|cannot|don'?t|no longer) (?:tell|feel|notice|sense|know) when i need (?:to go|to pee|to wee|a pee|a wee|the (?:loo|toilet))"
        r"|\bdribbl\w+ (?:of )?(?:urine|pee|wee)\b",
    ),
    (
        "cold-pale-limb",
        ("white", "pale", "blue", "grey", "black", "cold", "freezing", "dead"),
        rf"\b{_LIMB}\b[^.!?\n]{{0,40}}?\b(?:dead|cold|icy|freezing|white|pale|blue|grey)\b(?: black)?(?:\s|,| and| it| hurts?| feels?| like| hell| gone){{1,8}}"
        r"(?:cold|white|pale|blue|numb|dead|grey|lifeless|freezing|icy)\b(?!.{0,40}\bwinter\b)",
    ),
    (
        "penetrating-wound",
        ("stab", "nail", "screwdriver", "skewer", "spike", "knife", "arrow"),
        rf"\bstabbed\b{_NEAR}\bwith\b|\bstabbed (?:himself|herself|myself)\b"
        rf"|\b(?:nail gun|nail|screwdriver|spike|knife|skewer|arrow|rod) (?:went |is |stuck |straight ){{0,2}}(?:through|into) {_WHOSE}"
        r" (?:\w+ )?(?:hand|chest|belly|stomach|neck|back|groin|thigh|side)\b",
    ),
    (
        "tense-limb",
        ("hard", "drum", "solid"),
        rf"\b{_LIMB}\b[^\n]{{0,80}}\b(?:(?:rock|brick|stone|wood)[- ]?(?:hard|solid)|hard as (?:a )?(?:rock|wood|stone|board)|tight as a drum)\b",
    ),
    (
        "pain-out-of-proportion",
        ("scream", "agony", "unbearable"),
        rf"\b(?:open|straighten|mov|stretch|wiggl|bend)\w* (?:\w+ ){{0,2}}(?:fingers?|toes?|foot|hand)\b{_NEAR}\b(?:scream\w*|agony|unbearable)\b",
    ),
    (
        "slow-breathing",
        ("breath",),
        r"\b(?:one|a|single) breath every\b|\bbreath\w* (?:only )?(?:once )?every (?:\w+ )?(?:seconds|secs|minute)\b"
        r"|\b(?:barely|hardly) breathing\b",
    ),
    (
        "cyanosis",
        ("blue", "purple"),
        rf"\bblue (?:round|around|about|at) {_WHOSE} (?:mouth|lips)\b|\blips (?:\w+ ){{0,2}}(?:blue|purple)\b",
    ),
    (
        "seizure",
        ("fit",),
        r"\b(?:having|had|has|first(?: ever)?|another|second|a) fits?\b(?= (?:this|that|lasted|for|last|today|yesterday|\d+ ?(?:sec|min|hour|day|week)|and (?:then|now|won)|while|in (?:her|his|my) sleep)|[,.;!?]|$)"
        r"|\bfit lasted\b|\bfits? (?:one )?after another\b",
    ),
    ("seizure-ongoing", ("fit", "seizure", "convuls"), rf"\b(?:fit|seizure|convuls\w+)\b{_NEAR}\b(?:[5-9]|[1-9]\d) ?min"),
    (
        "reduced-fetal-movement",
        ("baby", "kick", "movement"),
        r"\b(?:not|haven'?t|hasn'?t|didn'?t|can'?t|no longer) (?:felt|feel|feeling) (?:the |my |our )?(?:baby|bump|little one)\b"
        r"|\b(?:no|fewer|less|hardly any) (?:kicks|movements?) (?:from|today|since|all day|for)\b",
    ),
    (
        "testicular-pain",
        ("testicl", "scrotum", "bollock", "balls", "ball ", "nuts"),
        r"\b(?:testicles?|scrotum|bollocks?|(?:my|his|left|right) (?:balls?|nuts?))\b(?! lump)[^.!?,\n]{0,30}?\b(?:kill\w*|agony|throb\w*|excruciat\w+|burst\w*)\b",
    ),
    (
        "operation-wound-open",
        ("wound", "scar", "incision", "stitches", "staples"),
        r"\b(?:c-?section|caesarean|surgical|surgery|operation|op|hernia|belly|tummy|stomach|hip|chest) (?:\w+ )?(?:wound|scar|incision|stitches|staples)\b"
        rf"{_NEAR}\b(?:burst|opened|gap\w+|split|come apart|came apart|bulg\w+|popped)\b",
    ),
    (
        "chest-pain",
        (" cp",),
        r"\b(?:substernal|retrosternal|crushing|pleuritic|exertional|central) cp\b|\bcp (?:x ?\d|radiat\w+|since|\+)",
    ),
    ("chest-pain-pressure", (" cp",), r"\b(?:crushing|heavy|squeezing) (?:substernal |retrosternal |central )?cp\b"),
    (
        "haematemesis",
        ("threw", "throw", "brought up", "vomit", "puk", "chuck"),
        rf"\b(?:threw|thrown|throwing|brought|vomit\w*|puk\w+|chuck\w+)\b(?: up| out)?{_NEAR}\b(?:dark red|red stuff|black stuff|brown bits|blood clots)\b",
    ),
    (
        "bloody-diarrhoea",
        ("blood",),
        rf"\b(?:poo|pooping|diarrh\w+|the runs|loose stools?|bowels open)\b{_WIDE}\b(?:with|and|full of|mixed with) blood\b",
    ),
    (
        "child-swallowed-medicine",
        ("bottle", "blister", "packet", "pill box"),
        r"\b(?:open|opened|empty|spilled|spilt) (?:pill |medicine |tablet )?(?:bottle|blister\w*|packet|pill box) (?:was )?(?:in (?:her|his) hands?|next to (?:her|him)|beside (?:her|him))\b",
    ),
    (
        "burn-severe",
        ("burn", "scald", "boiling", "hot oil"),
        one_of(
            rf"\b(?:burn\w*|scald\w*)\b{_WIDE}\b(?:skin (?:is )?(?:hanging|sliding|came|coming)|charred|leathery|white (?:and )?numb|waxy)\b",
            rf"\b(?:scald\w*|burn(?:ed|t)|boiling (?:water|oil)|hot oil)\b{_NEAR}\b(?:whole|entire|both) (?:arms?|legs?|hands?|thighs?|back|chest|face|front)\b",
        ),
    ),
    (
        "electric-shock",
        ("zapped", "electrocut", "jolt", "shock"),
        rf"\b(?:zapped|electrocuted|a (?:big |bad )?(?:jolt|shock)|got shocked)\b{_NEAR}\b(?:fuse|wires?|wiring|socket|outlet|mains|cable|breaker|volts?|appliance|toaster|lamp|switch)\b",
    ),
    (
        "abdominal-injury",
        ("kick", "punch", "hit", "handlebar", "ran over", "run over", "crush", "thrown", "fell on"),
        rf"\b(?:kicked|punched|hit|handlebars?|ran over|run over|crushed|rolled over|fell onto)\b{_NEAR}\b(?:belly|stomach|tummy|abdomen|flank|pelvis|left side|right side)\b",
    ),
    (
        "knocked-out",
        ("out for",),
        r"\b(?:was|were|been|went) out (?:cold )?for (?:a few|several|\d+|some|a couple of|half a) (?:seconds?|secs?|minutes?|mins?)\b",
    ),
    (
        "recent-alcohol-cessation",
        ("drink", "alcohol", "booze", "vodka"),
        r"\b(?:without (?:a |any )?(?:drink|alcohol|booze|vodka)|last (?:drink|alcohol|beer|vodka) (?:was )?|no (?:alcohol|booze) |not had a drink|off the (?:booze|drink|alcohol|vodka))"
        r"(?: ?(?:for|since|in|was|\d+|two|three|a few|ago|days?|yesterday|hours?)\b){1,4}",
    ),
    (
        "suicidal-thoughts",
        ("sleep", "wake", "end it", "plan"),
        r"\b(?:sleep forever|never wake up|not wake up|end it all)\b[^\n]{0,60}\b(?:have a plan|know how|have the (?:pills|rope|means)|set a date)\b",
    ),
    (
        "active-bleeding",
        ("stopping", "stop"),
        rf"\b(?:cuts?|slit|sliced|gash\w*|bleeding)\b{_NEAR}\b(?:not stopping|isn'?t stopping|doesn'?t stop|won'?t stop)\b",
    ),
    # A bare 'I know how' beside thoughts of dying is a plan; 'knows how I feel' is not.
    (
        "suicide-plan",
        ("know",),
        r"(?<!to )\bknows? (?:exactly )?(?:how|when and how|how and when)(?=\s*(?:[.,;!\n]|$|and (?:when|where)\b"
        r"|(?:i|he|she)(?:'d| would|'ll| will|'m going| am going|'s going)\b))",
    ),
    (
        "slow-breathing",
        ("breath",),
        rf"\b(?:timed|counted) (?:his|her|their|the) breath\w*{_NEAR}\b(?:[2-8]|two|three|four|five|six|seven|eight)\b(?! ?(?:\d|am|pm))",
    ),
    (
        "photophobia",
        ("lamp", "light", "bright"),
        r"\b(?:can'?t|cannot) (?:stand|bear|look at|tolerate) (?:the |any |bright )?(?:lamps?|lights?|daylight|brightness)\b",
    ),
    (
        "eye-penetrated",
        ("pupil",),
        r"\b(?:tear|pear|keyhole|teardrop|oddly)[- ]?shaped pupil\b|\bpupil (?:is |looks )?(?:tear|pear|teardrop|keyhole)[- ]?shaped\b",
    ),
    (
        "cornea-cloudy-spot",
        ("white",),
        r"\bwhite (?:spot|dot|patch) on (?:the|my|his|her) (?:cornea|iris|coloured|colored|eyeball|eye)\b",
    ),
    ("low-white-cells", ("neut", "anc"), r"\b(?:neutrophils?|neuts|anc)\b[^.!?\n]{0,20}?\b(?:0[.,][0-4]|[1-4]\d\d)\b"),
    (
        "recent-surgery",
        ("day", "week", "hour"),
        rf"\b(?:days?|weeks?|hours?) (?:after|post|since|following|out from) (?:\w+ ){{0,4}}?{_OPERATION}\b",
    ),
    (
        "reduced-urine",
        ("urin", "water", "wee", "pee"),
        r"\b(?:not|hasn'?t|haven'?t) (?:passed|been able to pass) (?:any )?(?:urine|water)\b[^.!?\n]{0,10}\b(?:for|in|since)\b",
    ),
)
_PATTERNS = tuple((finding, cues, re.compile(pattern)) for finding, cues, pattern in _SAID)

# A slip of the decimal point, or more than three times what was meant: no small mistake, whatever the medicine.
_INSTEAD = re.compile(
    r"\b(?P<given>\d+(?:\.\d+)?) ?(?P<unit>ml|mg|mcg|units?|tablets?|drops?|puffs?) (?:\w+ ){0,3}?instead of (?P<meant>\d*\.?\d+)"
)
_FAR_TOO_MUCH = 3


def said_in(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield finding, start and end of what a plain text in small letters says."""
    for finding, cues, pattern in _PATTERNS:
        if any(cue in text for cue in cues):
            for found in pattern.finditer(text):
                yield finding, *found.span()
    if "instead of" in text:
        for found in _INSTEAD.finditer(text):
            if float(found["given"]) >= _FAR_TOO_MUCH * float(found["meant"]) > 0:
                yield "overdose", *found.span()
