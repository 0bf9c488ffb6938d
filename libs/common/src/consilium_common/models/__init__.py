"""Clients of the models: embeddings now, chat models later."""
