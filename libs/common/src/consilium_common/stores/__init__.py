"""Thin edges over the official drivers: MongoDB, Milvus, Neo4j and Redis, each opened and closed in one place."""
