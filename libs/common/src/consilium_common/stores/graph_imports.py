"""Imports in the graph: written batch by batch beside what the packs say, and removed when their source no longer has them.

Nodes of their own have keys that begin with `import/`; relations may also start or end at nodes of the packs, which are never
changed.
"""

from typing import LiteralString

from neo4j import AsyncManagedTransaction

from consilium_common.stores.errors import StoreError
from consilium_common.stores.graph import Graph, graph_errors
from consilium_common.stores.graph_loading import NODES, RELATIONS, fill, key_of, run_rows
from consilium_common.stores.graph_rows import AFFECTS, INTERACTS_WITH_DRUG, PRESENTS, TREATED_BY, GraphRows, Link

KIND_OF: Link = ("Condition", "KIND_OF", "Condition")
RESEMBLES: Link = ("Condition", "RESEMBLES", "Condition")
MEANS: Link = ("Term", "MEANS", "Finding")
LINKS: tuple[Link, ...] = (PRESENTS, AFFECTS, TREATED_BY, INTERACTS_WITH_DRUG, KIND_OF, RESEMBLES, MEANS)
LABELS = ("Condition", "Finding", "BodyPart", "Drug", "Term")

_COUNT_NODES: LiteralString = (
    "MATCH (n:{label}) WHERE n.trust = 'imported' AND n.source = $source AND n.version = $version RETURN count(n) AS n"
)
_COUNT_RELATIONS: LiteralString = (
    "MATCH (:{start})-[r:{kind}]->(:{end}) WHERE r.owner = $owner AND r.version = $version RETURN count(r) AS n"
)
_OLD_NODES: LiteralString = (
    "MATCH (n:{label}) WHERE n.trust = 'imported' AND n.source = $source AND n.version <> $version "
    "DETACH DELETE n RETURN count(n) AS n"
)
_OLD_RELATIONS: LiteralString = (
    "MATCH (:{start})-[r:{kind}]->(:{end}) WHERE r.owner = $owner AND r.version <> $version DELETE r RETURN count(r) AS n"
)


async def write(graph: Graph, source: str, version: str, rows: GraphRows) -> None:
    """Write one batch in one transaction; what is there already is brought to this version.

    Raises:
        StoreError: when the graph does not answer, or a node of a pack is not there (retryable, nothing was written).
    """

    async def work(tx: AsyncManagedTransaction) -> None:
        for label, nodes in rows.nodes.items():
            listed = [{"id": key, "properties": {**properties, "version": version}} for key, properties in nodes.items()]
            await run_rows(tx, NODES.format(label=label, key=key_of(label)), listed)
        for link, relations in rows.relations.items():
            listed = [
                {"start": start, "end": end, "key": key, "properties": properties}
                for (start, end, key), properties in relations.items()
            ]
            query = fill(RELATIONS, link) + " RETURN count(r) AS n"
            result = await tx.run(query, rows=listed, owner=owner_of(source), version=version)
            placed = await result.single(strict=True)
            if placed["n"] != len(listed):
                raise StoreError("graph", "A pack is not in the graph as it was when the import began; run the import again.")

    with graph_errors():
        async with graph.driver.session(database=graph.database) as session:
            await session.execute_write(work)


async def remove_others(graph: Graph, source: str, version: str) -> int:
    """Remove what this source said in other versions and return how many nodes and relations that were.

    Raises:
        StoreError: when the graph does not answer.
    """
    return sum([await _sum(graph, template, source, version) for template in (_OLD_RELATIONS, _OLD_NODES)])


async def count(graph: Graph, source: str, version: str) -> tuple[int, int]:
    """Return how many nodes and relations of a version are there.

    Raises:
        StoreError: when the graph does not answer.
    """
    return await _sum(graph, _COUNT_NODES, source, version), await _sum(graph, _COUNT_RELATIONS, source, version)


def owner_of(source: str) -> str:
    """Return how the relations of a source are marked as its own."""
    return f"import/{source}"


async def _sum(graph: Graph, template: LiteralString, source: str, version: str) -> int:
    """Run a statement for every link, or for every label, and return the sum of what each returns as `n`."""
    statements = (
        [fill(template, link) for link in LINKS] if "{kind}" in template else [template.format(label=label) for label in LABELS]
    )
    total = 0
    with graph_errors():
        async with graph.driver.session(database=graph.database) as session:
            for statement in statements:
                result = await session.run(statement, source=source, owner=owner_of(source), version=version)
                total += (await result.single(strict=True))["n"]
    return total
