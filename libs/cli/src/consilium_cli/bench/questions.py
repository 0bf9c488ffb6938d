"""Questions that are all different, made from parts, so that no cache answers them."""

import itertools
from collections.abc import Iterator

WHO = ("I am {age} and", "My mother, {age},", "A {age}-year-old man", "A {age} year old woman")
WHAT = (
    "has had a dull headache with nausea",
    "feels the heart racing and is short of breath on stairs",
    "twisted a knee and it is swollen",
    "has a sore throat with fever",
    "has low back pain that shoots down the leg",
    "has numb fingers at night",
    "has a tight chest when walking uphill",
    "is dizzy when turning over in bed",
)
SINCE = (
    "since this morning",
    "for two days",
    "for a week",
    "on and off for a month",
    "after lifting a box",
    "since a long flight",
)


def different() -> Iterator[str]:
    """Yield questions, none twice for a long time."""
    for age, since, who, what in itertools.product(range(19, 90), SINCE, WHO, WHAT):
        yield f"{who.format(age=age)} {what} {since}."
