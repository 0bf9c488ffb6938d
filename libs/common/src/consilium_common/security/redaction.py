"""Takes out of a text what says who somebody is, and leaves what says what is wrong with them.

The identifiers are those of the HIPAA Safe Harbor method (45 CFR 164.514(b)(2)); years, states and ages below 90 stay, as that
method allows. Deterministic: rules on form and context, lists of common names; no model, no network. What is found and what is
missed stands in docs/adr/0017-redaction-by-rules.md.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from consilium_common.security.redaction_forms import form_marks
from consilium_common.security.redaction_marks import Kind, Mark, merged, tokens_of
from consilium_common.security.redaction_names import Names
from consilium_common.security.redaction_numbers import number_marks
from consilium_common.security.redaction_places import Places


@dataclass(frozen=True)
class Redacted:
    """A text with `[NAME]`, `[DATE]` … in place of its marks; the marks tell places in the original."""

    text: str
    marks: tuple[Mark, ...]


class Redactor:
    """Redacts texts.

    `vocabulary` holds clinical words, in small letters, that are never a name on their own; `leave` names kinds to leave alone.
    """

    def __init__(self, vocabulary: Iterable[str] = (), leave: Iterable[Kind] = ()) -> None:
        self._known = frozenset(vocabulary)
        self._leave = frozenset(leave)

    def redact(self, text: str, *, strict: bool = False) -> Redacted:
        """Return the redacted text. `strict` also takes out what identifies only beside something else."""
        marks = self.marks(text, strict=strict)
        pieces, end = [], 0
        for mark in marks:
            pieces += [text[end : mark.start], f"[{mark.kind.upper()}]"]
            end = mark.end
        return Redacted("".join([*pieces, text[end:]]), marks)

    def marks(self, text: str, *, strict: bool = False) -> tuple[Mark, ...]:
        """Return what identifies, in order and without overlaps."""
        tokens = tokens_of(text)
        places = Places(tokens, self._known)
        names = Names(text, tokens, places, self._known)
        every = (*form_marks(text), *number_marks(text), *places.marks(), *names.marks())
        found = merged([mark for mark in every if mark.kind not in self._leave])
        keeps_weak = strict or any(not mark.weak for mark in found)
        return tuple(mark for mark in found if keeps_weak or not mark.weak)
