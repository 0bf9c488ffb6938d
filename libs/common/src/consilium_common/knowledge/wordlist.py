"""The single words that knowledge is written in: what looks like a name but is a finding, a condition or a medicine."""

import re
from collections.abc import Iterable

from consilium_common.contracts.knowledge import Condition
from consilium_common.knowledge.loading import SharedKnowledge

_WORD = re.compile(r"[^\W\d_]{3,}")


def clinical_words(shared: SharedKnowledge, conditions: Iterable[Condition] = ()) -> frozenset[str]:
    """Return the words of findings, medicines and conditions in small letters."""
    texts = [text for each in shared.findings.values() for text in (each.name, *each.lay, *each.clinical)]
    texts += [text for each in shared.medicines.values() for text in (each.name, *each.lay, *each.classes)]
    texts += [text for each in conditions for text in (each.name, *each.lay)]
    return frozenset(word for text in texts for word in _WORD.findall(text.lower()))
