"""Probes: what each says about a service and what it leans on."""

import asyncio

import httpx
import pytest

from consilium_common import probes


async def up():
    return True


async def down():
    return False


async def hangs():
    await asyncio.Event().wait()


async def ask(checks, path):
    transport = httpx.ASGITransport(probes.probes_app("aggregator", checks))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        return await client.get(path)


@pytest.mark.parametrize(
    ("checks", "status"),
    [({}, 200), ({"bus": up, "documents": down}, 200), ({"bus": down, "documents": up}, 503)],
)
async def test_health_rests_on_the_bus_alone(checks, status):
    answer = await ask(checks, "/health")
    assert answer.status_code == status
    assert answer.json() == {"service": "aggregator", "ready": status == 200}


async def test_details_name_what_is_down_and_what_hangs_counts_as_down(monkeypatch):
    monkeypatch.setattr(probes, "CHECK_TIMEOUT_S", 0.01)
    answer = await ask({"bus": up, "documents": down, "graph": hangs}, "/health/detailed")
    assert answer.status_code == 200
    assert answer.json()["status"] == "degraded"
    assert answer.json()["dependencies"] == {"bus": True, "documents": False, "graph": False}


async def test_metrics_are_in_the_form_that_prometheus_reads():
    answer = await ask({}, "/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    assert "# TYPE consilium_handled_total counter" in answer.text
