"""Loading knowledge into the graph: one owner's knowledge in one transaction, its older versions removed in the same.

Whoever reads meanwhile sees the older version until the new one is complete. Every relation carries its `owner` ('shared' or
a specialist) and `version`, so that what an owner no longer says is found and deleted.
"""

from typing import Any, LiteralString

from neo4j import AsyncManagedTransaction

from consilium_common.stores.graph import Graph, graph_errors
from consilium_common.stores.graph_rows import LINKS, GraphRows, Link

SHARED = "shared"
# What stands on every node and relation of the packs; imports name their own source, and their trust is `imported`.
OWN = {"source": "consilium", "trust": "curated", "licence": "as Consilium itself"}
BATCH = 1_000  # rows a statement: large enough to be quick, small enough for the server's transaction log

_KEYS = {"Condition": "key"}  # a condition is known by `<specialist>/<condition>`, everything else by its id
_LABELS = ("Condition", "Finding", "BodyPart", "Drug", "DrugClass", "Test", "Specialty", "Pack", "Term")

NODES: LiteralString = "UNWIND $rows AS row MERGE (n:{label} {{{key}: row.id}}) SET n += row.properties"
RELATIONS: LiteralString = """
UNWIND $rows AS row
MATCH (a:{start} {{{start_key}: row.start}})
MATCH (b:{end} {{{end_key}: row.end}})
MERGE (a)-[r:{kind} {{owner: $owner, key: row.key}}]->(b)
SET r += row.properties, r.version = $version
"""
_OLD_RELATIONS: LiteralString = (
    "MATCH (:{start})-[r:{kind}]->(:{end}) WHERE r.owner = $owner AND r.version <> $version DELETE r"
)
_OLD_CONDITIONS: LiteralString = "MATCH (c:Condition) WHERE c.specialist = $owner AND c.version <> $version DETACH DELETE c"
_PACK: LiteralString = "MERGE (p:Pack {id: $owner}) SET p.version = $version"


async def ensure_constraints(graph: Graph) -> None:
    """Create what is missing of constraints and indexes. Safe to run from every service at once.

    Raises:
        StoreError: when the graph does not answer.
    """
    statements = [
        f"CREATE CONSTRAINT {label.lower()}_{key_of(label)} IF NOT EXISTS FOR (n:{label}) REQUIRE n.{key_of(label)} IS UNIQUE"
        for label in _LABELS
    ]
    statements.append("CREATE INDEX condition_specialist IF NOT EXISTS FOR (n:Condition) ON (n.specialist)")
    with graph_errors():
        async with graph.driver.session(database=graph.database) as session:
            for statement in statements:
                await (await session.run(statement)).consume()


async def load(graph: Graph, owner: str, version: str, rows: GraphRows) -> None:
    """Make the graph say what `rows` say for this owner, and nothing older.

    Raises:
        StoreError: when the graph does not answer, or somebody else loaded at the same moment (retryable).
    """
    for row in rows.nodes["Condition"].values():
        row["version"] = version

    async def work(tx: AsyncManagedTransaction) -> None:
        for label, nodes in rows.nodes.items():
            listed = [{"id": key, "properties": {**properties, **OWN}} for key, properties in nodes.items()]
            await run_rows(tx, NODES.format(label=label, key=key_of(label)), listed)
        for link, relations in rows.relations.items():
            listed = [
                {"start": start, "end": end, "key": key, "properties": {**properties, **OWN}}
                for (start, end, key), properties in relations.items()
            ]
            await run_rows(tx, fill(RELATIONS, link), listed, owner=owner, version=version)
        for link in LINKS:
            await tx.run(fill(_OLD_RELATIONS, link), owner=owner, version=version)
        await tx.run(_OLD_CONDITIONS, owner=owner, version=version)
        await tx.run(_PACK, owner=owner, version=version)

    with graph_errors():
        async with graph.driver.session(database=graph.database) as session:
            await session.execute_write(work)


async def run_rows(tx: AsyncManagedTransaction, query: LiteralString, rows: list[dict[str, Any]], **parameters: Any) -> None:
    """Run a statement over rows, so many at a time."""
    for start in range(0, len(rows), BATCH):
        await tx.run(query, rows=rows[start : start + BATCH], **parameters)


def fill(template: LiteralString, link: Link) -> LiteralString:
    """Put labels and type into a statement; they cannot be parameters, and come from `LINKS` only."""
    start, kind, end = link
    return template.format(start=start, kind=kind, end=end, start_key=key_of(start), end_key=key_of(end))


def key_of(label: str) -> str:
    """Return the property by which nodes of a label are known."""
    return _KEYS.get(label, "id")
