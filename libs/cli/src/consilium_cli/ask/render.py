"""From what has happened to what the terminal shows. Pure functions: values in, rich renderables out."""

from collections.abc import Iterable, Mapping

from rich.console import Group, RenderableType
from rich.markup import escape
from rich.padding import Padding
from rich.panel import Panel
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from consilium_cli.ask.view import Specialist, View
from consilium_common.contracts.answer import Answer, Conflict, Coverage
from consilium_common.contracts.case import Triage
from consilium_common.contracts.knowledge import TriageLevel
from consilium_common.contracts.opinion import Evidence, Recommendation

LEVELS: Mapping[TriageLevel, tuple[str, str]] = {
    TriageLevel.EMERGENCY: ("EMERGENCY", "white on red"),
    TriageLevel.SAME_DAY: ("TODAY", "black on yellow"),
    TriageLevel.ROUTINE: ("ROUTINE", "black on cyan"),
    TriageLevel.SELF_CARE: ("SELF-CARE", "black on green"),
}
SIGNS: Mapping[str, tuple[str, str]] = {
    "asked": ("·", "dim"),
    "working": ("…", "cyan"),
    "answered": ("✓", "green"),
    "failed": ("✗", "red"),
    "timed out": ("✗", "yellow"),
    "unavailable": ("✗", "yellow"),
    "late": ("·", "dim"),
}
RUNNING = ("asked", "working")
SUSPECTS_SHOWN = 3  # the most urgent come first; a banner has to be read at a glance
QUOTE_SHOWN = 160  # characters; the whole passage can be found by its locator


def news(before: View, now: View) -> RenderableType | None:
    """Return what is to be printed for good after one event, or None."""
    if now.final is not None:
        return ending(now)
    if now.triage is not None and now.triage != before.triage:
        return banner(now.triage)
    done = [
        line for name, line in now.specialists.items() if line.state not in RUNNING and before.specialists.get(name) != line
    ]
    return Group(*(specialist_line(line) for line in done)) if done else None


def in_progress(view: View) -> RenderableType:
    """Return what is going on now: specialists at work, and the answer as far as it is written."""
    working: list[RenderableType] = [
        Spinner("dots", Text.from_markup(f"{line.name:<14} [dim]{escape(line.detail)}[/]"), style="cyan")
        for line in view.specialists.values()
        if line.state in RUNNING
    ]
    if view.text:
        working.append(Padding(Text(view.text), (1, 0, 0, 0)))
    return Group(*working)


def banner(triage: Triage) -> RenderableType:
    """Return the triage level with what to do about it."""
    title, style = LEVELS[triage.level]
    body = Text(triage.advice, style="bold")
    suspects: dict[str, str] = {}
    for flag in triage.red_flags:
        suspects.setdefault(flag.suspect.rstrip("."), flag.say)
    for suspect, say in list(suspects.items())[:SUSPECTS_SHOWN]:
        body.append(f"\n• {suspect}" + ("" if say in triage.advice else f": {say}"), style="not bold")
    for question in triage.ask:
        body.append(f"\n? {question}", style="not bold italic")
    heading = Text(f" {title} · {triage.within} ", style=f"bold {style}")
    return Panel(body, title=heading, title_align="left", border_style=style.rsplit(" ", 1)[-1], padding=(1, 2))


def specialist_line(line: Specialist) -> RenderableType:
    """Return one specialist's line."""
    sign, style = SIGNS[line.state]
    return Text.assemble((f"{sign} ", style), f"{line.name:<14}", (f"{line.state} ", style), (line.detail, "dim"))


def ending(view: View) -> RenderableType:
    """Return the answer, or why there is none."""
    final = view.final
    parts: list[RenderableType] = []
    if view.answer is not None:
        parts.append(answer(view.answer))
    if final is not None and final.problem is not None:
        parts.append(Text(f"\n{final.problem.title}: {final.problem.detail}", style="red"))
    if final is not None and view.answer is None:
        parts.append(coverage(final.coverage))
    return Group(*parts)


