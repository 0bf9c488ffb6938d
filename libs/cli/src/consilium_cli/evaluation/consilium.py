"""How a case is judged without servers: the services' own pure steps, one after another, with every store left out.

Reading, triage and routing are the orchestrator's, ranking and opinions the specialists', merging the aggregator's. What Milvus
and Neo4j would add (passages and paths that suggest conditions) is missing, so what is measured is the packs in memory.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import entry_points

from consilium_cli.evaluation.timing import Stopwatch
from consilium_common.clinical.case_facts import gather_facts
from consilium_common.clinical.findings import FindingReader
from consilium_common.clinical.matching import Candidate, rank
from consilium_common.clinical.merge import merge
from consilium_common.clinical.opinion import form_opinion
from consilium_common.clinical.pack import CompiledPack
from consilium_common.clinical.routing import route
from consilium_common.clinical.second_reading import undenied
from consilium_common.clinical.triage import Rules, assess
from consilium_common.contracts.answer import Answer
from consilium_common.contracts.case import CaseView, Reading, RouteChoice, Triage
from consilium_common.contracts.commands import Audience, OpinionGiven, Plan
from consilium_common.contracts.knowledge import Condition
from consilium_common.contracts.opinion import Opinion
from consilium_common.errors import ConsiliumError
from consilium_common.knowledge import SharedKnowledge, load_shared, profile_of
from consilium_common.specialist import Specialist, load_specialist
from consilium_common.specialist.assessment import compiled

SPECIALISTS = "consilium.specialists"
NEVER = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Consulted:
    """Everything that a consult came to.

    `rules` is the word of the rules alone, `triage` that after the second reading, `answer.triage` the last one.
    """

    reading: Reading
    rules: Triage
    triage: Triage
    choices: tuple[RouteChoice, ...]
    candidates: Mapping[str, tuple[Candidate, ...]]
    answer: Answer

    @property
    def called(self) -> tuple[str, ...]:
        """Return who was called, the best first."""
        return tuple(choice.specialist for choice in self.choices)


class Consilium:
    """The specialists and the shared knowledge, ready to be asked."""

    def __init__(self, specialists: Iterable[Specialist], shared: SharedKnowledge, watch: Stopwatch | None = None) -> None:
        self.watch = watch or Stopwatch()
        self._specialists = {each.name: each for each in sorted(specialists, key=lambda each: each.name)}
        self._reader = FindingReader(shared.findings.values(), shared.medicines.values())
        self._rules_alone = Rules(shared.red_flags, shared.findings.values(), shared.medicines.values())
        self._rules = replace(self._rules_alone, word_weights=shared.word_weights)
        self._packs = {name: compiled(each, shared) for name, each in self._specialists.items()}
        self._profiles = [profile_of(each.manifest, each.pack, shared) for each in self._specialists.values()]
        self.versions = {"shared": shared.version, **{name: each.pack.version for name, each in self._specialists.items()}}

    @property
    def packs(self) -> Mapping[str, CompiledPack]:
        """Return the compiled packs by specialist."""
        return self._packs

    @property
    def conditions(self) -> tuple[tuple[str, Condition], ...]:
        """Return every condition with the specialist that holds it."""
        return tuple((name, each) for name, specialist in self._specialists.items() for each in specialist.pack.conditions)

    def triage(self, text: str) -> tuple[Reading, Triage, Triage]:
        """Return what is read, how urgent the rules find it, and how urgent it is after the second reading."""
        with self.watch.stage("reading"):
            reading = self._reader.read(text)
        with self.watch.stage("triage"):
            triage = assess(reading, reading.patient, self._rules, text)
        return reading, assess(reading, reading.patient, self._rules_alone, text), triage

    def called(self, text: str, reading: Reading, triage: Triage) -> tuple[RouteChoice, ...]:
        """Return who is called; nobody for what could not be read."""
        with self.watch.stage("routing"):
            return () if reading.insufficient else route(reading, triage, self._profiles, text)

    def consult(self, text: str, audience: Audience = "clinician") -> Consulted:
        """Return the answer to a text for a reader, and how it came about."""
        reading, rules, triage = self.triage(text)
        choices = self.called(text, reading, triage)
        given, candidates = {}, {}
        for name in (choice.specialist for choice in choices):
            with self.watch.stage("one opinion"):
                candidates[name], opinion = self._opinion(_view(name, text, reading, triage, audience))
            given[name] = OpinionGiven(specialist=name, opinion=opinion)
        plan = Plan(
            gateway="evaluation",
            snapshot_id="s_evaluation",
            audience=audience,
            triage=triage,
            reading=reading,
            patient=reading.patient,
            choices=choices,
            asked=tuple(given),
        )
        with self.watch.stage("merging"):
            answer = merge(plan, given).answer
        return Consulted(reading, rules, triage, choices, candidates, answer)

    def _opinion(self, view: CaseView) -> tuple[tuple[Candidate, ...], Opinion]:
        pack, specialist = self._packs[view.specialist], self._specialists[view.specialist]
        facts = gather_facts(view.reading, view.patient, pack.ancestors, pack.medicines)
        candidates = rank(facts, pack, heard=pack.words.speak_for(undenied(view.question, view.reading)))
        opinion = form_opinion(view, pack, facts, candidates)
        return candidates, specialist.refine(view, opinion) if specialist.refine else opinion


def load_consilium() -> Consilium:
    """Return the consilium of every installed specialist.

    Raises:
        ConsiliumError: when none is installed, or the knowledge of one is refused.
    """
    packages = sorted(entry.value.partition(".")[0] for entry in entry_points(group=SPECIALISTS))
    if not packages:
        raise ConsiliumError("no-specialists", "No specialist is installed, so there is nothing to evaluate.")
    return Consilium([load_specialist(package) for package in packages], load_shared())


def _view(specialist: str, text: str, reading: Reading, triage: Triage, audience: Audience) -> CaseView:
    """Return a view with all that the text says: ranking uses nothing that the installed specialists' scopes leave out."""
    return CaseView(
        view_id="v_evaluation",
        snapshot_id="s_evaluation",
        consult_id="c_evaluation",
        specialist=specialist,
        question=text,
        reading=reading,
        patient=reading.patient,
        triage=triage,
        audience=audience,
        expires_at=NEVER,
    )
