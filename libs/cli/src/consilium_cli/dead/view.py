"""Dead letters in words and in JSON. What a patient said stays sealed unless it is asked for by name."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from consilium_common.bus.revival import Letter, Verdict, explain

REVEALED = "What follows is patient data. Do not copy it into tickets, chats or logs."


def as_row(letter: Letter) -> dict[str, Any]:
    """Return what a list shows of one letter."""
    envelope = letter.envelope
    return {
        "sequence": letter.sequence,
        "at": f"{letter.at:%Y-%m-%dT%H:%M:%SZ}",
        "service": letter.service,
        "reason": letter.reason,
        "deliveries": letter.deliveries,
        "type": envelope.type if envelope else None,
        "consult": envelope.correlation_id if envelope else None,
        "subject": letter.subject,
    }


def as_lines(letter: Letter) -> str:
    """Return one letter in two lines."""
    row = as_row(letter)
    what = f"{row['type']} of {row['consult']}" if letter.envelope else "cannot be read with this key"
    times = "delivery" if letter.deliveries == 1 else "deliveries"
    head = f"{letter.sequence:>6}  {row['at']}  {letter.service}  {letter.reason} after {letter.deliveries} {times}"
    return f"{head}\n        {what}\n        {letter.subject}"


def count_lines(counts: Mapping[tuple[str, str], int]) -> Iterable[str]:
    """Yield how many there are by service and reason."""
    total = sum(counts.values())
    yield "No dead letters." if not total else f"{total} dead letter{'s' if total > 1 else ''}:"
    for (service, reason), count in sorted(counts.items()):
        yield f"{count:>6}  {service}  {reason}"


def list_json(letters: Iterable[Letter], counts: Counter[tuple[str, str]]) -> str:
    """Return a list for programs."""
    counted = [{"service": service, "reason": reason, "count": n} for (service, reason), n in sorted(counts.items())]
    return json.dumps({"letters": [as_row(letter) for letter in letters], "counts": counted}, indent=1)


def whole(letter: Letter, verdict: Verdict, reveal: bool) -> dict[str, Any]:
    """Return everything about one letter; its data only when it is to be revealed."""
    envelope = letter.envelope
    about = envelope.model_dump(mode="json", exclude={"data"}) if envelope else None
    shown = {
        **as_row(letter),
        "stream": letter.stream,
        "bytes": len(letter.payload),
        "readable": envelope is not None,
        "explanation": explain(letter.reason),
        "replay": verdict.replay,
        "replay_why": verdict.why,
        "headers": letter.headers,
        "envelope": about,
    }
    return shown | ({"data": envelope.data if envelope else None} if reveal else {})


def whole_lines(letter: Letter, verdict: Verdict) -> Iterable[str]:
    """Yield everything about one letter but its data."""
    shown = whole(letter, verdict, reveal=False)
    yield f"dead letter {letter.sequence}"
    for name in ("at", "service", "subject", "stream", "bytes", "deliveries", "reason"):
        yield f"  {name:<12}{shown[name]}"
    yield f"  {'':<12}{shown['explanation']}"
    for name, value in letter.headers.items():
        yield f"  {'header':<12}{name}: {value}"
    yield f"  {'readable':<12}{'yes, its data is not shown without --reveal' if letter.envelope else 'no, not with this key'}"
    for name, value in (shown["envelope"] or {}).items():
        yield f"  {'envelope':<12}{name}: {'none' if value is None else value}"
    yield f"  {'replay':<12}{'yes' if verdict.replay else 'no'}. {verdict.why}"
    if not verdict.replay:
        yield f"  {'':<12}`consilium dead drop {letter.sequence}` removes it when you have seen enough."
