"""Names of one and the same thing: clinical and lay, long and short, as the packs list them."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from consilium_common.retrieval.kinds import without_kinds
from consilium_common.retrieval.words import terms

Name = frozenset[str]
Names = Mapping[Name, frozenset[Name]]

NO_NAMES: Names = {}
_BRACKETED = re.compile(r"\(([^)]*)\)")


def forms(title: str) -> frozenset[Name]:
    """Return the names in a title, each as its terms: without its kind, and what stands in brackets apart."""
    bare = without_kinds(title)
    parts = (_BRACKETED.sub(" ", bare), *_BRACKETED.findall(bare))
    return frozenset(name for part in parts if (name := frozenset(terms(part))))


def join(groups: Iterable[Iterable[str]]) -> Names:
    """Return for each name all names that stand in a group with it.

    Groups that share a name are not merged: "a chill" may be a cold or a fever, which does not make them one.
    """
    joined: dict[Name, set[Name]] = defaultdict(set)
    for group in groups:
        every = frozenset(form for name in group for form in forms(name))
        for name in every:
            joined[name] |= every
    return {name: frozenset(every) for name, every in joined.items()}


def all_names(title: str, known: Names) -> frozenset[Name]:
    """Return what a title may be called: its own names, and every name known for one of them."""
    own = forms(title)
    return own.union(*(known.get(name, frozenset()) for name in own))
