"""What production demands of NATS: every weakness is named with what to change, and nothing else is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from consilium_common.bus.demands import ServerState, Survey, judge
from consilium_common.settings import ServiceSettings

LED = {"cluster_size": 3, "leader": "n1"}


def varz(number: int = 0, **wrong: object) -> dict[str, object]:
    """Return what a good server of a good cluster says; `wrong` changes parts of it."""
    said: dict[str, object] = {
        "server_id": f"ID{number}",
        "server_name": f"n{number}",
        "version": "2.15.1",
        "cluster": {"name": "consilium"},
        "jetstream": {"config": {"sync_interval": 120_000_000_000, "sync_always": True}, "meta": LED},
    }
    return said | wrong


def survey(*answers: dict[str, object] | None) -> Survey:
    asked = tuple(f"n{number}:8222" for number in range(len(answers)))
    silent = tuple(address for address, answer in zip(asked, answers, strict=True) if answer is None)
    return Survey(asked, silent, tuple(ServerState.of_varz(answer) for answer in answers if answer is not None))


def wrongs(heard: Survey, replicas: int = 3) -> list[str]:
    return [complaint.text for complaint in judge(heard, replicas)]


GOOD = (varz(0), varz(1), varz(2))
INTERVAL = {"config": {"sync_interval": 120_000_000_000}, "meta": LED}


def test_a_cluster_of_three_that_syncs_always_is_strong_enough() -> None:
    assert judge(survey(*GOOD), 3) == []


def test_one_server_of_three_may_be_away() -> None:
    assert judge(survey(*GOOD[:2], None), 3) == []
    (complaint,) = judge(survey(GOOD[0], None, None), 3)
    assert "n1:8222, n2:8222" in complaint.text
    assert complaint.passing, "servers that are still starting are waited for"


@pytest.mark.parametrize(
    ("heard", "replicas", "said"),
    [
        (survey(*GOOD), 1, "set NATS_REPLICAS=3"),
        (Survey(), 3, "NATS_MONITOR_URL is not set"),
        (survey(*GOOD[:2], varz(2, version="2.11.9")), 3, "n2 has version 2.11.9"),
        (survey(*GOOD[:2], varz(2, version="")), 3, "n2 has version unknown"),
        (survey(*GOOD[:2], varz(2, jetstream={})), 3, "n2 runs without JetStream"),
        (survey(*GOOD[:2], varz(2, jetstream=INTERVAL)), 3, "add `sync_interval: always`"),
        (survey(GOOD[0]), 3, "names 1 of 3 servers"),
    ],
)
def test_each_weakness_is_one_sentence_that_says_what_to_change(heard: Survey, replicas: int, said: str) -> None:
    (text,) = wrongs(heard, replicas)
    assert said in text


def test_all_wrongs_are_named_at_once() -> None:
    alone = varz(0, version="2.10.4", cluster={}, jetstream={"config": {"sync_interval": 1}})
    found = judge(survey(alone), 1)
    assert len(found) == 4
    assert not any(complaint.passing for complaint in found), "a server that is alone by its configuration stays alone"


@pytest.mark.parametrize(("meta", "said"), [({"cluster_size": 1}, "1 of at least 3"), ({"cluster_size": 3}, "has no leader")])
def test_a_cluster_that_is_still_forming_is_waited_for(meta: dict[str, int], said: str) -> None:
    young = {"config": {"sync_always": True}, "meta": meta}
    (complaint,) = judge(survey(*(varz(number, jetstream=young) for number in range(3))), 3)
    assert said in complaint.text
    assert complaint.passing


def test_a_server_that_is_named_twice_counts_once() -> None:
    old = varz(0, version="2.9.0")
    assert len(wrongs(survey(old, old, old))) == 1


@given(st.lists(st.sampled_from(["good", "interval", "old", "bare"]), min_size=3, max_size=5), st.integers(1, 5))
def test_nothing_weak_ever_passes(kinds: list[str], replicas: int) -> None:
    made = {"good": {}, "interval": {"jetstream": INTERVAL}, "old": {"version": "2.11.0"}, "bare": {"jetstream": {}}}
    heard = survey(*(varz(number, **made[kind]) for number, kind in enumerate(kinds)))
    complaints = wrongs(heard, replicas)
    for number, kind in enumerate(kinds):
        assert any(f"server n{number} " in text for text in complaints) == (kind != "good")
    assert any("NATS_REPLICAS" in text for text in complaints) == (replicas < 3)


def test_addresses_are_listed_with_commas_and_a_monitor_speaks_http() -> None:
    made = ServiceSettings(nats_url="nats://a, nats://b,", nats_monitor_url="http://a:8222,https://b", bus_key="k")
    assert made.nats_servers == ["nats://a", "nats://b"]
    assert made.nats_monitors == ["http://a:8222", "https://b"]
    with pytest.raises(ValidationError, match="http://nats-0:8222"):
        ServiceSettings(nats_url="nats://a", nats_monitor_url="http://a,b:8222", bus_key="k")
