"""Small packs for tests that load or ask knowledge."""

from consilium_common.contracts.knowledge import Condition, Prevalence, Step, TriageLevel, Weight
from consilium_common.knowledge import Pack

SECTIONS = 5


def condition(name: str, about: str, finding: str) -> Condition:
    """Return a condition that one finding speaks for, and sweating and fatigue as well."""

    def text(what: str) -> str:
        return f"{what} of {name}: {about}. It is told here at a length that the schema asks for, and in plain words."

    return Condition(
        id=name,
        name=name.capitalize(),
        icd10="I20.0",
        prevalence=Prevalence(per_100k_year=10),
        findings=tuple(Weight(id=each, present=0.8, elsewhere=0.1) for each in (finding, "sweating", "fatigue")),
        triage=TriageLevel.ROUTINE,
        about=text("About"),
        presentation=text("Presentation"),
        tests=text("Tests"),
        treatment=text("Treatment"),
        seek_help=text("Seek help"),
        workup=(Step(do="Look", kind="test", source="s"),),
        management=(Step(do="Rest", kind="self-care", source="s"),),
        sources=("s",),
    )


def pack(version: str, *conditions: Condition) -> Pack:
    """Return a pack of these conditions and nothing else."""
    return Pack(conditions=conditions, findings={}, medicines={}, sources={}, version=version)
