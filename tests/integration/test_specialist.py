"""A whole specialist with its stores: an opinion from evidence, also when a store is away, and only from what it may see."""

from dataclasses import replace
from typing import Any

import pytest

from consilium_common.contracts.case import CaseView
from consilium_common.contracts.manifest import Limits, Manifest, Scope
from consilium_common.contracts.opinion import Opinion
from consilium_common.security.sealing import Sealer
from consilium_common.specialist import Specialist, runtime, tasks
from consilium_common.specialist.tasks import Progress
from consilium_common.stores.case_views import CaseViews
from consilium_common.stores.documents import open_documents
from consilium_common.stores.packs import Packs
from consilium_common.testing.servers import free_port
from consilium_embedder.model import Encode
from consilium_orchestrator.settings import OrchestratorSettings
from support.client import Event, assert_whole
from support.consilium import Consilium, Gateway, instantly, small_knowledge
from support.packs import condition, pack
from support.waiting import eventually, until

COUGH = condition("bronchitis", "a cough that stays for weeks after a cold", "cough")
KNEE = condition("meniscus", "a knee that locks after a twist", "knee-locking")
QUESTION = "I have a cough that does not go away, and I am sweating. I am 58 and take warfarin."


def a_whole_specialist(name: str) -> Specialist:
    manifest = Manifest(
        name=name, version="1.0.0", title="Test", scope=Scope(), data=("demographics",), limits=Limits(deadline_s=4)
    )
    return Specialist(manifest, pack(name, COUGH, KNEE))


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runtime, "load_shared", small_knowledge)
    monkeypatch.setattr(tasks, "WORTH_TELLING_S", 0.0)


async def ask(gateway: Gateway, name: str) -> list[Event]:
    await until(lambda: gateway.routes.service.registry.instances(name) > 0)
    accepted = await gateway.client.ask(QUESTION, specialists=[name])
    events = await gateway.client.events(accepted["consult_id"])
    assert_whole(events)
    return events


def opinion_in(events: list[Event]) -> dict[str, Any]:
    (completed,) = [event for event in events if event.type == "agent.completed"]
    return dict(completed.data["opinion"])


async def test_an_opinion_rests_on_every_store(consilium: Consilium, tag: str, encode: Encode) -> None:
    here = await consilium.usual()
    await consilium.embedder(encode)
    await consilium.ingestion()
    await consilium.whole_specialist(a_whole_specialist(tag))
    async with open_documents(consilium.settings(OrchestratorSettings, "test")) as documents:
        await eventually(lambda: Packs(documents).loaded_version(tag), 120)
    events = await ask(here, tag)
    (progress,) = [event.data for event in events if event.type == "agent.progress"]
    assert progress["step"] == "retrieved"
    assert progress["detail"] == "10 passages, 2 conditions", "five of each condition; both are linked to what was said"
    opinion = opinion_in(events)
    assert opinion["degraded"] == []
    assert opinion["differential"][0]["condition"] == "bronchitis"
    texts = COUGH.model_dump_json() + KNEE.model_dump_json()
    assert opinion["evidence"]
    assert all(each["quote"] in texts for each in opinion["evidence"] if each["kind"] == "knowledge")
    assert events[-1].type == "consult.completed"


@pytest.mark.usefixtures("servers_vanish")
@pytest.mark.parametrize("away", [("vectors",), ("graph",), ("graph", "vectors")])
async def test_a_store_that_is_away_is_named_and_the_opinion_is_there(
    consilium: Consilium, tag: str, away: tuple[str, ...]
) -> None:
    nowhere = {
        "vectors": {"milvus_uri": f"http://127.0.0.1:{free_port()}"},
        "graph": {"neo4j_uri": f"bolt://127.0.0.1:{free_port()}"},
    }
    here = await consilium.usual()
    await consilium.whole_specialist(a_whole_specialist(tag), **{k: v for name in away for k, v in nowhere[name].items()})
    events = await ask(here, tag)
    opinion = opinion_in(events)
    assert {*away, "embedder"} <= {*opinion["degraded"]}
    assert opinion["differential"][0]["condition"] == "bronchitis"
    assert any("looked up" in words for words in events[-1].data["answer"]["disclaimers"])


async def test_a_specialist_sees_what_its_manifest_names_and_nothing_else(consilium: Consilium, tag: str) -> None:
    views: dict[str, CaseView] = {}

    async def look(view: CaseView, vector: bytes | None, progress: Progress) -> Opinion:
        views[view.specialist] = view
        return await instantly(view, vector, progress)

    here = await consilium.usual()
    await consilium.specialist(f"{tag}_all", look)
    await consilium.specialist(f"{tag}_few", look, data=("demographics",))
    await consilium.specialist(f"{tag}_none", look, data=())
    accepted = await here.client.ask(QUESTION, specialists=[f"{tag}_all", f"{tag}_few", f"{tag}_none"])
    assert_whole(await here.client.events(accepted["consult_id"]))
    everything, few, none = (views[f"{tag}_{name}"] for name in ("all", "few", "none"))
    assert everything.patient.medications == ("warfarin",)
    assert everything.patient.age_years == few.patient.age_years == 58
    assert (few.patient.medications, few.reading.patient.medications) == ((), ())
    assert none.patient == none.reading.patient == type(none.patient)()
    assert len({view.snapshot_id for view in views.values()}) == 1, "all of the same patient at the same moment"
    assert len({view.view_id for view in views.values()}) == 3


async def test_nobody_opens_the_view_of_another(consilium: Consilium, tag: str) -> None:
    views: list[CaseView] = []

    async def look(view: CaseView, vector: bytes | None, progress: Progress) -> Opinion:
        views.append(view)
        return await instantly(view, vector, progress)

    here = await consilium.usual(**{tag: look})
    accepted = await here.client.ask(QUESTION, specialists=[tag])
    await here.client.events(accepted["consult_id"])
    (view,) = views
    key = consilium.settings(OrchestratorSettings, "test").bus_key.get_secret_value()
    async with open_documents(consilium.settings(OrchestratorSettings, "test")) as documents:
        stored = CaseViews(documents, Sealer.from_base64(key))
        assert await stored.get(view.view_id, tag) == view
        assert await stored.get(view.view_id, f"{tag}_other") is None
        row = await documents.database.case_views.find_one({"_id": view.view_id})
        assert b"cough" not in row["sealed"]


async def test_a_view_that_is_gone_fails_at_once(consilium: Consilium, tag: str) -> None:
    here = await consilium.usual(**{tag: instantly})
    desk_views: list[Any] = []

    async def gone(self: CaseViews, view_id: str, specialist: str) -> None:
        desk_views.append((view_id, specialist))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(CaseViews, "get", gone)
        accepted = await here.client.ask(QUESTION, specialists=[tag])
        events = await here.client.events(accepted["consult_id"])
    (failed,) = [event for event in events if event.type == "agent.failed"]
    assert failed.data["problem"]["code"] == "no-case-view"
    assert desk_views


async def test_what_a_field_knows_is_added_to_its_opinion(consilium: Consilium, tag: str) -> None:
    def ask_more(view: CaseView, opinion: Opinion) -> Opinion:
        return opinion.model_copy(update={"ask_next": (f"Do you know {view.specialist}?",)})

    here = await consilium.usual()
    await consilium.whole_specialist(replace(a_whole_specialist(tag), refine=ask_more))
    events = await ask(here, tag)
    assert opinion_in(events)["ask_next"] == [f"Do you know {tag}?"]
