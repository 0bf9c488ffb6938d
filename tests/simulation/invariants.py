"""What must hold in every history, whatever went wrong in it."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import orjson

from consilium_common.clinical.answer_text import answer_text
from consilium_common.clinical.triage import assess
from consilium_common.contracts import events, subjects
from consilium_common.contracts.commands import DeadlineReached, MergeClaimed, OpinionGiven, Plan, SubmitConsult
from consilium_common.contracts.events import FINALS, client_type
from consilium_gateway.archive import _aad
from consilium_gateway.consults import OUTER_SPARE_S
from consilium_gateway.frames import event_of, frame_of
from simulation.cast import CODEC, CURSORS, READER, RULES, SEALER
from simulation.history import History
from simulation.nats import EPOCH
from simulation.streams import Stored, matches

FINAL_TYPES = {kind.TYPE for kind in FINALS}
PROMPT_S = 1.0  # how long after a deadline that is due a final may take when nothing is wrong


@dataclass(eq=False)
class Said:
    """One stored message, opened."""

    stored: Stored
    envelope: dict[str, Any]

    @property
    def type(self) -> str:
        return str(self.envelope["type"])

    @property
    def data(self) -> dict[str, Any]:
        return self.envelope["data"]  # type: ignore[no-any-return]

    @property
    def attempt(self) -> int:
        return int(self.envelope["attempt"])


@dataclass(eq=False)
class Told:
    """All that was ever stored about one consult, by what it is."""

    consult: str
    row: dict[str, Any]
    events: list[Said] = field(default_factory=list)
    cases: list[Said] = field(default_factory=list)
    submits: list[Said] = field(default_factory=list)
    deadlines: list[Said] = field(default_factory=list)
    tasks: list[Said] = field(default_factory=list)

    @cached_property
    def finals(self) -> list[Said]:
        return [said for said in self.events if said.type in FINAL_TYPES]

    @cached_property
    def shown(self) -> list[Said]:
        """Return the events up to the first final."""
        ends = [number for number, said in enumerate(self.events) if said.type in FINAL_TYPES]
        return self.events[: ends[0] + 1] if ends else self.events

    def of(self, kind: Any, of: list[Said] | None = None) -> list[Said]:
        return [said for said in (self.events if of is None else of) if said.type == kind.TYPE]


def violations(history: History) -> list[str]:
    """Return what does not hold in a history, in words."""
    if history.loop.errors:
        return [f"an error nobody caught: {history.loop.errors[0]!r}"]
    found = list(_of_whole(history))
    for told in _told(history).values():
        found += [f"{told.consult}: {words}" for check in CHECKS for words in check(history, told)]
    return found


def _told(history: History) -> dict[str, Told]:
    told = {name: Told(name, row) for name, row in history.cast.data.rows("consults").items()}
    places = {
        subjects.EVENTS: "events",
        subjects.CASES: "cases",
        subjects.CONSULTS: "submits",
        subjects.TASKS: "tasks",
        subjects.DEADLINES: "deadlines",
    }
    for stream, place in places.items():
        for stored in history.server.streams[stream].log:
            envelope = orjson.loads(CODEC.open(stored.data))
            if envelope["correlation_id"] in told:
                getattr(told[envelope["correlation_id"]], place).append(Said(stored, envelope))
    return told


def _of_whole(history: History) -> Iterator[str]:
    if not history.quiet:
        yield f"not at rest {history.loop.time() - history.storm_s:.0f} s after the storm: {_left(history)}"
    keys = [row["idempotency_key"] for row in history.cast.data.rows("consults").values()]
    if len(keys) != len(set(keys)) or len(keys) > len(history.questions):
        yield f"{len(history.questions)} questions were stored as {len(keys)} consults"
    dead = history.server.streams[subjects.DEAD].log
    if "broken" in history.harm:  # a fault in a specialist's code uses up the tries of its tasks
        dead = [each for each in dead if not matches(subjects.TASKS_ALL, each.headers["Consilium-Subject"])]
    if dead and not history.weather.harsh and "long pause" not in history.harm:
        yield f"dead letters: {[(each.headers['Consilium-Subject'], each.headers['Consilium-Reason']) for each in dead]}"


def _left(history: History) -> str:
    queues = (subjects.CONSULTS, subjects.TASKS, subjects.DEADLINES)
    streams = {name: [each.subject for each in history.server.streams[name].messages.values()] for name in queues}
    pending = {each.name: [one.stored.subject for one in each.pending.values()] for each in history.server.durables.values()}
    rows = {row["_id"]: (row.get("final_type"), row["attempts"]) for row in history.cast.data.rows("consults").values()}
    return f"{streams} {pending} {rows}"


def _one_final(history: History, told: Told) -> Iterator[str]:
    if len(told.finals) > 1 or (history.quiet and not told.finals):
        yield f"{len(told.finals)} finals"
    if told.finals and history.quiet and told.row.get("final_type") != client_type(told.finals[0].type):
        yield f"ended as {told.finals[0].type}, recorded as {told.row.get('final_type')}"


def _archive(history: History, told: Told) -> Iterator[str]:
    if not (told.finals and told.row.get("archive")):
        return
    frames = zlib.decompress(SEALER.open(told.row["archive"], _aad(told.consult)))
    expected = (frame_of(event_of(said.envelope, seq), CURSORS) for seq, said in enumerate(told.shown, start=1))
    if frames != b"".join(expected):
        yield "the archive is not what was shown"


def _order(history: History, told: Told) -> Iterator[str]:
    kinds = [client_type(said.type) for said in told.shown]
    if kinds and kinds[0] != "consult.accepted":
        yield f"begins with {kinds[0]}"
    if kinds.count("consult.accepted") > 1:
        yield "was accepted twice"
    agents = [number for number, kind in enumerate(kinds) if kind.startswith("agent.")]
    if agents and "triage.assessed" not in kinds[: agents[0]]:
        yield f"{kinds[agents[0]]} before triage"
    once = [(said.type, said.attempt, said.data.get("agent")) for said in told.shown if said.type in _ONCE]
    if len(once) != len(set(once)):
        yield f"said twice: {[each for each in once if once.count(each) > 1]}"


_ONCE = {
    kind.TYPE
    for kind in (events.TriageAssessed, events.RouteDecided, events.AgentStarted, events.AgentCompleted, events.AgentFailed)
}


def _coverage(history: History, told: Told) -> Iterator[str]:
    if not told.finals or told.finals[0].data["answer"] is None:
        return
    final = told.finals[0]
    plans = [Plan.model_validate(said.data) for said in told.of(Plan, told.cases) if said.attempt == final.attempt]
    if not plans:
        yield "an answer without a plan"
        return
    agents = [entry["agent"] for entry in final.data["coverage"]]
    if sorted(agents) != sorted({*plans[0].asked, *plans[0].unavailable}):
        yield f"coverage {agents} of {plans[0].asked} and {list(plans[0].unavailable)}"
    stood = {
        said.data["specialist"]
        for said in told.of(OpinionGiven, told.cases)
        if said.attempt == final.attempt and said.data["opinion"] and said.stored.at <= final.stored.at
    }
    answered = {entry["agent"] for entry in final.data["coverage"] if entry["status"] == "answered"}
    if not answered <= stood:
        yield f"answered {answered}, but only {stood} stood"
    reading = READER.read(_question(told))
    least = assess(reading, reading.patient, RULES, _question(told)).level
    if events.Answer.model_validate(final.data["answer"]).triage.level.urgency < least.urgency:
        yield "the final is less urgent than the rules"


def _honest(history: History, told: Told) -> Iterator[str]:
    """Nobody is said not to have answered in time who was never asked, as far as whoever asks was well."""
    if not told.finals or history.harm & {"crash:orchestrator", "pause:orchestrator", "lost:orchestrator"}:
        return
    asked = {(said.attempt, said.data["specialist"]) for said in told.tasks}
    for entry in told.finals[0].data["coverage"]:
        if entry["status"] == "timed_out" and (told.finals[0].attempt, entry["agent"]) not in asked:
            yield f"{entry['agent']} {entry['reason']}, but was not asked"


def _question(told: Told) -> str:
    return SubmitConsult.model_validate(told.submits[0].data).message


def _late(history: History, told: Told) -> Iterator[str]:
    """What was handled after the end, or when a newer attempt was planned, is marked, unless the end counted it."""
    if not (told.finals and history.quiet):
        return
    final = told.finals[0]
    marked = {(said.attempt, said.data["agent"]) for said in told.of(events.AgentLate)}
    counted = {(final.attempt, entry["agent"]) for entry in final.data["coverage"] if entry["status"] in {"answered", "failed"}}
    began = history.server.durables[subjects.CASES, "aggregator"].began
    plans = told.of(Plan, told.cases)
    for said in told.of(OpinionGiven, told.cases):
        over = [final.stored.at, *(plan.stored.at for plan in plans if plan.attempt > said.attempt)]
        who = (said.attempt, said.data["specialist"])
        if began.get(said.stored.seq, 0.0) > min(over) and who not in counted | marked:
            yield f"the opinion of {who} came too late and is not marked"


def _text(history: History, told: Told) -> Iterator[str]:
    """The text that was said in the merge that made the final is whole, in order, and the final's."""
    claims = told.of(MergeClaimed, told.cases)
    numbers = [said.stored.subject.rpartition(".")[2] for said in claims]
    if len(numbers) != len(set(numbers)):
        yield f"merge numbers {numbers}"
    if not told.finals or told.finals[0].data["answer"] is None:
        return
    final, before = told.finals[0], told.shown[:-1]
    own = [int(said.stored.subject.rpartition(".")[2]) for said in claims if said.stored.by == final.stored.by]
    if not own:
        yield "the final's merge was not claimed"
        return
    if not any(said.data["merge"] == own[-1] for said in told.of(events.AnswerCompleted, before)):
        yield "the final came without its answer.completed"
        return
    text = [said.data["text"] for said in told.of(events.AnswerDelta, before) if said.data["merge"] == own[-1]]
    whole = [part for part, _ in answer_text(events.Answer.model_validate(final.data["answer"]))]
    if text != whole:
        yield f"the text of merge {own[-1]} has {len(text)} of {len(whole)} pieces, or others"
    if not history.harm & {"pause:aggregator", "lost:aggregator", "crash:aggregator"}:
        said_of = [said.data["merge"] for said in told.of(events.AnswerDelta, before)]
        if said_of != sorted(said_of) or (said_of and said_of[-1] != own[-1]):
            yield f"text of merges {said_of} interleaves, the final is of {own[-1]}"


