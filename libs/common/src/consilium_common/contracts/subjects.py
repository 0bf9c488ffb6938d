"""Every subject and stream name of the bus, and nowhere else."""

PREFIX = "consilium.v1"

CONSULTS = "CONSULTS"
TASKS = "TASKS"
CASES = "CASES"
EVENTS = "EVENTS"
DEADLINES = "DEADLINES"
INGEST = "INGEST"
DEAD = "DEAD"
AGENTS_BUCKET = "AGENTS"

SUBMIT_ALL = f"{PREFIX}.consult.submit.>"
TASKS_ALL = f"{PREFIX}.specialist.*.assess.>"
CASES_ALL = f"{PREFIX}.case.>"
EVENTS_ALL = f"{PREFIX}.event.>"
DEADLINES_ALL = f"{PREFIX}.deadline.>"
DEADLINES_DUE = f"{PREFIX}.deadline.due.>"
INGEST_ALL = f"{PREFIX}.ingest.>"
DEAD_ALL = f"{PREFIX}.dead.>"
FINALS_ALL = f"{PREFIX}.event.*.*.final"
PLANS_ALL = f"{PREFIX}.case.*.*.plan"
OPINIONS_ALL = f"{PREFIX}.case.*.*.opinion.*"
EMBED = f"{PREFIX}.embed"


def submit(consult: str) -> str:
    """Return where a consult is submitted."""
    return f"{PREFIX}.consult.submit.{consult}"


def assess(specialist: str, consult: str) -> str:
    """Return where a specialist gets its task for a consult."""
    return f"{PREFIX}.specialist.{specialist}.assess.{consult}"


def profile(specialist: str) -> str:
    """Return where a running specialist shows its profile to whoever asks."""
    return f"{PREFIX}.specialist.{specialist}.profile"


def tasks_of(specialist: str) -> str:
    """Return the filter of one specialist's tasks."""
    return f"{PREFIX}.specialist.{specialist}.assess.>"


def tasks_of_consult(consult: str) -> str:
    """Return the filter of one consult's tasks, for purging them."""
    return f"{PREFIX}.specialist.*.assess.{consult}"


def plan(consult: str, attempt: int | str) -> str:
    """Return where an attempt's plan stands; '*' as attempt finds the plan of any."""
    return f"{PREFIX}.case.{consult}.{attempt}.plan"


def opinion(consult: str, attempt: int, specialist: str) -> str:
    """Return where one specialist's opinion stands."""
    return f"{PREFIX}.case.{consult}.{attempt}.opinion.{specialist}"


def case(consult: str) -> str:
    """Return the filter of all that stands of a consult's case, of whatever attempt."""
    return f"{PREFIX}.case.{consult}.>"


def is_plan(subject: str) -> bool:
    """Return whether a plan stands on a subject of a case."""
    return subject.endswith(".plan")


_CASE_ATTEMPT = plan("c", "*").split(".").index("*")


def merge(consult: str, attempt: int, number: int) -> str:
    """Return where the claim of the n-th merge stands."""
    return f"{PREFIX}.case.{consult}.{attempt}.merge.{number}"


def merges(consult: str) -> str:
    """Return the filter of a consult's claims, of whatever attempt."""
    return f"{PREFIX}.case.{consult}.*.merge.*"


def merge_number(subject: str) -> int:
    """Return which merge a claim's subject claims."""
    return int(subject.rpartition(".")[2])


def attempt_of(subject: str) -> int:
    """Return the attempt in the subject of a plan, an opinion or a claim."""
    return int(subject.split(".")[_CASE_ATTEMPT])


def step(gateway: str, consult: str, source: str) -> str:
    """Return where a service says what it does for a consult."""
    return f"{PREFIX}.event.{gateway}.{consult}.step.{source}"


def final(gateway: str, consult: str) -> str:
    """Return where the one final of a consult stands."""
    return f"{PREFIX}.event.{gateway}.{consult}.final"


def late(gateway: str, consult: str) -> str:
    """Return where what came too late is kept."""
    return f"{PREFIX}.event.{gateway}.{consult}.late"


def any_final(consult: str) -> str:
    """Return the filter of a consult's final, whichever gateway accepted it."""
    return f"{PREFIX}.event.*.{consult}.final"


def events_of_gateway(gateway: str) -> str:
    """Return the filter of all events of the consults that one gateway accepted."""
    return f"{PREFIX}.event.{gateway}.>"


def events_of_consult(consult: str) -> str:
    """Return the filter of one consult's events."""
    return f"{PREFIX}.event.*.{consult}.>"


def deadline_set(consult: str, attempt: int) -> str:
    """Return where a deadline is scheduled; attempt 0 is the outer one that the gateway sets."""
    return f"{PREFIX}.deadline.set.{consult}.{attempt}"


def deadline_due(consult: str, attempt: int) -> str:
    """Return where a deadline appears when it is due."""
    return f"{PREFIX}.deadline.due.{consult}.{attempt}"


def deadlines_of(consult: str) -> str:
    """Return the filter of a consult's deadlines, for cancelling them."""
    return f"{PREFIX}.deadline.*.{consult}.*"


def cancel(consult: str) -> str:
    """Return the core subject that tells running specialists to stop."""
    return f"{PREFIX}.cancel.{consult}"


def readers(consult: str) -> str:
    """Return the core subject on which a gateway answers while somebody reads this consult's events there."""
    return f"{PREFIX}.readers.{consult}"


CANCEL_ALL = f"{PREFIX}.cancel.*"


def dead(service: str) -> str:
    """Return where a service's dead letters go."""
    return f"{PREFIX}.dead.{service}"


def ingest_pack(specialist: str) -> str:
    """Return where a specialist's pack is announced for loading."""
    return f"{PREFIX}.ingest.pack.{specialist}"
