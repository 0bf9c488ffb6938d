"""Why nothing can be made of a text: no words, another language, or nothing about health."""

import re
from collections import Counter
from collections.abc import Collection, Sequence
from typing import Literal

from consilium_common.clinical.text import Token
from consilium_common.clinical.words import ENGLISH, MEDICAL, SAME, word_set

Insufficient = Literal["unintelligible", "not-medical", "not-english"]

_OTHERS = {
    "es": word_set(
        "el la los las de que y en un una me duele mi con por para desde hace tengo no es muy mucho dolor cabeza pero "
        "cuando estoy del al se le ha fiebre tos"
    ),
    "fr": word_set(
        "le la les des de et un une je j'ai mon ma mes dans est pour depuis avec pas très mal à au du que qui suis ai "
        "tête douleur ne mais jours il elle j fièvre"
    ),
    "de": word_set(
        "der die das und ich habe mein meine ist nicht mit seit ein eine im am zu auf den dem sehr schmerzen kopf aber "
        "bin auch wenn es fieber tagen"
    ),
    "pt": word_set(
        "o a os as de que e em um uma eu meu minha com por para desde tenho não é muito dor cabeça mas quando estou no na "
        "do da dias febre"
    ),
    "it": word_set(
        "il la le lo gli di che e un una ho mio mia con per da non è molto male testa ma quando sono nel della al giorni "
        "dolore mi fa febbre"
    ),
    "nl": word_set(
        "de het een en ik heb mijn is niet met sinds in op van dat zeer pijn hoofd maar ben ook als naar koorts dagen"
    ),
    "pl": word_set("i w na z nie mam mnie boli od jest się że to do bardzo moja mój ale dni głowa ból gorączka"),
    "tr": word_set("ve bir bu çok var ağrı başım ağrıyor için ile ben benim ama da de gün gündür ateş"),
    "sv": word_set("och jag har ont i min mitt är inte med sedan en ett på att det som mycket men dagar feber"),
    "ro": word_set("și am mă doare de la în un o nu este cu pe foarte mea meu dar zile durere febră"),
}
# Words of complaints and of emergencies. No English text has them, so that two of them say which language a short cry for
# help is in.
_COMPLAINTS = {
    "es": word_set(
        "dolor dolores pecho respirar ahogo fiebre mareo mareado mareada vómito vómitos sangre embarazada ayuda tengo "
        "corazón infarto cabeza barriga estómago espalda garganta ojo brazo pierna niño niña hijo hija duele siento "
        "enfermo enferma"
    ),
    "fr": word_set(
        "douleur douleurs poitrine thoracique respirer essoufflement fièvre vertige vertiges vomissements sang enceinte "
        "aidez coeur cœur tête ventre estomac dos gorge œil bras jambe enfant fils fille souffre malade j'ai mal"
    ),
    "de": word_set(
        "schmerz schmerzen brustschmerz brustschmerzen bauchschmerzen kopfschmerzen rückenschmerzen halsschmerzen brust "
        "atemnot luft fieber schwindel schwindelig schwindlig erbrechen übel blut schwanger hilfe herz herzinfarkt "
        "schlaganfall bauch rücken bein kind sohn tochter weh krank starke ich"
    ),
    "pt": word_set(
        "dor dores peito respirar febre tontura tonto tonta vômito sangue grávida ajuda coração infarto barriga costas "
        "garganta braço perna filho filha doente sinto dói tenho"
    ),
    "it": word_set(
        "dolore dolori petto respirare febbre vertigini vomito sangue incinta aiuto cuore infarto testa pancia stomaco "
        "schiena gola braccio gamba bambino bambina figlio figlia malato malata sento fa ho"
    ),
    "nl": word_set(
        "pijn borst ademen adem koorts duizelig braken bloed zwanger hulp hart hartaanval hoofdpijn buik buikpijn rug "
        "keel been zoon dochter ziek heb"
    ),
    "pl": word_set("ból boli piersi klatce oddychać duszność gorączka gorączkę zawroty krew ciąży pomocy serce głowa brzuch"),
    "tr": word_set("ağrı ağrım ağrıyor göğüs göğsüm nefes ateş ateşim baş kusma kan hamile yardım kalp karın mide"),
    "sv": word_set("ont bröst bröstet andas feber yrsel kräks blod gravid hjälp hjärta huvudet magen ryggen halsen jag har"),
    "ro": word_set(
        "durere dureri piept respir febră amețeli vărsături sânge însărcinată ajutor inima cap burtă spate gât doare"
    ),
}
_COMPLAINT_WEIGHT = 2
_LATIN_END = 0x250
_FEW_WORDS = 3
_MEDICAL_STEMS = frozenset(SAME.get(word, word) for word in MEDICAL)
_LETTERS = re.compile(r"[^\W\d_]")
_VOWEL = re.compile(r"[aeiouyà-ÿ]")


def language_of(text: str, tokens: Sequence[Token]) -> str:
    """Return 'en', another language's code when its common words prevail, or 'und' for another script."""
    if not text.isascii():
        letters = _LETTERS.findall(text)
        if letters and sum(ord(letter) >= _LATIN_END for letter in letters) > len(letters) / 2:
            return "und"
    words = Counter(token.word for token in tokens)
    english = sum(words[word] for word in words.keys() & ENGLISH)
    scores = {code: _score(words, code) for code in _OTHERS}
    best = max(scores, key=lambda code: (scores[code], code))
    return best if scores[best] >= _FEW_WORDS and scores[best] > 1.5 * english else "en"


def _score(words: Counter[str], code: str) -> int:
    telling = words.keys() & _COMPLAINTS[code]
    common = (words.keys() & _OTHERS[code]) - telling
    return _COMPLAINT_WEIGHT * sum(words[word] for word in telling) + sum(words[word] for word in common)


def insufficient(
    text: str, tokens: Sequence[Token], language: str, known: Collection[str], *, found: bool
) -> Insufficient | None:
    """Return why nothing can be made of a text, or None; `known` are the vocabulary's stems, `found`: it named something."""
    if language != "en":
        return "not-english"
    if found:
        return None
    words = [token for token in tokens if token.word.isalpha()]
    understood = sum(token.word in ENGLISH or token.stem in known or token.own in _MEDICAL_STEMS for token in words)
    if not words or _binary(text) or (understood == 0 and not any(_speakable(token.word) for token in words)):
        return "unintelligible"
    if any(token.own in _MEDICAL_STEMS or token.word in MEDICAL for token in words):
        return None
    return "unintelligible" if understood < max(1, len(words) // 5) else "not-medical"


def _speakable(word: str) -> bool:
    vowels = len(_VOWEL.findall(word))
    return len(word) == 1 or 0.2 <= vowels / len(word) <= 0.8


def _binary(text: str) -> bool:
    odd = sum(not char.isprintable() and not char.isspace() for char in text)
    return odd > len(text) / 20
