"""Neo4j: the connection, and the questions that specialists ask of the knowledge graph, one round trip each."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any, LiteralString

from neo4j import READ_ACCESS, AsyncDriver, AsyncGraphDatabase, AsyncSession
from neo4j.exceptions import ConstraintError, DriverError, Neo4jError

from consilium_common.guard import Guard
from consilium_common.settings import GraphSettings
from consilium_common.stores.errors import StoreError

log = logging.getLogger(__name__)

READ_TIMEOUT_S = 3.0  # a query takes milliseconds; after this the specialist goes on without
CONNECT_TIMEOUT_S = 3.0
POOL = 32

# A patient's finding speaks for what the pack says of it and of the general finding that it is one of. IS_A is stored
# closed, so that one step reaches every ancestor; DISTINCT, because two findings may lead to the same general one.
# What was imported has no weights: it adds nothing to a score, and what rests on nothing else comes after everything curated.
_CONDITIONS_FOR: LiteralString = """
UNWIND $findings AS id
MATCH (:Finding {id: id})-[:IS_A*0..1]->(f:Finding)<-[r:PRESENTS]-(c:Condition)
WHERE c.specialist = $specialist
WITH DISTINCT c, f, r
WITH c, collect(DISTINCT f.id) AS found,
     sum(CASE WHEN r.trust = 'imported' THEN 0.0 ELSE log(r.present / r.elsewhere) END) AS score,
     max(CASE WHEN r.trust = 'imported' THEN 0 ELSE 1 END) AS curated
RETURN c.id AS condition, c.specialist AS specialist, c.name AS name, c.triage AS triage, found, score, curated
ORDER BY curated DESC, score DESC, condition LIMIT $limit
"""

_ALSO_PRESENTING: LiteralString = """
UNWIND $findings AS id
MATCH (:Finding {id: id})-[:IS_A*0..1]->(f:Finding)<-[r:PRESENTS]-(c:Condition)
WHERE NOT c.id IN $conditions
WITH DISTINCT c, f, r
WITH c, collect(DISTINCT f.id) AS found,
     sum(CASE WHEN r.trust = 'imported' THEN 0.0 ELSE log(r.present / r.elsewhere) END) AS score,
     max(CASE WHEN r.trust = 'imported' THEN 0 ELSE 1 END) AS curated
RETURN c.id AS condition, c.specialist AS specialist, c.name AS name, c.triage AS triage, found, score, curated
ORDER BY curated DESC, score DESC, condition, specialist LIMIT $limit
"""

_CONTRAINDICATIONS: LiteralString = """
UNWIND $facts AS id
MATCH (f:Finding {id: id})-[:IS_A*0..1]->(:Finding)<-[r:CONTRAINDICATED_IN]-(d:Drug)
WHERE d.id IN $drugs
RETURN d.id AS drug, f.id AS fact, 'contraindicated' AS kind, r.severity AS severity, r.why AS why, r.trust AS trust,
       r.source AS source
UNION
UNWIND $drugs AS id
MATCH (d:Drug {id: id})-[r:INTERACTS_WITH]-(o:Drug)
WHERE o.id IN $facts
RETURN d.id AS drug, o.id AS fact, 'interacts' AS kind, r.severity AS severity, r.why AS why, r.trust AS trust,
       r.source AS source
UNION
UNWIND $drugs AS id
MATCH (d:Drug {id: id})-[r:INTERACTS_WITH]->(:DrugClass)<-[:IN_CLASS]-(o:Drug)
WHERE o.id IN $facts AND o.id <> d.id
RETURN d.id AS drug, o.id AS fact, 'interacts' AS kind, r.severity AS severity, r.why AS why, r.trust AS trust,
       r.source AS source
UNION
UNWIND $drugs AS id
MATCH (d:Drug {id: id})-[:IN_CLASS]->(:DrugClass)<-[r:INTERACTS_WITH]-(o:Drug)
WHERE o.id IN $facts AND o.id <> d.id
RETURN d.id AS drug, o.id AS fact, 'interacts' AS kind, r.severity AS severity, r.why AS why, r.trust AS trust,
       r.source AS source
