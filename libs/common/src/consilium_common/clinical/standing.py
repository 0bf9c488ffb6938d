"""How a text means what it names: as present now, as over, or as feared and merely possible."""

# ruff: noqa: E501 -- a pattern is read as one line.
import re
from collections.abc import Sequence
from itertools import pairwise

from consilium_common.clinical.advised import advised
from consilium_common.clinical.text import Token, index_at
from consilium_common.clinical.words import SUBJECT_PRONOUNS, one_of

_LONG_AGO = re.compile(
    r"\b"
    + one_of(
        r"(?:(?:a few|several|many|some|\d+|two|three|four|five|ten|twenty) )?(?:years|decades) ago",
        r"(?:a|one) year ago|last year",
        r"as a (?:child|kid|teenager|baby|teen)|when i was (?:a |young|little|\d)|in my (?:teens|twenties|thirties|childhood)",
        r"in (?:19|20)\d\d",
        r"in the (?:distant )?past(?! (?:\w+ )?(?:hour|day|week|month|few|two|three|couple))",
        r"used to (?:have|get|be|suffer)|previously|once had|months ago i had",
        r"(?:past|previous|prior) (?:medical )?(?:history|episodes?) of",
    )
    + r"\b"
)
# Months ago is past, but a headache that began months ago is here.
_MONTHS_AGO = re.compile(
    r"\b"
    + one_of(
        r"(?:(?:a few|several|many|some|\d+|two|three|four|five|six|seven|eight|nine|ten|eleven) )months ago",
        r"in (?:early |mid |late |the )?(?:january|february|march|april|may|june|july|august|september|october|november|december"
        r"|spring|summer|autumn|winter)",
        r"last (?:spring|summer|autumn|winter|christmas|easter|month)",
        r"(?:months?|years?) after (?:an?|the|my|his|her) (?:hospital )?(?:admission|stay)",
    )
    + r"\b"
)
_GOES_ON = re.compile(
    r"\b(?:start\w*|beg[aiu]n\w*|onset|since|still|worse\w*|first|came on|develop\w*|appeared|notic\w*|diagnos\w*|again|keeps?"
    r"|returned|came back|ever|until|next|this|coming|due|will|planned|booked)\b"
)
_NOW = frozenset({"now", "today", "tonight", "currently", "is", "are", "am", "has", "have", "but"})
# 'Has gone grey' is no end but a beginning.
_CHANGED = one_of(
    r"gr[ea]y|green|brown|pale|white|blue|purple|black|red|yellow|swollen|numb|limp|floppy|stiff|cold|quiet|dark|blurr\w+|dead|weak|hard"
    r"|hot|clammy|sweaty",
    r"to|into|from|through|up|down|off|in|on|out|over|without|weird|funny|wrong|worse|crazy|mad|missing|bad|septic"
    r"|unconscious",
)
_GONE = rf"gone(?: away)?(?! \w+ing\b)(?! (?:very |a bit |all |really |quite |completely |a funny )?{_CHANGED})"
_OVER = re.compile(
    r"\b"
    + one_of(
        r"no longer|gone now|went away|cleared up|recovered from|not any ?more",
        rf"(?:has|have|had|is|are|'s) (?:now |since |completely |all |fully ){{0,2}}(?:resolved|cleared(?: up)?|{_GONE})",
        r"(?:has|have|had) (?:now |since |completely |all ){0,2}(?:subsided|disappeared|stopped)",
        r"(?:is|are|feels|'s) (?:all |much |completely )?better now",
    )
    + r"\b"
)
# What came and went within hours may come again: it is not over.
_RECENT = re.compile(
    r"\b"
    + one_of(
        r"sudden(?:ly)?|today|tonight|this (?:morning|afternoon|evening|week)|yesterday|last night",
        r"(?:minutes?|hours?|hrs?|mins?|days?) ago",
        r"(?:for|lasted|after|about) (?:\w+ ){1,2}(?:minutes?|mins?|seconds?|hours?|hrs?)",
        r"keeps? coming|comes and goes|on and off",
    )
    + r"\b"
)
_FEARED = re.compile(
    r"\b"
    + one_of(
        r"what if",
        r"if (?:i|he|she|they|someone|somebody|you) (?:ever |suddenly )?(?:gets?|develops?|had|starts?|notice|catch)",
        r"(?:could|can|might|may) (?:it|this|that|these|they|i|he|she) (?:also |possibly |really )?(?:be|have|indicate|mean)",
        r"(?:it|this|that|i) (?:could|might|may) be",
        r"(?:could|can|might|may) (?:also )?(?:indicate|suggest|point to|be a sign of)",
        r"is (?:it|this|that) (?:an? |possibly |maybe |perhaps )",
        r"(?:am i|is (?:he|she)) having|do i have",
        r"risks? (?:of|for)|chances? of|(?:to |how to |help )prevent(?:ing)?|prevents|avoid(?:ing)?",
        r"symptoms of|signs of|screening for|(?:vaccin\w+|jab|shot|immuni\w+) (?:for|against)",
        r"(?<!\bi )(?<!\bwe )(?:seek|call|return|come back|go (?:to|back))\b[^.;!?]{0,40}\bif|(?:are|were) you (?:experiencing|having)",
        r"in case (?:of|i)|read about|heard about|difference between|what (?:is|are|causes)",
        r"how (?:do|does|is|to) (?:you |one )?(?:treat|treated|diagnose)",
        r"(?:can|could|should|may) i (?:take|use|have|start)|is it (?:ok|okay|safe|fine) to",
        r"worr(?:y|ied|ies|ying) (?:about|of)(?= (?:dehydration|infection|sepsis|meningitis|cancer|pneumonia)\b)"
        r"|worr(?:y|ied|ies) (?:about|of|that) (?:an?|having|getting|it|i)|concerned (?:about|that) (?:an?|having"
        r"|getting|it|i)",
        r"(?:afraid|scared|frightened|terrified) (?:of|that|it)",
        r"possible|suspected|query",
        r"(?:leaflet|packet|insert|small print|instructions|warnings?|side effects?|facebook|google|internet|article|website)\b[^.;!?\n]{0,30}"
        r"\b(?:lists?|listed|says?|mentions?|goes on about|warns? (?:of|about)|talks? about|includes?)",
        r"it (?:lists|warns (?:of|about))|(?:reading|read)[^.;!?\n]{0,25} about|(?:reading|read|heard) of",
    )
    + r"\b"
)
# A sentence of a film, a book or an examination paper, in which nobody says 'I have'.
_FICTION = re.compile(
    r"\b"
    + one_of(
        r"in (?:a|the|this|that|my|an) (?:\w+ )?(?:film|movie|series|novel|book|story|show|episode|game|play|drama"
        r"|soap|podcast|documentary|script)",
        r"(?:writing|wrote|write|reading|read) (?:a|an|the|my) (?:\w+ )?(?:novel|story|book|essay|script|screenplay"
        r"|paper|article|thesis)",
        r"(?:on|saw on) (?:tv|television|the news|netflix|youtube)|(?:character|hero|heroine|villain) (?:\w+ )?(?:had"
        r"|has|is|was|dies|died)",
        r"(?:for|in) my (?:\w+ )?(?:exam|essay|homework|course|class|thesis|nursing exam|biology class|assignment"
        r"|quiz)|(?:video|computer) game",
        r"hypothetical(?:ly)?|in theory|metaphorically",
        r"(?:watch(?:ed|ing)?|saw|seen) (?:that |a |an |this |the )?(?:\w+ ){0,2}(?:film|movie|drama|series|programme|program|show|soap"
        r"|documentary|episode|video|clip)",
        r"(?:that|this|a) (?:tv )?(?:programme|film|drama|documentary|soap) (?:last night|yesterday|on)",
        r"(?:crime|romance|detective|horror) (?:novel|story|film)|(?:revision|exam|quiz|homework|coursework) questions?"
        r"|(?:a )?question from class",
        r"for (?:\w+ ){0,2}(?:homework|coursework|revision)|making a poster|we(?:'re| are) learning about",
        r"(?:first aid|cpr|ecg|resuscitation|life support) (?:course|class|evening|training|session|day)",
        r"awareness (?:session|course|training|week|day|month)|manikin|mannequin|quizmaster|pub quiz"
        r"|for my (?:\w+ )?(?:poster|project|presentation)|give a talk on",
    )
    + r"\b"
)
# With one of these a message about a film or an examination tells of no patient at all.
_NOBODY_ILL = re.compile(
    r"\b"
    + one_of(
        r"(?:no ?(?:one|body))(?:'s| is)?(?: here| at home| (?:in|at) (?:my|our|the) (?:house|family|home))?(?:'s| is)? (?:ill|sick|unwell|poorly"
        r"|hurt)",
        r"(?:i'm|i am) (?:quite|perfectly|completely|totally|very) (?:well|fine|healthy)|(?:i'm|i am) not ill",
        r"(?:just|only) (?:a )?(?:nosy|curious)|we did(?:n't| not) eat any|my only symptom is",
    )
    + r"\b"
)
_REAL = re.compile(
    r"\b(?:i|i'm|i've|me|my|we|our|he's|she's|he|she) (?:\w+ )?(?:am|have|had|feel|felt|got|took|can't|cannot|has|is"
    r"|was|started|keep|keeps|hurts?|want)\b|\bi'm (?!writing|reading|playing|studying)\w+|\bi've\b"
)
_DEFINITE = frozenset({"my", "this", "these", "his", "her", "the", "our", "their"})
_ENDING = frozenset({"and", "so", "because", "but", "since", "when"})


