"""Golden JSON of every message: what was released keeps parsing. Renew with `pytest --update-golden` and review like code."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import pytest

from consilium_common.contracts import commands, events
from consilium_common.contracts.base import Message
from consilium_common.contracts.envelope import Envelope, wrap
from support.samples import SAMPLES

GOLDEN = Path(__file__).parent / "golden"


def every_message():
    found = {
        value
        for module in (commands, events)
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, Message) and "TYPE" in vars(value)
    }
    return sorted(found, key=lambda message: message.TYPE)


def test_types_are_named_versioned_and_unique():
    types = [message.TYPE for message in every_message()]
    assert len(set(types)) == len(types)
    assert all(name.startswith("consilium.") and name.endswith(".v1") for name in types)


@pytest.mark.parametrize("message", every_message(), ids=lambda message: message.TYPE)
def test_what_was_released_keeps_parsing(message, request):
    path = GOLDEN / f"{message.TYPE}.json"
    sample = SAMPLES[message]
    if request.config.getoption("--update-golden"):
        path.write_text(json.dumps(sample.model_dump(mode="json"), indent=1, sort_keys=True, ensure_ascii=False) + "\n")
    released = json.loads(path.read_text())
    assert message.model_validate(released) == sample
    assert message.model_validate({**released, "added_later": 1}) == sample, "unknown fields are ignored"


def test_an_envelope_survives_the_wire_and_its_effects_name_their_cause():
    deadline = datetime(2030, 1, 1, tzinfo=UTC)
    first = wrap(SAMPLES[commands.SubmitConsult], "gateway", correlation_id="c_1", deadline_at=deadline, attempt=2)
    second = first.caused(SAMPLES[events.TriageAssessed], "orchestrator")
    assert Envelope.model_validate_json(second.model_dump_json()) == second
    assert (second.causation_id, second.correlation_id, second.attempt, second.deadline_at) == (first.id, "c_1", 2, deadline)


def test_client_names_carry_no_version():
    assert events.client_type("consilium.agent.timed_out.v1") == "agent.timed_out"
    assert {"consult.completed", "consult.incomplete", "consult.failed", "consult.cancelled"} == events.FINAL_NAMES
    assert get_args(commands.Audience) == ("patient", "clinician")
