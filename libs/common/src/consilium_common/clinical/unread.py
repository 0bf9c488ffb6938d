"""What in a message speaks against looking after it at home, although no finding was read there.

A rule for self-care looks at what was read. 'Threw up twice' is a stomach bug only when nothing stands beside it that was not
understood: a blow, blood, a colour, a swelling, something swallowed, a failing breath. Words are cheap here: too many cost an
appointment, one too few a life.
"""

# ruff: noqa: E501 -- a pattern is read as one line.
import re
from collections.abc import Sequence
from itertools import chain

from consilium_common.clinical.negation import negators
from consilium_common.clinical.standing import feared, over, segments
from consilium_common.clinical.text import index_at, plain, tokenize
from consilium_common.clinical.words import BODY_PARTS, one_of, word_set
from consilium_common.contracts.case import Finding, Reading
from consilium_common.contracts.knowledge import FindingKind

_COMPLAINTS = frozenset({FindingKind.SYMPTOM, FindingKind.SIGN, FindingKind.MEASUREMENT})
# 'Swallows normally', 'voice, swallowing and breathing are unaffected', 'breathing rate 14': what is said to be well, or measured.
_FINE = (
    r"(?=[^.!?\n;]{0,40}?(?<!not )(?<!n't )\b(?:normal\w*|fine|ok|okay|eas(?:y|ily)|clear|good|regular|well|quiet\w*|unaffected|free|full(?:y)?|equal"
    r"|\d+ ?(?:times|a minute|per)?|liquids|usual)\b)"
)
_ALARMING = re.compile(
    r"\b"
    + one_of(
        # blood, colours
        r"blood(?! ?(?:red|tests?|pressures?|sugars?|donat\w+|counts?|cells?|results?|shot)\b)|bloody|bleed\w*|bled|clots?|bright red",
        r"(?<!green or )purple|bluish|yellowish|crackl\w*|streaks|explod\w*|firework|drenched|clammy|sweat\w*|gap(?:e|es|ing)\b|blue(?! (?:inhaler|puffer|badge|cross))|gr[ea]y|jaundice\w*|yellow (?:skin|eyes)|mottled|ashen",
        # swelling, pain and what others see of it
        r"(?<!\d [cm]m )(?<!itchy )(?<!itchy red )swell\w*|swollen|bulg\w*|bigger|lumps?|agony|agonising|excruciat\w*|unbearable|scream\w*|killing (?:me|him|her)|worst|burst\w*",
        r"crush\w*|ripp\w*|tear(?:ing)\b|stabb\w*|severe\w*|\d out of 10|\d ?/ ?10",
        # breath and heart
        rf"breath\w*(?!{_FINE})(?! (?:out|test|in and)\b)|swallow\w*(?!{_FINE})(?! (?:a |some |the )?(?:mouthful|bit|sip|gulp)(?! of (?!\w* ?water)))|peak flow(?!{_FINE})|gasp\w*|grunt\w*|whistl\w*|wheez\w*|chok\w*|winded|suffocat\w*|froth\w*|drool\w*",
        rf"heart(?!burn|s|\w)(?!{_FINE})(?! (?:rate|tracing|trace))|chest(?!{_FINE})(?! (?:of drawers|infection last))|palpitat\w*",
        r"stuck|lodged|went down|throat clos\w*",
        # what does not go any more, what changes
        r"(?:can'?t|cannot|couldn'?t|unable to) (?:\w+ ){0,2}?(?:breathe?|breath|cough|cry|speak|talk|swallow|move|walk|stand|see|hear|feel|wake|eat|drink"
        r"|keep|pee|wee|stop|get up|sit|lift|bend|turn|hold|put weight|weight.?bear)",
        r"won'?t (?:stop|wake|let me|eat|drink|settle|move)|(?:not|n't|never) (?:been |quite |looked? |seem\w* |acting )?(?:right|himself|herself|themsel\w+)\b",
        r"worse\w*|spread(?:s|ing)?\b|sudden\w*|all of a sudden|collaps\w*|faint(?:ed|ing|s)?|(?:pass|black)(?:ed|es|ing)? out|unconscious|unrespons\w*",
        r"floppy|limp|drows\w*|sleepy|confus\w*|muddled|slur\w*|droop\w*|numb\w*|paraly\w*|jerk\w*|seiz\w*|convuls\w*|fitting|rigors?",
        r"stiff neck|double vision|lost (?:the |my |his |her )?(?:sight|vision|hearing)|muffled|sparks|flash\w* light",
        r"lost \w+ ?(?:kg|kilos?|lbs?|pounds|stone)|losing weight|clothes (?:are )?loose",
        # what got in or onto somebody
        r"poison\w*|swigg\w*|inhal(?:ed|ing)|capsules?|chemical\w*|bleach|detergent|washing up|powder|overdos\w*|acid|button batter(?:y|ies)|magnets?"
        r"|\d+ ?(?:g|grams?) (?:not|of|instead)|double dose|too (?:many|much) (?:of )?(?:my|the|his|her|tablets|pills)",
        r"stab\w*|knife|gun\b|crash\w*|bitten|venom\w*|kicked|punched|knock (?:to|in|on)|hit (?:my|his|her|the|by|on)",
        r"nuts?\b(?= (?:is|are|hurts?|swelled|swollen|killing))|nuts\b|testic\w*|scrot\w*|groin",
        # who it is
        r"pregnan\w*|newborn|born (?:\w+ ){1,3}(?:days?|weeks?) ago|\d+[- ](?:day|week)s?[- ]old|chemo\w*|transplant\w*|sickle|tb\b|tubercul\w*|dementia",
        r"hurry|help me|dying|suicid\w*|kill (?:my|him|her|them)sel\w+|hurt (?:my|him|her)self|(?:scared|frightened|terrified) (?:of|that) (?:him|her|he|she|my)"
        r"|force[ds]?|threat\w*|passport|ambulance|999|911|112",
        r"amiodarone|methotrexate|immunosuppress\w*|steroids\b|using (?:my |the |his |her )?blue",
        # too long for a small matter
        r"(?:for|since|past|last|over|about|these) (?:\w+ ){0,3}(?:months|years)|for (?:a|most of a|over a|half a) (?:month|year)|once a (?:month|fortnight)|most nights for",
    )
    + r"(?![a-z])"
)
# So many words of which nothing was understood are another story than the small complaint beside them; who writes at length
# of a small complaint is also read at more places.
_MOST_UNREAD, _MORE_FOR_EACH = 20, 9
# A part of the body in which something was not understood; a nose, a throat and the limbs are named with every cold and graze.
_PARTS = BODY_PARTS - word_set("nose throat nail hand arm wrist finger thumb foot toe heel leg shoulder")
_SAID_FINE = re.compile(_FINE)
_TOO_MUCH_UNREAD = "most of the message"
_LETTERS = re.compile(r"[a-z']{3,}")