def segments(tokens: Sequence[Token]) -> list[int]:
    """Return for each token the number of its statement: clauses, parts between commas, and `and I …`."""
    numbers = [0] * len(tokens)
    for index, (before, token) in enumerate(pairwise(tokens), start=1):
        following = tokens[index + 1].word if index + 1 < len(tokens) else ""
        anew = token.word in {"and", "so", "then", "because"} and (following in SUBJECT_PRONOUNS or following == "now")
        parted = before.clause != token.clause or before.pauses != token.pauses or anew
        numbers[index] = numbers[index - 1] + parted
    return numbers


def over(tokens: Sequence[Token], numbers: Sequence[int], text: str) -> list[bool]:
    """Return for each token whether its statement speaks of what is long past, or over without having been there lately."""
    past = _statements(tokens, numbers, _LONG_AGO, text) | _months_ago(tokens, numbers, text)
    gone = _statements(tokens, numbers, _OVER, text)
    recent = {tokens[index_at(tokens, found.start())].sentence for found in _RECENT.finditer(text)} if tokens else set()
    return [
        number in past or (number in gone and token.sentence not in recent)
        for token, number in zip(tokens, numbers, strict=True)
    ]


def _statements(tokens: Sequence[Token], numbers: Sequence[int], pattern: re.Pattern[str], text: str) -> set[int]:
    return {numbers[index_at(tokens, found.start())] for found in pattern.finditer(text)} if tokens else set()