def answer(given: Answer) -> RenderableType:
    """Return a whole answer: sentences with numbered citations, what to do, dissent, who answered, sources."""
    numbers = numbered(given.citations)
    sections: list[RenderableType] = [Text()]
    if given.insufficient_information:
        sections.append(Text(given.insufficient_information, style="bold"))
    sections += [Text.assemble(said.text, cited(said.evidence_ids, numbers)) for said in given.summary]
    sections += _section("It could be", (_possibility(given, index, numbers) for index in range(len(given.differential))))
    sections += _section(
        "Scores", (Text.assemble("• ", score.text, cited(score.evidence_ids, numbers)) for score in given.scores)
    )
    open_steps = [step for step in given.recommendations if not step.blocked_by]
    sections += _section("What to do", (recommendation(step, numbers) for step in open_steps))
    blocked = [step for step in given.recommendations if step.blocked_by]
    sections += _section("Not for you, as things stand", (recommendation(step, numbers) for step in blocked))
    sections += _section("Where the specialists differ", (conflict(item, numbers) for item in given.conflicts))
    sections += _section("Worth finding out", (Text(f"? {question}") for question in given.ask_next))
    sections += _section("Who answered", (coverage(given.coverage),) if given.coverage else ())
    sections += _section("Sources", (source(numbers[item.id], item) for item in given.citations))
    sure = f" {given.confidence.value:.0%}" if given.audience == "clinician" else ""
    sections.append(Text(f"\nConfidence{sure}: {given.confidence.basis}", style="dim"))
    sections += [Text(text, style="dim italic") for text in given.disclaimers]
    return Group(*sections)


def numbered(citations: Iterable[Evidence]) -> dict[str, int]:
    """Return the number of each cited piece of evidence, from 1, in the order in which they are listed."""
    return {evidence.id: number for number, evidence in enumerate(citations, start=1)}


def cited(evidence_ids: Iterable[str], numbers: Mapping[str, int]) -> Text:
    """Return the numbers of what a sentence rests on, such as ` [1][3]`; evidence that is not listed has none."""
    known = sorted(numbers[evidence] for evidence in set(evidence_ids) if evidence in numbers)
    return Text(" " + "".join(f"[{number}]" for number in known) if known else "", style="cyan")


def recommendation(step: Recommendation, numbers: Mapping[str, int]) -> Text:
    """Return one thing to do, with its urgency, or why it is not to be done."""
    urgent = {"now": "bold red", "today": "yellow"}.get(step.urgency, "dim")
    line = Text.assemble("• ", (f"{step.urgency}: ", urgent), step.text, cited(step.evidence_ids, numbers))
    for reason in step.blocked_by:
        line.append(f"\n    not, because: {reason}", style="yellow")
    return line


def conflict(item: Conflict, numbers: Mapping[str, int]) -> Text:
    """Return a claim with who holds what, and how it was resolved."""
    line = Text.assemble((f"{item.severity}: ", "yellow"), item.claim)
    for position in item.positions:
        line.append_text(Text.assemble(f"\n    {position.agent}: {position.stance}", cited(position.evidence_ids, numbers)))
    line.append(f"\n    resolved: {item.resolution}", style="dim")
    return line


def coverage(entries: Iterable[Coverage]) -> RenderableType:
    """Return who answered and who did not, and why."""
    lines = []
    for entry in entries:
        state = entry.status.replace("_", " ")
        sign, style = SIGNS.get(state, ("✗", "yellow"))
        lines.append(
            Text.assemble((f"{sign} ", style), f"{entry.agent}: {state}", (f" ({entry.reason})" if entry.reason else "", "dim"))
        )
    return Group(*lines)


def source(number: int, evidence: Evidence) -> RenderableType:
    """Return one entry of the list of sources: where it is from, where to find it, and what it says."""
    quote = evidence.quote if len(evidence.quote) <= QUOTE_SHOWN else evidence.quote[: QUOTE_SHOWN - 1].rstrip() + "…"
    grid = Table.grid(padding=(0, 1))
    grid.add_row(
        Text(f"[{number}]", style="cyan"),
        Text.assemble(evidence.title, (f" · {evidence.source} · {evidence.locator}\n", "dim"), (f"“{quote}”", "italic dim")),
    )
    return grid


def _possibility(given: Answer, index: int, numbers: Mapping[str, int]) -> Text:
    item = given.differential[index]
    named = item.name if item.lay.lower() in item.name.lower() else f"{item.name} ({item.lay})"
    share = f"  {item.probability:.0%}" if given.audience == "clinician" else ""
    return Text.assemble("• ", named, (share, "dim"), cited(item.evidence_ids, numbers))


def _section(title: str, lines: Iterable[RenderableType]) -> list[RenderableType]:
    shown = list(lines)
    return [Text(f"\n{title}", style="bold"), *shown] if shown else []