"""


_TERMS: LiteralString = """
UNWIND $findings AS id
MATCH (:Finding {id: id})<-[:MEANS]-(t:Term)
RETURN DISTINCT t.words AS words ORDER BY words LIMIT $limit
"""


@dataclass(frozen=True)
class Candidate:
    """A condition that findings speak for. `score` is the sum of ln(present / elsewhere) over what was `found`.

    One that is not `curated` rests on imports alone; its score is 0.
    """

    condition: str
    specialist: str
    name: str
    triage: str
    found: tuple[str, ...]
    score: float
    curated: bool = True


@dataclass(frozen=True)
class Caution:
    """Why a drug should not be used: `fact` is a finding, an allergy, or another drug that is taken.

    `kind` is 'contraindicated' (severity absolute or caution) or 'interacts' (critical, significant or minor). `listed_by` is
    the source of an imported one, whose severity may also be high-priority and which gives no reason.
    """

    drug: str
    fact: str
    kind: str
    severity: str
    why: str
    listed_by: str = ""


class Graph:
    """The knowledge graph. Every query takes parameters; nothing is put into its text."""

    def __init__(self, driver: AsyncDriver, database: str) -> None:
        self.driver = driver
        self.database = database
        self._guard = Guard("graph", lambda message: StoreError("graph", message), POOL)

    async def ping(self) -> bool:
        """Return whether the graph answers."""
        try:
            await self._read("RETURN 1 AS one")
        except StoreError as error:
            log.warning("graph does not answer", extra={"error": error.message})
            return False
        return True

    async def conditions_for(self, findings: Sequence[str], specialist: str, limit: int) -> list[Candidate]:
        """Return a specialist's conditions that these findings speak for, the best first.

        Raises:
            StoreError: when the graph does not answer in time.
        """
        rows = await self._read(_CONDITIONS_FOR, findings=list(findings), specialist=specialist, limit=limit)
        return [_candidate(row) for row in rows]

    async def also_presenting(self, conditions: Sequence[str], findings: Sequence[str], limit: int) -> list[Candidate]:
        """Return what else presents with these findings, in any specialist's pack, other than `conditions`.

        Raises:
            StoreError: when the graph does not answer in time.
        """
        rows = await self._read(_ALSO_PRESENTING, conditions=list(conditions), findings=list(findings), limit=limit)
        return [_candidate(row) for row in rows]

    async def contraindications(self, drugs: Sequence[str], facts: Sequence[str]) -> list[Caution]:
        """Return what speaks against these drugs given findings, allergies and drugs already taken.

        Raises:
            StoreError: when the graph does not answer in time.
        """
        rows = await self._read(_CONTRAINDICATIONS, drugs=list(drugs), facts=list(facts))
        return [_caution(row) for row in rows]

    async def terms_for(self, findings: Sequence[str], limit: int) -> list[str]:
        """Return other words for these findings, imported from what others publish.

        Raises:
            StoreError: when the graph does not answer in time.
        """
        rows = await self._read(_TERMS, findings=list(findings), limit=limit)
        return [row["words"] for row in rows]

    async def pack_version(self, owner: str) -> str | None:
        """Return the version of a specialist's pack, or of 'shared', that is in the graph.

        Raises:
            StoreError: when the graph does not answer in time.
        """
        rows = await self._read("MATCH (p:Pack {id: $owner}) RETURN p.version AS version", owner=owner)
        return rows[0]["version"] if rows else None

    async def _read(self, query: LiteralString, **parameters: Any) -> list[dict[str, Any]]:
        # Auto-commit: one round trip; a managed transaction takes three. A query that failed is not repeated, since the
        # specialist has its own deadline.
        async with self._guard.slot():
            with graph_errors():
                async with asyncio.timeout(READ_TIMEOUT_S), self._session() as session:
                    result = await session.run(query, parameters)
                    return await result.data()

    def _session(self) -> AsyncSession:
        return self.driver.session(database=self.database, default_access_mode=READ_ACCESS)


@asynccontextmanager
async def open_graph(settings: GraphSettings) -> AsyncIterator[Graph]:
    """Open the driver; it connects with the first query.

    Raises:
        StoreError: when NEO4J_URI is not an address.
    """
    if not settings.neo4j_uri.startswith(("bolt", "neo4j")):  # the driver would also take http, as a preview
        raise StoreError("graph", "NEO4J_URI is not usable; it begins with bolt:// or neo4j://.", False)
    driver = AsyncGraphDatabase.driver(
        settings.neo4j_uri,
        auth=(settings.neo4j_user, settings.neo4j_password.get_secret_value()),
        connection_timeout=CONNECT_TIMEOUT_S,
        connection_acquisition_timeout=CONNECT_TIMEOUT_S,
        max_connection_pool_size=POOL,
        max_transaction_retry_time=10.0,
        keep_alive=True,
    )
    async with driver:
        yield Graph(driver, settings.neo4j_database)


@contextmanager
def graph_errors() -> Iterator[None]:
    """Turn the driver's errors into StoreError."""
    try:
        yield
    except Neo4jError as error:
        # Two loads at once may both create the same node: one is refused, and right when it is repeated.
        again = error.is_retryable() or isinstance(error, ConstraintError)
        raise StoreError("graph", f"The graph refused a query ({error.code}).", retryable=again) from error
    except (DriverError, OSError, TimeoutError) as error:
        raise StoreError("graph", f"The graph does not answer ({type(error).__name__}).") from error


def _candidate(row: dict[str, Any]) -> Candidate:
    return Candidate(**{**row, "found": tuple(row["found"]), "curated": bool(row["curated"])})


def _caution(row: dict[str, Any]) -> Caution:
    listed_by = row["source"] if row["trust"] == "imported" else ""
    return Caution(row["drug"], row["fact"], row["kind"], row["severity"], row["why"], listed_by)
