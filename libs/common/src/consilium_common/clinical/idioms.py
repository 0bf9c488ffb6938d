"""Fixed expressions in which a word does not mean the body part, side or complaint that it names elsewhere."""

# ruff: noqa: E501, ISC004 -- a pattern is read as one line, and a row is one expression.
import re

from consilium_common.clinical.words import one_of

# Only the word in the group is passed over: in 'came back' it is 'back'.
_EXPRESSIONS = (
    one_of(
        r"com(?:e|es|ing)|came|go|goes|went|going|gets?|got|getting|is|are|was|be|it's|its|calls?|called",
        r"years?|months?|weeks?|days?|way|right|straight",
    )
    + r" (back)\b(?! (?:pain|ache|hurts|injury|problem|spasm|stiff|sore))",
    r"(back) (?:to|in (?:19|20)\d\d|then|when|from|home|at work)\b",
    r"(back) of (?:the|my) (?:car|bus|queue|house|mind)\b",
    r"(left) (?:me|him|her|the|home|work|over|with|untreated|alone)\b",
    r"(right) (?:now|away|after|before|when|then)\b",
    r"all (right)\b",
    r"(heading|head) (?:to|for|home)\b",
    r"hits? the nail on the (head)\b",
    r"on the (?:one|other) (hand)\b",
    r"by (heart)\b",
    r"(?:by|on) (foot)\b",
    r"fell (asleep)\b",
    r"(falling|fell|fall|fallen) (?:asleep|ill|pregnant|in love)\b",
    r"(shoulder) to cry\b",
    r"(second ?hand)\b",
    r"(wee) (?:bit|while)\b",
    one_of(r"boss|job|work|ex|neighbours?|traffic|paperwork|homework|he|she|they|you|people|meetings?|computer|phone")
    + r"(?:'s|'re)? (?:(?:is|are|was|were|can be) )?(?:such |being )?(?:a )?(?:real |right |complete )?"
    + r"(pain in the (?:neck|butt|backside|arse|ass))\b",
    r"(tears?) (?:of joy|in my eyes)\b",
    r"(break) (?:up|from work)\b",
    r"(broke) up\b",
    r"(cold) (?:weather|water|drinks?|day|air)\b",
    r"got (cold) feet\b",
    r"(stroke) of (?:luck|genius)\b",
    r"(gas) station\b",
    r"(wind) (?:blows|chill|farm|turbine|instrument)",
    r"non[- ](drowsy)\b",
    r"(poisons?) (?:lines?|advice|cent(?:re|er)s?|service|control|information|helpline|unit)\b",
    r"a (fit)(?: and \w+)?,? (?:\d+|(?:young|healthy|active|older|middle-aged|elderly) |man|woman|person|runner|lad|guy)",
    r"(electric shocks?)(?:-like)? (?:\w+ ){0,2}?(?:in|down|up|along|through|into|across) (?:my|his|her|the) (?:\w+ )?(?:face|cheek|jaw|tooth|teeth|gums?"
    r"|lips?|back|spine|neck|legs?|arms?|feet|fingers?|head)\b",
    r"static (shocks?)\b",
    r"(?:like|tapping|tap|tinel\w*)[^.!?\n]{0,25}? (?:being |an? )?(electrocuted|electric shocks?)\b",
    r"(?:makes?|made|making|let|gave) (?:\w+ ){1,2}(gasp)\b",
    r"(shot) (?:down|up|through|along) (?:my|his|her|the) (?:\w+ )?(?:legs?|arms?|back|spine|neck)\b",
    r"(drown(?:s|ed|ing)?) (?:it|them|that|out|the noise|in (?:paperwork|work|emails|debt))\b",
    r"my (heart (?:nearly |almost )?stopped)\b(?! (?:beating|for|and|twice|again))",
    r"(?:tablets?|pills?|medicines?|antihistamines?) (?:\w+ ){0,5}?(knocks? me out)\b",
    r"(head injury) (?:clinic|team|nurse|service|leaflet|advice|unit|sheet)\b",
    r"(alarm (?:beeps?|beeping|chirps?|chirping)) once (?:a|every|per) minute\b",
    r"(shocks? (?:off|from)) (?:my |the |a )?(?:car\b|car door|door ?handle|carpet|trolley|jumper|balloon|trampoline)",
    r"(?:supermarket|shop|shop-bought|tinned|canned|button|portobello|chestnut|oyster) (mushrooms?)\b",
    (
        r"(t(?:ook|aken|ake) all) (?:of )?(?:my|the|his|her) (?:malarone|malaria (?:tablets|pills)|anti-?malarials?|doxycycline"
        r"|antibiotics?|vaccin\w+|jabs|usual|morning|regular|prescribed)\b"
    ),
    r"(under) (?:the )?(?:(?:cool|cold|running|tap|lukewarm|tepid) ){1,2}(?:tap ?)?(?:water|tap)\b",
    r"dry[- ](drown\w*)\b",
    # Snoring that is told as a habit; somebody who snores and cannot be woken is another matter.
    r"\bsnores?\b(?![^!?\n]{0,120}(?:wak|respon|rous|blue|gr[ae]y|limp))[^!?\n]{0,120}?\b(gasps?|stops? breathing)\b",
    r"(stops? breathing)\b[^.!?\n]{0,30}? (?:every (?:single )?night|several times (?:a|per|each) night)\b",
    r"does (?:he|she) (stop breathing)\b",
    r"(stops? for (?:a )?(?:breather|breath))\b",
    r"stop\w* (?:\w+ )?(?:while|when|once|on|with|by) (?:he |she |i )?((?:holding|held) (?:his|her|my|the) breath)\b",
    # Fingers that go white and then blue in the cold, and come back.
    r"(?:fingers?|toes?)[^.!?\n]{0,30}? ((?:go|goes|turn|turns|going|turning) white,? (?:and )?then (?:blue|purple))\b",
    r"(?:like|like being|like i'm|ears?[^.!?\n]{0,60}?) (under ?water)\b",
    r"(?:dream\w*|nightmares?) (?:\w+,? ){0,4}?(drown\w*)\b",
    r"periods? (drowns?)\b",
    r"(?:goes|go|gone|turns?) (?:\w+ )?(pale) (?:under|on|at|when|if) (?:\w+ )?(?:press\w*|finger|glass|flannel|pressure|touch|edges?|one edge)\b",
    r"(?:rash|spots?|dots?|bumps?|patch\w*|pink)[^.!?\n]{0,60}? (?:go|goes|gone|turn|turns) (pale)\b",
    r"snor\w*[^.!?\n]{0,120}?\b(breath(?:ing)? stops?)\b",
    r"(?:can|could|may|might|would|will) (stop the heart)\b",
    (
        r"(?:exams?|maths|math|homework|revision|work|job|boss|commute|course|diet|gym|stairs|traffic|suspense|boredom|wedding)"
        r" (?:is |are |was )?(?:really |just |absolutely )?((?:going to kill|gonna kill|killing)) (?:me|us)\b"
    ),
    # Under 1.6 mmol/l blood ketones are no ketoacidosis and none in the making (JBDS 2023).
    r"(ketones?)\b(?: (?:are|is|were|was|of|at|only|now|level|reading|in blood))*[ :=]+(?:0[.,]\d|1[.,][0-5])(?!\d)",
    r"(?:ending|ends|ended|stopped|stops|stop|settled?) (?:\w+ )?(?:with|by) (breath[- ]holding)\b",
    # A letter that says the temperature was taken and normal speaks of no fever.
    (
        r"(temperature|temp)(?:,? [a-z]+ (?:rate|pressure)| and [a-z]+)?"
        r" (?:is |was |are |were |remains? |and )?(?:normal|unremarkable)\b"
    ),
    r"normal (temperature)\b",
    r"(fit) (?:and (?:well|healthy|active)|\d\d|young|man|woman|boy|girl|footballer|runner)",
    r"(?:previously|otherwise|usually|formerly|very|normally|keeps?|is|was) (fit)\b",
    r"(cut|cuts|cutting) (?:down|back|out)\b",
    (
        r"(shingles|measles|mumps|rabies|chickenpox|whooping cough|meningitis|pneumonia|hepatitis)"
        r" (?:\w )?(?:jab|vaccin\w+|shot|injection|booster)s?\b"
    ),
    r"(faint) (?:\w+ ){0,2}(?:line|test|rash|pink|red|spots?|murmur|smell|positive|erythema\w*)\b",
    r"(?:test|line) (?:was |is |looked )?(?:\w+ )?(faint)\b",
)
_IDIOMS = re.compile("|".join(rf"\b{expression}" for expression in _EXPRESSIONS))


def idiom_places(text: str) -> list[tuple[int, int]]:
    """Return where words of a plain text stand that must not be taken at their word."""
    return [found.span(found.lastindex or 0) for found in _IDIOMS.finditer(text)]
