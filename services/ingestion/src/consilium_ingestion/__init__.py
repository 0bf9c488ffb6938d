"""Ingestion: what the documents in MongoDB say, brought into vectors and graph."""
