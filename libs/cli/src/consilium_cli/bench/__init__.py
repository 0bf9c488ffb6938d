"""Measuring Consilium beside plain nats-py, in one run on one machine."""
