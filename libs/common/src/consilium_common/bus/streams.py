"""The streams and the registry bucket: what is kept, for how long, and what the server enforces."""

from dataclasses import replace

import nats.errors
from nats.js.api import DiscardPolicy, KeyValueConfig, RetentionPolicy, StorageType, StreamConfig
from nats.js.errors import BadRequestError, BucketNotFoundError, NotFoundError

from consilium_common.bus.connection import Bus, BusError
from consilium_common.contracts import subjects

DAY_S = 24 * 3600
DUPLICATE_WINDOW_S = 120  # a handler that runs again does so within its ack wait times its tries, well below this
# A gateway reads each consult of another one by a consumer, and since 2.15 a server stops at 1,000 a stream by itself.
CONSUMERS_MAX = 100_000
STREAM_NAME_IN_USE = 10058

STREAMS: tuple[StreamConfig, ...] = (
    StreamConfig(name=subjects.CONSULTS, subjects=[subjects.SUBMIT_ALL], retention=RetentionPolicy.WORK_QUEUE, max_age=DAY_S),
    StreamConfig(
        name=subjects.TASKS,
        subjects=[subjects.TASKS_ALL],
        retention=RetentionPolicy.WORK_QUEUE,
        max_age=DAY_S,
        allow_msg_ttl=True,
    ),
    StreamConfig(
        name=subjects.CASES,
        subjects=[subjects.CASES_ALL],
        max_age=DAY_S,
        # One message a subject, and the first one wins: an opinion, a plan and a claim exist once whoever repeats it.
        max_msgs_per_subject=1,
        discard=DiscardPolicy.NEW,
        discard_new_per_subject=True,
        allow_direct=False,  # a direct get may be answered by a replica that is behind
    ),
    StreamConfig(
        name=subjects.EVENTS, subjects=[subjects.EVENTS_ALL], max_age=DAY_S, allow_direct=False, max_consumers=CONSUMERS_MAX
    ),
    StreamConfig(
        name=subjects.DEADLINES,
        subjects=[subjects.DEADLINES_ALL],
        retention=RetentionPolicy.WORK_QUEUE,
        max_age=DAY_S,
        allow_msg_schedules=True,
        allow_msg_ttl=True,
    ),
    StreamConfig(name=subjects.INGEST, subjects=[subjects.INGEST_ALL], retention=RetentionPolicy.WORK_QUEUE),
    StreamConfig(name=subjects.DEAD, subjects=[subjects.DEAD_ALL], max_age=30 * DAY_S),
)

INSTANCE_TTL_S = 10


async def ensure_streams(bus: Bus) -> None:
    """Create what is missing and bring what exists to this version's settings. Safe to run from every service at once.

    Raises:
        BusError: when JetStream refuses or does not answer in time.
    """
    try:
        await _ensure(bus)
    except (nats.errors.Error, TimeoutError) as error:
        raise BusError(f"JetStream did not take the streams of this version ({type(error).__name__}).") from error


async def _ensure(bus: Bus) -> None:
    for config in STREAMS:
        wanted = replace(config, storage=StorageType.FILE, num_replicas=bus.replicas, duplicate_window=DUPLICATE_WINDOW_S)
        try:
            await bus.js.add_stream(wanted)
        except BadRequestError as error:
            if error.err_code != STREAM_NAME_IN_USE:
                raise
            await bus.js.update_stream(wanted)
    try:
        await bus.js.key_value(subjects.AGENTS_BUCKET)
    except (BucketNotFoundError, NotFoundError):
        await bus.js.create_key_value(
            KeyValueConfig(bucket=subjects.AGENTS_BUCKET, limit_marker_ttl=INSTANCE_TTL_S, replicas=bus.replicas)
        )
