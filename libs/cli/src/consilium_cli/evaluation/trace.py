"""Why a case went as it did: what was read and which rules fired, by id. The words of a case are never part of a trace."""

from consilium_cli.evaluation.consilium import Consulted
from consilium_common.contracts.case import Reading, Triage

SHOWN = 14


def trace(consulted: Consulted) -> tuple[str, ...]:
    """Return what was read, which rules fired, who was called and what raised the level afterwards."""
    lines = [*first_look(consulted.reading, consulted.triage), f"called: {', '.join(consulted.called) or 'nobody'}"]
    raised = consulted.answer.triage
    if raised.level != consulted.triage.level:
        lines.append(f"raised from {consulted.triage.level} to {raised.level} by the differential")
    thought = [f"{each.condition} {each.probability:.2f}" for each in consulted.answer.differential[:5]]
    return (*lines, f"thought of: {', '.join(thought) or 'nothing'}")


def first_look(reading: Reading, triage: Triage) -> tuple[str, ...]:
    """Return what was read and which rules fired."""
    return (
        f"read: {read_ids(reading)}",
        f"rules: {', '.join(sorted(flag.rule for flag in triage.red_flags)) or 'none'}",
    )


def read_ids(reading: Reading) -> str:
    """Return the ids of what was read: `-` before what was denied, `?` before what does not count for this person now."""
    if reading.insufficient:
        return f"nothing ({reading.insufficient})"
    signs = {each.id: "" if each.present and each.counts else "?" if each.present else "-" for each in reading.findings}
    ordered = [f"{sign}{name}" for name, sign in sorted(signs.items(), key=lambda pair: (pair[1], pair[0]))]
    more = [f"and {len(ordered) - SHOWN} more"] if len(ordered) > SHOWN else []
    values = [f"{vital.name}={vital.value:g}" for vital in reading.vitals]
    return ", ".join([*ordered[:SHOWN], *more, *values]) or "nothing"