def _months_ago(tokens: Sequence[Token], numbers: Sequence[int], text: str) -> set[int]:
    """Return the statements of what happened months ago in a sentence that tells of no beginning and of nothing that goes on."""
    if not tokens or not _MONTHS_AGO.search(text):
        return set()
    said = _sentences(tokens, text)
    past: set[int] = set()
    for found in _MONTHS_AGO.finditer(text):
        at = index_at(tokens, found.start())
        if _GOES_ON.search(said[tokens[at].sentence]):
            continue
        first = next(index for index in range(at + 1) if numbers[index] == numbers[at])
        for index in range(first, len(tokens)):
            if tokens[index].sentence != tokens[at].sentence or (index > at and tokens[index].word in _NOW):
                break
            past.add(numbers[index])
    return past


def feared(tokens: Sequence[Token], numbers: Sequence[int], text: str) -> list[bool]:
    """Return for each token whether it is only asked about or feared. `my`, `this` and `the` make it real again."""
    marks = [False] * len(tokens)
    for found in _FEARED.finditer(text):
        first = next((index for index, token in enumerate(tokens) if token.start >= found.end()), len(tokens))
        for place in range(first, len(tokens)):
            token = tokens[place]
            if place and (token.clause != tokens[max(0, first - 1)].clause or token.word in _DEFINITE):
                break
            if token.word in _ENDING and place > first and tokens[min(place + 1, len(tokens) - 1)].word in SUBJECT_PRONOUNS:
                break
            if numbers[place] != numbers[first] and token.word in SUBJECT_PRONOUNS:
                break
            marks[place] = True
    for start, end in advised(text) if tokens else ():
        for place in range(index_at(tokens, start), index_at(tokens, end - 1) + 1):
            marks[place] = marks[place] or start <= tokens[place].start < end
    for number in _fictional(tokens, text):
        for index, token in enumerate(tokens):
            marks[index] = marks[index] or token.sentence == number
    return marks


def _sentences(tokens: Sequence[Token], text: str) -> dict[int, str]:
    said: dict[int, str] = {}
    for token in tokens:
        said[token.sentence] = f"{said.get(token.sentence, '')} {text[token.start : token.end]}"
    return said


def _fictional(tokens: Sequence[Token], text: str) -> set[int]:
    """Return the sentences that tell of a film, a book or an examination, and the one before when it speaks of nobody."""
    if not tokens or not _FICTION.search(text):
        return set()
    said = _sentences(tokens, text)
    if _NOBODY_ILL.search(text):
        return set(said)
    told = {tokens[index_at(tokens, found.start())].sentence for found in _FICTION.finditer(text)}
    told |= {each for number in told for each in (number - 1, number + 1) if each in said}
    return {number for number in told if not _REAL.search(said[number])}
