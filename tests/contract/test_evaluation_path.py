"""What is measured offline is what the services do: the same facts reach every specialist."""

from datetime import UTC, datetime

import pytest

from consilium_cli.evaluation.consilium import Consilium, load_consilium
from consilium_common.clinical.case_facts import gather_facts
from consilium_common.contracts.manifest import Profile
from consilium_common.specialist import load_specialist
from consilium_orchestrator.planning import case_view

MESSAGE = (
    "I am a 58 year old man with diabetes, I take warfarin and am allergic to penicillin. Crushing chest pain for 20 minutes, "
    "sweating, no fever. BP 150/90, heart rate 110, SpO2 93%."
)


@pytest.fixture(scope="module")
def consilium() -> Consilium:
    return load_consilium()


@pytest.mark.parametrize("name", ["cardiology", "gp", "neurology", "orthopedics"])
def test_no_scope_hides_what_ranking_uses(name: str, consilium: Consilium) -> None:
    reading, _, triage = consilium.triage(MESSAGE)
    pack = consilium.packs[name]
    view = case_view(
        Profile(manifest=load_specialist(f"consilium_{name}").manifest, knowledge_version="any"),
        consult_id="c_1",
        snapshot_id="s_1",
        question=MESSAGE,
        reading=reading,
        triage=triage,
        audience="clinician",
        now=datetime.now(UTC),
    )
    as_served = gather_facts(view.reading, view.patient, pack.ancestors, pack.medicines)
    as_measured = gather_facts(reading, reading.patient, pack.ancestors, pack.medicines)
    assert as_served == as_measured


def test_every_specialist_that_is_called_answers(consilium: Consilium) -> None:
    consulted = consilium.consult(MESSAGE)
    assert {entry.agent for entry in consulted.answer.coverage if entry.status == "answered"} == set(consulted.called)
    assert consulted.answer.triage.level.urgency >= consulted.triage.level.urgency
