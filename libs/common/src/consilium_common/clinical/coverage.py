"""Who answered and who did not, and what that means for the answer."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from consilium_common.clinical.wording import listed
from consilium_common.contracts.answer import Coverage
from consilium_common.contracts.commands import OpinionGiven, Plan
from consilium_common.contracts.opinion import Confidence, Opinion

NO_DIAGNOSIS = "This is information, not a diagnosis. It cannot replace an examination by a clinician."
STORES = {
    "documents": "the record",
    "embedder": "the search by meaning",
    "graph": "the knowledge graph",
    "vectors": "the passage search",
}
# With one of two views missing, a quarter of the confidence goes; with nearly all missing, half.
LEAST_OF_MISSING = 0.5


def cover(plan: Plan, given: Mapping[str, OpinionGiven], timed_out: Collection[str]) -> tuple[Coverage, ...]:
    """Return for every agent that should have answered whether it did, in the order of their names."""
    return tuple(_entry(name, plan, given, timed_out) for name in sorted({*plan.asked, *plan.unavailable}))


def _entry(name: str, plan: Plan, given: Mapping[str, OpinionGiven], timed_out: Collection[str]) -> Coverage:
    if name in plan.unavailable:
        return Coverage(agent=name, status="unavailable", reason=plan.unavailable[name])
    answer = given.get(name)
    if answer is None:
        reason = "did not answer in time" if name in timed_out else "did not answer"
        return Coverage(agent=name, status="timed_out", reason=reason)
    if answer.opinion is None:
        return Coverage(agent=name, status="failed", reason=answer.problem.detail if answer.problem else "gave no opinion")
    return Coverage(agent=name, status="answered")


def confidence(opinions: Mapping[str, Opinion], coverage: Sequence[Coverage]) -> Confidence:
    """Rest on the surest opinion, lowered by the share of views that are missing."""
    if not opinions:
        return Confidence(value=0.0, basis="no specialist has given an opinion")
    surest = max(sorted(opinions), key=lambda name: opinions[name].confidence.value)
    missing = [entry.agent for entry in coverage if entry.status != "answered"]
    basis = f"{surest}: {opinions[surest].confidence.basis}"
    if missing:
        basis += f"; lowered, because the view of {listed(missing)} is missing"
    factor = LEAST_OF_MISSING + (1 - LEAST_OF_MISSING) * len(opinions) / len(coverage)
    return Confidence(value=round(opinions[surest].confidence.value * factor, 3), basis=basis)


def disclaimers(opinions: Mapping[str, Opinion], coverage: Sequence[Coverage]) -> Iterator[str]:
    """Yield what a reader must know: that this is no diagnosis, whose view is missing, what was not looked up."""
    yield NO_DIAGNOSIS
    for entry in coverage:
        if entry.status == "failed":
            yield f"The view of {entry.agent} is missing: {entry.reason}"
        elif entry.status != "answered":
            yield f"The view of {entry.agent} is missing: it {entry.reason}."
    skipped = sorted({STORES.get(store, store) for opinion in opinions.values() for store in opinion.degraded})
    if skipped:
        yield f"Not everything could be looked up: {listed(skipped)} did not answer. The answer rests on the rest."
