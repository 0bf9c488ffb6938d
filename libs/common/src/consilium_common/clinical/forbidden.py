"""What is never said to a patient, by kind. A sentence with any of it is left out, and the packs are held to it by tests.

Kinds: a diagnosis stated as a fact, certainty, reassurance that nobody can give without an examination, advice against being
seen, a change of what a doctor has prescribed, a prognosis or a probability in numbers, and blame.
"""

import re

from consilium_common.clinical.citing import sentences

_DOCTOR = r"(?:doctor|clinician|hospital|ambulance|appointment|emergency)"
_ARTICLE = r"(?:an? |the )?"
_NEED = r"(?:need|necessary|have)(?: for| to)?(?: see| call| ask| go to| \w+ to)?"
_CHANGE = r"(?:stop|start|change|increase|raise|reduce|lower|double|halve|skip|pause|switch|leave out)"
_OWN = (
    r"(?:your|the|all|any|taking|prescribed|usual|blood pressure|heart|water|steroid|diabetes|epilepsy|seizure"
    r"|long-acting|new)"
)
_MEDICINE = r"(?:medicines?|medication|tablets?|insulin|doses?|pills?|blood thinners?|inhalers?|antidepressants?|statins?)"
# 'Do not stop …' and 'ask whether to stop …' change nothing.
_ADVISED = r"(?<!not )(?<!never )(?<!n't )(?<!whether to )(?<!before )"
_FEW = r"(?:\d+|one|two|three|four|five)"
_MANY = r"(?:an? )?(?:\d+|two|three|four|five|ten|twenty|hundred|thousand)"
_PERCENT = r"\d+(?:\.\d+)? ?(?:%|per ?cent)"
_PATTERNS: dict[str, tuple[str, ...]] = {
    "diagnosis": (
        r"\byou (?:\w+ )?have(?! (?:had|to|been|already|\w+(?:ed|en))\b)",
        r"\byou(?:'ve| have) got\b|\byou (?:are suffering|suffer|got|are having an?)\b",
        r"\b(?:your diagnosis|is diagnosed|you are diagnosed)\b",
        r"\b(?:this|it|that) (?:is|was) (?:clearly|obviously|surely|most certainly|a case of|typical of)\b",
        r"\bthis is (?:an? |the )(?!sign|reason|warning|medical)\w+",
    ),
    "certainty": (
        r"\b(?:definitely|certainly|undoubtedly|without (?:a )?doubt|guaranteed?|for sure|no doubt|absolutely)\b",
        r"\b(?:it|this|that|we|i)(?: is| are| am|'s|'re|'m) 100 ?%|\bcannot be anything else|\balways cures?\b|\bnever fails",
    ),
    "reassurance": (
        r"\b(?:nothing|not|no need|no reason|no cause|don't)(?: to| for)? (?:worry|alarm|concern)\b",
        r"\byou(?:'ll| will| are going to)? (?:be |are )(?:fine|okay|ok|safe|healthy|all right|alright)\b",
        r"\bnothing (?:serious|dangerous|is wrong|bad)\b",
        r"\b(?:perfectly|completely|totally) (?:normal|safe|fine|harmless)\b",
        r"\bis not (?:serious|dangerous)\b|\b(?:just|only) (?:stress|nerves|anxiety|your age|in your head)\b",
        r"^(?!.*\b(?:most|mostly|usually|almost always|only tests|no harmless)\b).*\bharmless\b",
    ),
    "no doctor": (
        rf"\b(?:no|not|don't|n't) {_NEED} ?{_ARTICLE}{_DOCTOR}\b",
        rf"\b(?:skip|avoid|cancel|stay away from) (?:the |your |an? )?{_DOCTOR}\b",
        rf"\binstead of (?:seeing|calling|going to) (?:an? |the )?{_DOCTOR}\b",
    ),
    "prescribed": (
        rf"{_ADVISED}\b{_CHANGE} (?!.*\b(?:ask|asking|told)\b){_OWN}\b[^.;,]{{0,30}}\b{_MEDICINE}\b",
        r"\btake (?:more|less|twice|double|half) (?:of )?your\b",
    ),
    "prognosis": (
        r"\b(?:surviv(?:e|al)|mortality|life expectancy|death rate|die|live)\b[^.]{0,40}\b\d+ ?(?:%|per ?cent|years|months)",
        r"\b\d+ ?(?:%|per ?cent)[^.]{0,30}\b(?:die|dies|survive|survival|death|mortality)\b",
        r"\b(?:months|years) (?:left )?to live\b",
    ),
    "probability": (
        rf"\b{_PERCENT} (?:chance|risk|likely|probab\w+|of (?:people|cases|patients|women|men|children))",
        rf"\b(?:chance|risk|probability|likelihood)\b[^.]{{0,20}}\b{_PERCENT}|\bprobability of\b",
        rf"\b{_FEW} (?:in|out of) {_MANY}\b(?! (?:hours?|days?|weeks?|months?|minutes?|years?))",
    ),
    "blame": (
        r"\byour (?:own )?fault\b|\byou should have\b|\byou (?:failed|neglected|brought this)\b|\byou are to blame\b",
        r"\b(?:non-?complian\w+|non-?adheren\w+|lazy|self-inflicted)\b",
        r"\bbecause you (?:smoke|drink|eat|are (?:fat|overweight|obese|lazy))\b",
    ),
}
FORBIDDEN = {kind: re.compile("|".join(patterns), re.IGNORECASE) for kind, patterns in _PATTERNS.items()}
# "If you have …" and "Do you have …?" state nothing.
_STATES_NOTHING = re.compile(
    r"\b(?:if|when|whether|unless|until|once|any \w+|what|that|which|do|did) you (?:\w+ )?have\b", re.IGNORECASE
)


def forbidden(text: str) -> tuple[str, ...]:
    """Return the kinds of forbidden phrasing that a text has, none for what a patient may be told."""
    parts = [_STATES_NOTHING.sub("", sentence) for sentence in sentences(text)]
    return tuple(kind for kind, pattern in FORBIDDEN.items() if any(pattern.search(part) for part in parts))
