"""What a question asks for and what a passage tells of: treatment, symptoms, causes and so on, by their words.

The same patterns serve both sides. A question is read in the sentences that ask; a passage is read in its title, since what a
text is about stands there ("What are the treatments for gout?", "Gout: treatment").
"""

import re
from enum import StrEnum


class Kind(StrEnum):
    """What a reader wants to know of a condition."""

    ABOUT = "about"
    SYMPTOMS = "symptoms"
    CAUSES = "causes"
    RISK = "risk"
    TESTS = "tests"
    TREATMENT = "treatment"
    OUTLOOK = "outlook"
    COMPLICATIONS = "complications"
    PREVENTION = "prevention"
    INHERITANCE = "inheritance"
    GENES = "genes"
    FREQUENCY = "frequency"
    STAGES = "stages"
    LIVING = "living"
    RESEARCH = "research"
    SEEK_HELP = "seek-help"


_PATTERNS: tuple[tuple[Kind, str], ...] = (
    (
        Kind.TREATMENT,
        r"treat\w*|therap\w*|cur(?:e|es|ed|ing|able)|medicines?|medications?|drugs?|pills?|tablets?|surgery|surgical|operat(?:e|es|ed|ion)"
        r"|antibiotics?|dose|doses|remed(?:y|ies)|reliev\w*|relief|get(?:ting)? rid of|(?:can|could) be done|what (?:else )?helps?"
        r"|(?:any|some)thing (?:that |which )?(?:helps?|works?|for)|how to manage|managed|management|what to take|(?:can|should) i take"
        r"|next options?|make (?:it|them) go away|steroids?|injections?|cream|ointment|removed?",
    ),
    (
        Kind.SYMPTOMS,
        r"symptoms?|signs?|warning signs|feels? like|how (?:do|would|can|could) (?:i|you|we|one) (?:know|recogni[sz]e)"
        r"|how do i tell|(?:look|watch) (?:out )?for|sounds? like|could (?:this|it) be|is (?:this|that|it) (?:an? )?\w+ and|presentation|how it shows"
        r"|what happens to|what does (?:it|this) do to",
    ),
    (
        Kind.CAUSES,
        r"caus\w+|why (?:do|does|did|is|am|are|have|has|would)|where (?:do|does|did) .{1,60} come from|come from|reasons?|brings? on|bring on"
        r"|due to|triggers?|triggered|how (?:do|did|does) .{1,40} get",
    ),
    (
        Kind.RISK,
        r"at risk|risk factors?|raise my risk|my risk|risk (?:of|for)|likely to (?:get|have)|who (?:gets|is at)|higher chance|prone|susceptib\w+",
    ),
    (
        Kind.TESTS,
        r"tests?|tested|testing|diagnos(?:e|es|ed|is|ing|tic)|exams?|examination|scans?|mri|x-?rays?|ultrasound|biops(?:y|ies)|blood work|screen\w*"
        r"|find out (?:if|whether|it|what)|finds? out|check (?:for|whether|if)|detect\w*|confirm\w*|rule out",
    ),
    (
        Kind.OUTLOOK,
        r"outlook|prognos\w+|life expectancy|survival|surviv\w+|how long (?:do|does|can|will|is|until|before|have)|long[- ]term|live with|get(?:s|ting)? worse"
        r"|over the years|go(?:es)? away|fatal|deadly|die from|expect(?:ed)?|recover\w*|normal life|stay like|later on|future|terminal|chances? of surviv\w+",
    ),
    (
        Kind.COMPLICATIONS,
        r"complications?|can go wrong|problems? (?:does|do|can)|lead to|leads to|damage|affect (?:my|the|his|her) \w+|mean for",
    ),
    (
        Kind.PREVENTION,
        r"prevent\w*|avoid\w*|vaccin\w*|shots? for|immuni[sz]\w*|protect\w*|lower (?:my|the|your) (?:risk|chances?)|reduce (?:my|the|your) (?:risk|chances?)"
        r"|so (?:that )?i (?:do not|don't|dont)|keep .{1,30} from|stops? .{1,30} (?:coming|from)|come back again",
    ),
    (
        Kind.INHERITANCE,
        r"inherit\w*|hereditary|run(?:s|ning)? in (?:the |my |our )?famil\w+|famil(?:y|ial) history|pass(?:ed|es|ing)? (?:it |this |.{1,40} )?(?:on|down)(?: to)?"
        r"|carriers?|genetic(?:s|ally)?|chances? (?:that|of) (?:my|our|the|a)|will (?:my|our) (?:child|children|baby|son|daughter|kids?)",
    ),
    (Kind.GENES, r"genes?|mutations?|chromosomes?|genetic changes|dna"),
    (Kind.FREQUENCY, r"how (?:common|rare|frequent|many|often)|prevalence|incidence|frequency|number of people|statistics"),
    (Kind.STAGES, r"stages?|staging|grade [0-9iv]+"),
    (
        Kind.LIVING,
        r"diets?|eat(?:ing)?|foods?|drink(?:ing)?|nutrition|exercis\w+|life ?style|live with|living with|cop(?:e|ing)|can (?:he|she|i|they) be fed|what to do|to do for"
        r"|home care|self-?care|daily life",
    ),
    (Kind.RESEARCH, r"research|clinical trials?|trials?|stud(?:y|ies)|new (?:drugs?|treatments?|findings?)|experimental"),
    (
        Kind.SEEK_HELP,
        r"when (?:to|should) .{0,20}(?:see|call|seek)|seek help|emergency|urgent(?:ly)?|go to (?:the )?(?:er|hospital|doctor)",
    ),
    (
        Kind.ABOUT,
        r"what (?:is|are)(?: \(are\))? (?!the\b|my\b|your\b|best\b)|what exactly|tell me about|information|what it is|what .{1,40} means?|overview|define|definition",
    ),
)
_COMPILED = tuple(
    (kind, re.compile(rf"\b(?:{pattern})(?!\w)" if kind is not Kind.ABOUT else rf"\b(?:{pattern})", re.IGNORECASE))
    for kind, pattern in _PATTERNS
)


def kinds(text: str) -> frozenset[Kind]:
    """Return every kind that a word of the text speaks of."""
    return frozenset(kind for kind, pattern in _COMPILED if pattern.search(text))


def without_kinds(title: str) -> str:
    """Return a title without the words that tell its kind, which leaves what it is about."""
    for _, pattern in _COMPILED:
        title = pattern.sub(" ", title)
    return title
