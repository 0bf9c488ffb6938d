"""Tokens, tickets and encryption."""
