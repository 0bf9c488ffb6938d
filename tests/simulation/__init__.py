"""A deterministic simulation of consults: the real handlers, a simulated bus, simulated documents, and every kind of fault."""