def _in_time(history: History, told: Told) -> Iterator[str]:
    """With the outer deadline on the bus, the aggregator well and a network without slow requests, the final comes in time."""
    if not told.finals or history.weather.name not in {"calm", "deadly", "frozen", "stores"}:
        return
    if history.harm & {"crash:aggregator", "pause:aggregator", "lost:aggregator", "jump"}:
        return
    final_s = told.finals[0].stored.at
    outer = [said for said in told.of(DeadlineReached, told.deadlines) if said.data["outer"] and said.stored.headers]
    for said in outer:
        due_s = _second(said.envelope["deadline_at"]) + OUTER_SPARE_S
        limit_s = max(due_s, said.stored.at) + PROMPT_S
        newer = any(each.stored.at > said.stored.at and each.stored.at < limit_s for each in outer)
        if final_s > limit_s and not newer:
            yield f"the final came at {final_s:.2f} s, the outer deadline was due at {due_s:.2f} s"


def _second(at: str) -> float:
    from datetime import datetime

    return datetime.fromisoformat(at).timestamp() - EPOCH


def _cancelled(history: History, told: Told) -> Iterator[str]:
    """Who heard of a cancellation did not go on."""
    for at, subject, process in history.server.told:
        if matches(subjects.cancel(told.consult), subject):
            for work in history.cast.work:
                if work.consult == told.consult and work.process is process and work.began < at < work.ended:
                    yield f"{process.name} went on after the cancellation"


CHECKS = (_one_final, _archive, _order, _coverage, _honest, _late, _text, _in_time, _cancelled)
