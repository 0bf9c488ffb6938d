"""What a question asks for and what a passage tells of: treatment, symptoms, causes and so on, by their words.

The same patterns serve both sides. A question is read in the sentences that ask; a passage is read in its title, since what a
text is about stands there ("What are the treatments for gout?", "Gout: treatment").
"""

import re
from enum import StrEnum

from consilium_common.clinical.words import one_of


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


_PATTERNS: dict[Kind, str] = {
    Kind.TREATMENT: one_of(
        r"treat\w*",
        r"therap\w*",
        "cur(?:e|es|ed|ing|able)",
        "medicines?",
        "medications?",
        "drugs?",
        "pills?",
        "tablets?",
        "surgery",
        "surgical",
        "operat(?:e|es|ed|ion)",
        "antibiotics?",
        "dose",
        "doses",
        "remed(?:y|ies)",
        r"reliev\w*",
        "relief",
        "get(?:ting)? rid of",
        "(?:can|could) be done",
        "what (?:else )?helps?",
        "(?:any|some)thing (?:that |which )?(?:helps?|works?|for)",
        "how to manage",
        "managed",
        "management",
        "what to take",
        "(?:can|should) i take",
        "next options?",
        "make (?:it|them) go away",
        "steroids?",
        "injections?",
        "cream",
        "ointment",
        "removed?",
    ),
    Kind.SYMPTOMS: one_of(
        "symptoms?",
        "signs?",
        "warning signs",
        "feels? like",
        "how (?:do|would|can|could) (?:i|you|we|one) (?:know|recogni[sz]e)",
        "how do i tell",
        "(?:look|watch) (?:out )?for",
        "sounds? like",
        "could (?:this|it) be",
        r"is (?:this|that|it) (?:an? )?\w+ and",
        "presentation",
        "how it shows",
        "what happens to",
        "what does (?:it|this) do to",
    ),
    Kind.CAUSES: one_of(
        r"caus\w+",
        "why (?:do|does|did|is|am|are|have|has|would)",
        "where (?:do|does|did) .{1,60} come from",
        "come from",
        "reasons?",
        "brings? on",
        "bring on",
        "due to",
        "triggers?",
        "triggered",
        "how (?:do|did|does) .{1,40} get",
    ),
    Kind.RISK: one_of(
        "at risk",
        "risk factors?",
        "raise my risk",
        "my risk",
        "risk (?:of|for)",
        "likely to (?:get|have)",
        "who (?:gets|is at)",
        "higher chance",
        "prone",
        r"susceptib\w+",
    ),
    Kind.TESTS: one_of(
        "tests?",
        "tested",
        "testing",
        "diagnos(?:e|es|ed|is|ing|tic)",
        "exams?",
        "examination",
        "scans?",
        "mri",
        "x-?rays?",
        "ultrasound",
        "biops(?:y|ies)",
        "blood work",
        r"screen\w*",
        "find out (?:if|whether|it|what)",
        "finds? out",
        "check (?:for|whether|if)",
        r"detect\w*",
        r"confirm\w*",
        "rule out",
    ),
    Kind.OUTLOOK: one_of(
        "outlook",
        r"prognos\w+",
        "life expectancy",
        "survival",
        r"surviv\w+",
        "how long (?:do|does|can|will|is|until|before|have)",
        "long[- ]term",
        "live with",
        "get(?:s|ting)? worse",
        "over the years",
        "go(?:es)? away",
        "fatal",
        "deadly",
        "die from",
        "expect(?:ed)?",
        r"recover\w*",
        "normal life",
        "stay like",
        "later on",
        "future",
        "terminal",
        r"chances? of surviv\w+",
    ),
    Kind.COMPLICATIONS: one_of(
        "complications?",
        "can go wrong",
        "problems? (?:does|do|can)",
        "lead to",
        "leads to",
        "damage",
        r"affect (?:my|the|his|her) \w+",
        "mean for",
    ),
    Kind.PREVENTION: one_of(
        r"prevent\w*",
        r"avoid\w*",
        r"vaccin\w*",
        "shots? for",
        r"immuni[sz]\w*",
        r"protect\w*",
        "lower (?:my|the|your) (?:risk|chances?)",
        "reduce (?:my|the|your) (?:risk|chances?)",
        "so (?:that )?i (?:do not|don't|dont)",
        "keep .{1,30} from",
        "stops? .{1,30} (?:coming|from)",
        "come back again",
    ),
    Kind.INHERITANCE: one_of(
        r"inherit\w*",
        "hereditary",
        r"run(?:s|ning)? in (?:the |my |our )?famil\w+",
        "famil(?:y|ial) history",
        "pass(?:ed|es|ing)? (?:it |this |.{1,40} )?(?:on|down)(?: to)?",
        "carriers?",
        "genetic(?:s|ally)?",
        "chances? (?:that|of) (?:my|our|the|a)",
        "will (?:my|our) (?:child|children|baby|son|daughter|kids?)",
    ),
    Kind.GENES: one_of(
        "genes?",
        "mutations?",
        "chromosomes?",
        "genetic changes",
        "dna",
    ),
    Kind.FREQUENCY: one_of(
        "how (?:common|rare|frequent|many|often)",
        "prevalence",
        "incidence",
        "frequency",
        "number of people",
        "statistics",
    ),
    Kind.STAGES: one_of(
        "stages?",
        "staging",
        "grade [0-9iv]+",
    ),
    Kind.LIVING: one_of(
        "diets?",
        "eat(?:ing)?",
        "foods?",
        "drink(?:ing)?",
        "nutrition",
        r"exercis\w+",
        "life ?style",
        "live with",
        "living with",
        "cop(?:e|ing)",
        "can (?:he|she|i|they) be fed",
        "what to do",
        "to do for",
        "home care",
        "self-?care",
        "daily life",
    ),
    Kind.RESEARCH: one_of(
        "research",
        "clinical trials?",
        "trials?",
        "stud(?:y|ies)",
        "new (?:drugs?|treatments?|findings?)",
        "experimental",
    ),
    Kind.SEEK_HELP: one_of(
        "when (?:to|should) .{0,20}(?:see|call|seek)",
        "seek help",
        "emergency",
        "urgent(?:ly)?",
        "go to (?:the )?(?:er|hospital|doctor)",
    ),
    Kind.ABOUT: one_of(
        r"what (?:is|are)(?: \(are\))? (?!the\b|my\b|your\b|best\b)",
        "what exactly",
        "tell me about",
        "information",
        "what it is",
        "what .{1,40} means?",
        "overview",
        "define",
        "definition",
    ),
}
# The last one opens a sentence, so that any word may follow; the others end where a word ends.
_COMPILED = tuple(
    (kind, re.compile(rf"\b{pattern}" if kind is Kind.ABOUT else rf"\b{pattern}(?!\w)", re.IGNORECASE))
    for kind, pattern in _PATTERNS.items()
)


def kinds(text: str) -> frozenset[Kind]:
    """Return every kind that a word of the text speaks of."""
    return frozenset(kind for kind, pattern in _COMPILED if pattern.search(text))


def without_kinds(title: str) -> str:
    """Return a title without the words that tell its kind, which leaves what it is about."""
    for _, pattern in _COMPILED:
        title = pattern.sub(" ", title)
    return title
