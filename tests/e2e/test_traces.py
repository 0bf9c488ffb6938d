"""One trace follows a consult through every service, and holds nothing that anybody said."""

from support.client import assert_whole
from support.stack import until


async def test_one_trace_follows_a_consult_through_every_service(stack, collector):
    async with stack.client() as client:
        accepted = await client.ask("I twisted my knee playing football and now it locks, quokkaberry")
        events = await client.events(accepted["consult_id"])
    assert_whole(events)
    (trace,) = {event.body["trace_id"] for event in events}
    until(lambda: collector.services_of(trace) >= {"gateway", "orchestrator", "orthopedics", "aggregator"}, 30)
    assert not [span for span in collector.spans if "quokkaberry" in span.attributes or "knee" in span.attributes]