def against_self_care(text: str, reading: Reading) -> tuple[str, ...]:
    """Return what of a message keeps it from being looked after at home: words that alarm and were not read or denied.

    Also a complaint that was read as somebody else's or as over counts: whose it is may have been misread.
    """
    aside = [each.words for each in reading.findings if each.present and each.kind in _COMPLAINTS and _aside(each)]
    low = plain(text)
    tokens = tokenize(text, frozenset())
    if not tokens:
        return tuple(aside)
    statements = segments(tokens)
    denied, gone, named = negators(tokens, low), over(tokens, statements, low), feared(tokens, statements, low)
    told = [(each.start, each.end) for each in reading.findings if not (each.present and _aside(each))]
    alarming = []
    for found in _ALARMING.finditer(low):
        first, last = index_at(tokens, found.start()), index_at(tokens, found.end() - 1)
        if any(start <= found.start() and found.end() <= end for start, end in told) or gone[first] or named[first]:
            continue
        # A denial inside belongs to the words: 'can't walk', 'not right'.
        if denied[first] is not None and not first <= (denied[first] or 0) <= last:
            continue
        alarming.append(text[found.start() : found.end()])
    alarming += [
        text[token.start : token.end]
        for at, token in enumerate(tokens)
        if (token.word in _PARTS or token.word.removesuffix("s") in _PARTS)
        and not (token.masked or gone[at] or named[at] or _SAID_FINE.match(low, token.end))
        and denied[at] is None
        and not any(start <= token.start < end for start, end in told)
    ]
    most = _MOST_UNREAD + _MORE_FOR_EACH * len({each.id for each in reading.findings})
    if not alarming and not aside and _unread(low, told) > most:
        alarming.append(_TOO_MUCH_UNREAD)
    return tuple(dict.fromkeys(chain(aside, alarming)))


def _aside(finding: Finding) -> bool:
    return finding.subject == "other" or finding.time == "past"


def _unread(low: str, told: Sequence[tuple[int, int]]) -> int:
    """Return how many words of three letters or more belong to no finding."""
    return sum(not any(start <= word.start() < end for start, end in told) for word in _LETTERS.finditer(low))
