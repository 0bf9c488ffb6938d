"""All phrases of a vocabulary, indexed by their rarest word, found in one pass over a text."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from consilium_common.clinical.phrase_search import Match, View, best, locate
from consilium_common.clinical.phrases import Phrase, parse, turned_round
from consilium_common.clinical.spelling import Speller
from consilium_common.clinical.text import Token, plain, stem, tokenize
from consilium_common.clinical.words import SYNONYMS


class PhraseIndex:
    """Every phrase of a vocabulary, found in one pass over a text."""

    def __init__(self, phrases: Iterable[tuple[str, str]]) -> None:
        """Take pairs of target and phrase."""
        pairs = [(target, phrase) for target, phrase in phrases if phrase.strip()]
        self.compounds = frozenset(word for _, phrase in pairs for word in plain(phrase).split() if len(word) > 5)
        made = [parsed for target, phrase in pairs if (parsed := parse(target, phrase, self.compounds))]
        self.phrases = tuple(dict.fromkeys((*made, *filter(None, map(turned_round, made)))))
        rarity = Counter(word for phrase in self.phrases for word in set(phrase.stems))
        self._by_anchor: dict[str, list[tuple[Phrase, frozenset[str]]]] = defaultdict(list)
        for phrase in self.phrases:
            anchor = min(phrase.stems, key=lambda word: (rarity[word], word))
            self._by_anchor[anchor].append((phrase, frozenset(phrase.stems)))
        self.stems = frozenset(rarity)
        self._speller = Speller(token.word for _, phrase in pairs for token in tokenize(phrase, self.compounds))

    def tokenize(self, text: str) -> list[Token]:
        """Return the tokens of a text, with slips of spelling put right."""
        tokens = tokenize(text, self.compounds)
        for token in tokens:
            if token.stem not in self.stems and (meant := self._speller.correct(token.word)) is not None:
                token.word, token.own = meant, stem(meant)
                token.stem = SYNONYMS.get(token.own, token.own)
        return tokens

    def find(self, tokens: Sequence[Token], text: str) -> list[Match]:
        """Return the best matches in order of place. A match inside a better one is dropped."""
        view = View(tokens, text)
        found: list[Match] = []
        for word in view.stems:
            for phrase, needed in self._by_anchor.get(word, ()):
                if needed <= view.stems:
                    found.extend(locate(phrase, view))
        return best(found, view)
