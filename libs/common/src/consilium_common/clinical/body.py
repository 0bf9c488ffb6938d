"""A body part and what is wrong with it: phrases for general findings where the vocabulary names no specific one."""

from collections.abc import Container, Iterator

from consilium_common.clinical.words import word_set

_JOINTS = word_set("knee elbow wrist ankle shoulder hip finger thumb toe kneecap knuckle")
_LEG = word_set("leg knee ankle foot heel toe thigh calf shin hip")
_ARM = word_set("arm elbow wrist hand shoulder finger thumb")
_LOWER_LEG = word_set("leg foot calf shin thigh heel")
_ANYWHERE = _LEG | _ARM | word_set("back neck face head chest groin abdomen buttock ear scalp")

# What is said of a part, the parts, and the general finding that it is then.
_GENERAL: tuple[tuple[frozenset[str], frozenset[str], str], ...] = (
    (word_set("swollen swelling"), _JOINTS, "joint-swelling"),
    (word_set("swollen swelling"), _LOWER_LEG, "leg-swelling"),
    (word_set("swollen swelling"), _ARM - _JOINTS, "arm-swelling"),
    (word_set("stiff stiffness"), _JOINTS, "joint-stiffness"),
    (word_set("weak weakness"), _LEG, "leg-weakness"),
    (word_set("weak weakness"), _ARM, "arm-weakness"),
    (word_set("lump bump"), _ANYWHERE, "skin-lump"),
)


def general_phrases(findings: Container[str]) -> Iterator[tuple[str, str]]:
    """Yield pairs of finding and phrase, such as `joint-swelling` and `elbow swollen`, for the findings that exist."""
    for words, parts, finding in _GENERAL:
        if finding in findings:
            yield from ((finding, f"{part} {word}") for part in sorted(parts) for word in sorted(words))
