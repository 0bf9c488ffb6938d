"""Consults, views, packs and embeddings in a real document store."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pymongo
import pytest

from consilium_common.contracts.case import CaseView, Patient, Reading, Triage
from consilium_common.contracts.knowledge import TriageLevel
from consilium_common.security.sealing import Sealer, SealError
from consilium_common.settings import MongoSettings
from consilium_common.stores.case_views import CaseViews
from consilium_common.stores.consults import Consult, Consults
from consilium_common.stores.documents import Documents, now_ms, open_documents
from consilium_common.stores.embeddings import Embeddings, content_hash
from consilium_common.stores.errors import ConflictError, StoreError
from consilium_common.stores.indexes import ensure_indexes
from consilium_common.stores.packs import Packs
from consilium_common.testing.servers import Servers, free_port, local_values

SEALER = Sealer(b"k" * 32)


def consult(number: int = 1, **more: object) -> Consult:
    made = Consult(
        id=f"c_{number}",
        owner="owner",
        session_id="s_1",
        gateway="g1",
        body_sha256="aa",
        request=b"\x00sealed\xff",
        deadline_ms=2_000,
        idempotency_key=f"key-{number}",
        accepted_ms=1_000 + number,
    )
    return replace(made, **more)  # type: ignore[arg-type]


def view(view_id: str, specialist: str = "cardiology", expires_in_s: float = 60) -> CaseView:
    return CaseView(
        view_id=view_id,
        snapshot_id="s",
        consult_id="c_1",
        specialist=specialist,
        question="does it hurt?",
        reading=Reading(),
        patient=Patient(age_years=58),
        triage=Triage(level=TriageLevel.ROUTINE, within="", advice="", rules_version="1"),
        expires_at=datetime.now(UTC) + timedelta(seconds=expires_in_s),
    )


async def test_a_consult_comes_back_as_it_was_accepted(documents: Documents) -> None:
    consults = Consults(documents)
    accepted = await consults.accept(consult())
    assert accepted == consult()
    assert await consults.get("c_1") == accepted
    assert await consults.get("c_1", owner="owner") == accepted
    assert await consults.get("c_1", owner="somebody else") is None
    assert await consults.archive("c_1") is None


async def test_the_same_key_and_body_is_the_same_consult_also_at_once(documents: Documents) -> None:
    consults = Consults(documents)
    tries = [consult(number, idempotency_key="once") for number in range(8)]
    accepted = await asyncio.gather(*(consults.accept(each) for each in tries))
    assert len({each.id for each in accepted}) == 1


async def test_the_same_key_for_another_body_is_refused(documents: Documents) -> None:
    consults = Consults(documents)
    await consults.accept(consult(1, idempotency_key="once"))
    with pytest.raises(ConflictError, match="Idempotency-Key"):
        await consults.accept(consult(2, idempotency_key="once", body_sha256="bb"))
    other = await consults.accept(consult(3, idempotency_key="once", body_sha256="bb", owner="somebody else"))
    assert other.id == "c_3"


async def test_consults_without_a_key_never_meet(documents: Documents) -> None:
    consults = Consults(documents)
    first, second = [await consults.accept(consult(number, idempotency_key="")) for number in (1, 2)]
    assert (first.id, second.id) == ("c_1", "c_2")
    assert first.idempotency_key == ""


async def test_one_final_stands_whoever_comes_first(documents: Documents) -> None:
    consults = Consults(documents)
    await consults.accept(consult())
    tries = [consults.record_final("c_1", f"type-{n}", b"\x00e\xff" + bytes([n])) for n in range(6)]
    won = await asyncio.gather(*tries)
    assert sum(won) == 1
    recorded = await consults.get("c_1")
    assert recorded is not None
    assert recorded.final_type == f"type-{won.index(True)}"
    assert recorded.final_ms is not None
    assert await consults.archive("c_1") == b"\x00e\xff" + bytes([won.index(True)])
    assert not await consults.record_final("c_1", "late", b"")


async def test_an_unfinished_consult_is_leased_by_one_and_counted(documents: Documents) -> None:
    consults = Consults(documents)
    await consults.accept(consult(1))
    await consults.accept(consult(2))
    await consults.record_final("c_2", "done", b"")
    leased = await asyncio.gather(*(consults.lease_unfinished(now_ms(), lease_s=60) for _ in range(6)))
    taken = [each for each in leased if each is not None]
    assert [(each.id, each.attempts) for each in taken] == [("c_1", 2)]


async def test_a_lease_that_has_run_out_can_be_taken_again(documents: Documents) -> None:
    consults = Consults(documents)
    await consults.accept(consult(1))
    assert await consults.lease_unfinished(now_ms(), lease_s=-1) is not None
    again = await consults.lease_unfinished(now_ms(), lease_s=60)
    assert again is not None
    assert again.attempts == 3
    assert await consults.lease_unfinished(accepted_before_ms=1_001, lease_s=60) is None


async def test_an_owner_sees_the_newest_consults_first_page_by_page(documents: Documents) -> None:
    consults = Consults(documents)
    for number in range(5):
        await consults.accept(consult(number))
    first = await consults.of_owner("owner", limit=3)
    rest = await consults.of_owner("owner", limit=3, before_ms=first[-1].accepted_ms)
    assert [each.id for each in (*first, *rest)] == ["c_4", "c_3", "c_2", "c_1", "c_0"]


async def test_a_specialist_reads_its_own_view_only(documents: Documents) -> None:
    views = CaseViews(documents, SEALER)
    await views.insert([view("v_1"), view("v_2", "neurology")])
    await views.insert([])
    read = await views.get("v_1", "cardiology")
    assert read is not None
    assert read.patient.age_years == 58
    assert await views.get("v_1", "neurology") is None
    assert await views.get("v_3", "cardiology") is None


async def test_an_expired_view_is_gone_at_once(documents: Documents) -> None:
    views = CaseViews(documents, SEALER)
    await views.insert([view("v_1", expires_in_s=-1)])
    assert await views.get("v_1", "cardiology") is None


async def test_a_view_moved_to_another_specialist_does_not_open(documents: Documents) -> None:
    views = CaseViews(documents, SEALER)
    await views.insert([view("v_1")])
    await documents.database.case_views.update_one({"_id": "v_1"}, {"$set": {"specialist": "neurology"}})
    with pytest.raises(SealError):
        await views.get("v_1", "neurology")


async def test_the_views_of_a_consult_can_be_deleted(documents: Documents) -> None:
    views = CaseViews(documents, SEALER)
    await views.insert([view("v_1"), view("v_2", "neurology")])
    assert await views.delete_of_consult("c_1") == 2
    assert await views.get("v_1", "cardiology") is None


async def test_a_session_is_known_by_its_consults_and_to_its_owner_alone(documents: Documents) -> None:
    consults = Consults(documents)
    stored = await consults.accept(consult())
    assert await consults.has_session(stored.session_id, stored.owner)
    assert not await consults.has_session(stored.session_id, "somebody else")
    assert not await consults.has_session("s_other", stored.owner)


async def test_a_pack_is_stored_once_and_the_last_published_is_the_latest(documents: Documents) -> None:
    packs = Packs(documents)
    content = b'{"conditions": []}' * 10_000
    assert await packs.put("gp", "v1", content) == "gp:v1"
    await packs.put("gp", "v2", b"{}")
    await documents.database.packs.update_one({"_id": "gp:v2"}, {"$set": {"stored_ms": 1}})
    await packs.put("gp", "v1", content)
    assert await packs.get("gp", "v1") == content
    assert await packs.get("gp", "v3") is None
    assert await packs.latest() == {"gp": "v1"}


async def test_what_is_loaded_is_remembered(documents: Documents) -> None:
    packs = Packs(documents)
    assert await packs.loaded_version("gp") is None
    await packs.mark_loaded("gp", "v1")
    await packs.mark_loaded("gp", "v2")
    assert await packs.loaded_version("gp") == "v2"


async def test_embeddings_are_found_by_what_was_embedded(documents: Documents) -> None:
    embeddings = Embeddings(documents)
    first, second = content_hash("m", "one"), content_hash("m", "two")
    assert content_hash("other model", "one") != first
    await embeddings.put({first: b"\x01" * 1536})
    await embeddings.put({first: b"\x02" * 1536, second: b"\x03" * 1536})
    await embeddings.put({})
    assert await embeddings.get([first, second, "absent"]) == {first: b"\x01" * 1536, second: b"\x03" * 1536}


async def test_indexes_can_be_made_by_every_service_at_once(documents: Documents) -> None:
    await asyncio.gather(*(ensure_indexes(documents) for _ in range(4)))


@pytest.mark.usefixtures("servers_vanish")
async def test_a_store_that_is_away_is_a_retryable_error_and_no_hang() -> None:
    settings = MongoSettings(mongo_uri=f"mongodb://127.0.0.1:{free_port()}")  # type: ignore[arg-type]
    async with open_documents(settings) as documents:
        assert not await documents.ping()
        with pytest.raises(StoreError, match="MongoDB does not answer") as raised, pymongo.timeout(0.3):
            await Consults(documents).get("c_1")
    assert raised.value.retryable
    assert raised.value.store == "documents"


async def test_an_address_of_something_else_is_refused() -> None:
    with pytest.raises(StoreError, match="MONGO_URI"):
        async with open_documents(MongoSettings(mongo_uri="http://somewhere")):  # type: ignore[arg-type]
            pass


@pytest.mark.usefixtures("servers_vanish")
async def test_an_accepted_consult_survives_a_crash_of_the_local_server(servers: Servers, tmp_path: Path) -> None:
    server = servers.process("mongo", tmp_path)
    try:
        await asyncio.to_thread(server.start)
        settings = MongoSettings(mongo_uri=local_values(server)["MONGO_URI"])  # type: ignore[arg-type]
        async with open_documents(settings) as documents:
            await ensure_indexes(documents)
            accepted = [await Consults(documents).accept(consult(number)) for number in range(20)]
            server.kill()
            await asyncio.to_thread(server.start)
            assert [await Consults(documents).get(each.id) for each in accepted] == accepted
    finally:
        await asyncio.to_thread(server.stop)
